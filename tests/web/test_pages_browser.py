"""Every page in a real browser: axe, fingers and narrow screens, on a phone and a desk, light and dark."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from casework import (
    cases,
    children,
    concern_reports,
    consents,
    coordinations,
    logs,
    measures,
    meetings,
    relays,
    sign_ins,
)
from casework.access import Actor
from levels import guides as rules
from tests.factories import Town
from tests.web.browsers import PHONE, WIDTHS, axe, listen, served, stops

pytestmark = pytest.mark.browser


def furnish(town: Town) -> dict[str, str]:
    """A case at level 2 with something in every corner; answers the address of each page by its name."""
    case_id = town.case(services=("ppt", "health"))
    signal_id = town.worry(town.child(first="Ada"), strength="very_worried")
    with town.begin("teacher") as tx:
        measure_id = measures.plan(
            tx, case_id, measures.PlanMeasure("Lesegruppe", "Leser 20 minutter", town.people["teacher"])
        )
    with town.begin("teacher") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Snakket med mor om søvn.", "phone_call"))
    with town.begin("teacher") as tx:
        asked = [coordinations.Ask(town.services[name], "Råd om lesing.") for name in ("ppt", "health")]
        coordinations.invite(tx, case_id, tuple(asked))
    with town.begin("teacher") as tx:
        invited = {one.service_id: one.id for one in coordinations.of_case(tx, case_id)}
        consent_id = consents.of_case(tx, case_id)[0].id
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invited[town.services["ppt"]], coordinations.Reply("yes"))
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=3)
        called = (town.people["teacher"], town.people["adviser"])
        meeting_id = meetings.call(
            tx, case_id, meetings.CallMeeting("joint", at, at + timedelta(hours=1), called)
        )
    with town.begin("teacher") as tx:
        report_id = concern_reports.from_case(tx, case_id, concern_reports.SendReport("Redd for å gå hjem."))
    with town.begin("teacher") as tx:
        told = relays.OfferBaton(town.people["adviser"], "Nærmest nå", family_told_on=tx.today)
        baton_id = relays.offer(tx, case_id, told)
    with town.begin("teacher") as tx:
        page = cases.details(tx, case_id)
        step, child_id = page.steps[0].id, page.head.child.id
        guardian_id = children.guardians(tx, child_id)[0].id
    with town.begin("teacher") as tx:
        shielded = children.KeepGuardian("Anders Solvang", "father", phone="00 00 00 01", email="anders@example.test",
                                         protected_address=True)  # fmt: skip
        children.keep_guardian(tx, guardian_id, shielded)
    return _addresses(case_id, signal_id, measure_id, meeting_id, report_id, baton_id, consent_id,
                      invited[town.services["health"]], step, town.guide_id, child_id, guardian_id)  # fmt: skip


def _addresses(case: UUID, signal: UUID, measure: UUID, meeting: UUID, report: UUID, baton: UUID, consent: UUID,
               invitation: UUID, step: str, guide: UUID | None, child: UUID, guardian: UUID) -> dict[str, str]:  # fmt: skip
    about = f"/cases/{case}"
    return {
        "worklist": "/cases",
        "case": about,
        "step": f"{about}/steps/{step}",
        "level": f"{about}/level",
        "closing": f"{about}/close",
        "readers": f"{about}/readers",
        "guide in force": f"{about}/guide",
        "standing still": f"{about}/pause",
        "stepping aside": f"{about}/disqualification",
        "child view": f"{about}/child-views/new",
        "consents": f"{about}/consents",
        "asking": f"{about}/consents/new",
        "consent": f"/consents/{consent}",
        "inviting": f"{about}/services/new",
        "invitation": f"/invitations/{invitation}",
        "taking out": f"/invitations/{invitation}/withdraw",
        "new measure": f"{about}/measures/new",
        "measure": f"/measures/{measure}",
        "dropping": f"/measures/{measure}/drop",
        "calling": f"{about}/meetings/new",
        "meeting": f"/meetings/{meeting}",
        "moving": f"/meetings/{meeting}/move",
        "cancelling": f"/meetings/{meeting}/cancel",
        "baton": f"/batons/{baton}",
        "report from case": f"{about}/report",
        "report": f"/concern-reports/{report}",
        "reports": "/concern-reports",
        "signals": "/signals",
        "new signal": "/signals/new?q=Iben",
        "new signal about a child": f"/signals/new?child={child}",
        "nobody found": "/signals/new?q=Xyz",
        "searching": "/children?q=Xyz",
        "new child": "/children/new",
        "family": f"/children/{child}/family",
        "guardian": f"/guardians/{guardian}",
        "signal": f"/signals/{signal}",
        "settling": f"/signals/{signal}/resolve",
        "raising": f"/signals/{signal}/raise",
        "messages": "/notices",
        "letters": f"{about}/notices",
        "ways of being told": "/notices/choices",
        "guides": "/guides",
        "guide": f"/guides/{guide}",
        "invitations": "/invitations",
    }


OTHERS = {
    "adviser": ("/cases", "/invitations"),
    "principal": ("/units/signals", "/disqualifications"),
    "coordinator": ("/overview", "/deliveries", "/figures"),
    "administrator": ("/guides", "/guides/new", "/staff", "/staff/new", "/services", "/services/new"),
    "operator": ("/operations",),
    "worker": ("/concern-reports", "/emergency-reads", "/emergency-reads/new"),
}


@pytest.fixture
def house(make_site, town: Town):
    """The site's address, and where each page is."""
    places = furnish(town)
    with served(make_site(faults_reach_the_test=False)) as base:
        yield base, places


def sit(chromium, base: str, town: Town, name: str, width: int):
    """Somebody of the town at a screen."""
    with town.casework.begin(Actor.stranger()) as tx:
        token = sign_ins.start(tx, town.people[name], method="test")
    # Chromium does not tell when a disclosure has finished opening, so here it opens at once.
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="light",
        locale="nb-NO",
        base_url=base,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "stafetten", "value": token, "url": base}])
    return context


def faults_of(page, path: str) -> list[str]:
    """What would stop somebody on a page."""
    heard = listen(page)
    answer = page.goto(path)
    found = [f"{path}: {answer.status}"] if answer is None or answer.status != 200 else []
    faults = (*stops(page, re.sub(r"[^a-z]+", "-", path.lower())), *heard)
    return found + [f"{path}: {fault}" for fault in faults]


def test_no_page_stops_anybody(chromium, town: Town, house):
    base, places = house
    found: list[str] = []
    for name, paths in {"teacher": tuple(places.values()), **OTHERS}.items():
        context = sit(chromium, base, town, name, PHONE)
        page = context.new_page()
        for path in paths:
            found += faults_of(page, path)
        context.close()
    assert found == []


def test_the_validator_finds_nothing_on_any_page(validator, browse, town: Town):
    places = furnish(town)
    found: dict[str, list[str]] = {}
    for name, paths in {"teacher": tuple(places.values()), **OTHERS}.items():
        visitor = browse(name)
        found.update({path: validator.faults(visitor.get(path).html) for path in paths})
    assert not any(found.values()), {path: faults for path, faults in found.items() if faults}


@pytest.mark.parametrize("code", ["nb", "nn", "en"])
def test_every_page_is_whole_in_every_language(browse, town: Town, code: str):
    places = furnish(town)
    for name, paths in {"teacher": tuple(places.values()), **OTHERS}.items():
        visitor = browse(name)
        visitor.client.set_cookie("stafetten-language", code)
        for path in paths:
            assert f'lang="{code}"' in visitor.get(path).html[:200]


def test_an_administrator_is_told_each_fault_of_a_guide_and_keeps_the_text(browse, town: Town):
    administrator = browse("administrator")
    faulty = rules.library("tromso").replace("rung: 0", "rung: 7", 1)
    page = administrator.get("/guides/new")
    refused = administrator.submit(page, "guide-new", status=422, sector="all", source=faulty)
    assert refused.value("guide-new", "source").strip() == faulty.strip()
    assert "Linje" in refused.text
    mended = administrator.submit(refused, "guide-new", source=rules.library("tromso"))
    published = administrator.submit(mended, "guide-publish")
    assert "Gjelder nå" in published.text


@pytest.mark.parametrize("width", WIDTHS)
def test_every_place_of_a_long_menu_is_within_reach(chromium, town: Town, house, width: int):
    base, _places = house
    for name in ("principal", "administrator", "officer"):
        context = sit(chromium, base, town, name, width)
        page = context.new_page()
        page.goto("/")
        beside = page.locator("nav.nav > ul")
        assert beside.evaluate("e => e.scrollWidth <= e.clientWidth"), "nothing hides beyond the edge"
        shown = beside.locator("a:visible").all_inner_texts()
        if page.locator("nav.nav summary").is_visible():
            page.locator("nav.nav summary").click()
            assert axe(page, "nav.nav") == []
            shown += page.locator("nav.nav .sheet a:visible").all_inner_texts()
        assert len(shown) == len(set(shown)) == {"principal": 11, "administrator": 11, "officer": 6}[name]
        context.close()
