"""Four services at once, in the browser on Tromsø's guide: asked, silent, met, agreed, passed on, paused, reopened."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from casework import audit, cases, relays
from casework.access import Actor
from tests.journeys.people import PHONE, address_of, at_screen, letter_to, mailbox_of
from tests.machinery import Machinery, standing, wait_until
from tests.workflows.test_round_trip import everything_in_prefect

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("journeys")]
SERVICES = {"health": "nurse", "ppt": "adviser", "welfare": "worker", "kindergarten": "carer"}
SECRETS = ("Aksel", "Bråten", "Sitter alene", "Felles plan", "Samtalegruppe", "tegne mer")

REFUSED = re.compile("Ingenting er gått tapt|Du har ikke tilgang")


@pytest.fixture
def machinery() -> Iterator[Machinery]:
    """A house of its own: people leave their jobs here, and months pass."""
    with standing() as made:
        yield made


def test_four_services_are_asked_and_nothing_is_dropped(chromium, machinery: Machinery):
    case = raised_to_level_three(chromium, machinery)
    called_in_at_once(chromium, machinery, case)
    chased_while_silent(chromium, machinery, case)
    answered_late_after_all(chromium, machinery)
    meeting = time_agreed_and_moved(chromium, machinery, case)
    minutes_survive_a_dead_line(chromium, machinery, case, meeting)
    measures_are_looked_at_on_their_days(chromium, machinery, case)
    a_baton_nobody_takes_goes_to_the_leader(chromium, machinery, case)
    a_holder_leaves_and_drops_nothing(chromium, machinery, case)
    summer_stands_still_and_the_end_is_not_the_end(chromium, machinery, case)
    nobody_was_named(machinery)


def today(machinery: Machinery) -> date:
    with machinery.casework.begin(Actor.system()) as tx:
        tx.without_trail()
        return tx.today


def raised_to_level_three(browser, machinery: Machinery) -> str:
    town = machinery.town
    child = town.child(first="Aksel", last="Bråten", born=date(2017, 9, 5))
    made = town.case(child_id=child, services=tuple(SERVICES), to="2", when="samarbeid_andre_tjenester")
    case = f"/cases/{made}"
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(f"{case}/child-views/new").do("child-view", child_words="Jeg vil tegne mer.")
        teacher.open(f"{case}/level").do("level-change", way="opp", reason="Fire tjenester må trekke sammen.")
        teacher.open(case).reads("Flere tjenester sammen")
    return case


def called_in_at_once(browser, machinery: Machinery, case: str) -> None:
    town = machinery.town
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(f"{case}/services/new").do(
            "services-invite",
            services=[town.services[name] for name in SERVICES],
            needed="Felles plan for skoledagen.",
        )
    for service in ("health", "welfare"):
        link = letter_to(machinery, mailbox_of(machinery, service), about="invitations")
        with at_screen(browser, machinery, SERVICES[service], width=PHONE) as guest:
            guest.open(link).reads("Aksel Bråten", "Felles plan")
            guest.do("invitation-reply", answer="yes")
    link = letter_to(machinery, mailbox_of(machinery, "kindergarten"), about="invitations")
    with at_screen(browser, machinery, "carer", width=PHONE) as guest:
        guest.open(link).fill("invitation-reply", answer="no")
        guest.is_refused("invitation-reply", "Skriv hvorfor")
        guest.do("invitation-reply", message="Aksel går ikke her lenger. Spør helsestasjonen.")
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(case).reads("Takket nei")
        teacher.open(link).reads("Spør helsestasjonen.")


def chased_while_silent(browser, machinery: Machinery, case: str) -> None:
    """Nothing from PPT: the service is reminded, then its leader hears, then the coordinator, in working days."""
    town = machinery.town
    ppt = mailbox_of(machinery, "ppt")
    leader = address_of(machinery, town.people["ppt_leader"])
    coordinator = address_of(machinery, town.people["coordinator"])
    [(reply_by,)] = machinery.rows(
        "SELECT reply_by FROM invitations WHERE case_id = :c AND service_id = :s",
        c=case.rpartition("/")[2], s=town.services["ppt"],
    )  # fmt: skip
    before = {address: len(sent_to(machinery, address)) for address in (ppt, leader, coordinator)}

    def more() -> dict[str, int]:
        return {address: len(sent_to(machinery, address)) - number for address, number in before.items()}

    machinery.forward(days=(reply_by - today(machinery)).days + 1)
    later(machinery, lambda: more()[ppt] > 0)
    assert (more()[leader], more()[coordinator]) == (0, 0), "the service itself is asked first"
    machinery.forward(days=6)  # three working days and a weekend at most
    later(machinery, lambda: more()[leader] > 0)
    machinery.forward(days=4)
    later(machinery, lambda: more()[coordinator] > 0)
    assert "/overview" in sent_to(machinery, coordinator)[-1].plain
    with at_screen(browser, machinery, "coordinator") as watching:
        watching.open("/overview")
        assert "Aksel" not in watching.text


def sent_to(machinery: Machinery, address: str) -> list:
    return [one for one in machinery.letters() if one.to == address]


def later(machinery: Machinery, there) -> None:
    for flow in ("remind", "expire-deadlines"):
        machinery.tick(flow)
    wait_until(there, "the next letter")


def answered_late_after_all(browser, machinery: Machinery) -> None:
    link = letter_to(machinery, mailbox_of(machinery, "ppt"), about="invitations")
    with at_screen(browser, machinery, "adviser", width=PHONE) as guest:
        guest.open(link).do("invitation-reply", answer="yes")


def time_agreed_and_moved(browser, machinery: Machinery, case: str) -> str:
    day = today(machinery) + timedelta(days=7)
    days = {f"on_{n}": (day + timedelta(days=n)).isoformat() for n in range(3)}
    with at_screen(browser, machinery, "teacher") as teacher:
        times = teacher.open(f"{case}/meeting-proposals/new").do("times-propose", **days).path
    for name, answers in (("nurse", ("no", "yes", "maybe")), ("worker", ("no", "yes", "yes"))):
        with at_screen(browser, machinery, name, width=PHONE) as asked:
            asked.open(times).do("times-answer", **dict(zip(slots(asked), answers, strict=True)))
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(times).do("times-answer", **dict(zip(slots(teacher), ("yes", "yes", "no"), strict=True)))
        best = slots(teacher)[1].removeprefix("slot_")
        assert teacher.page.locator("#times-pick [name=slot_id]:checked").get_attribute("value") == best
        meeting = teacher.send("times-pick").path
    nurse = address_of(machinery, machinery.town.people["nurse"])
    entries = lambda: [one.calendar for one in sent_to(machinery, nurse) if one.calendar]  # noqa: E731
    wait_until(lambda: bool(entries()), "a calendar entry")
    first = entries()[-1]
    with at_screen(browser, machinery, "teacher") as teacher:
        moved_to = (day + timedelta(days=2)).isoformat()
        teacher.open(f"{meeting}/move").do("meeting-move", on=moved_to, reason="Vaktbytte")
    wait_until(lambda: entries()[-1] != first, "the calendar entry again")
    assert uid(entries()[-1]) == uid(first)
    assert f"DTSTART:{moved_to.replace('-', '')}" in entries()[-1]
    assert "Aksel" not in "".join(entries())
    return meeting


def slots(person) -> list[str]:
    found = person.page.locator("#times-answer [name^=slot_]").evaluate_all("all => all.map(e => e.name)")
    return list(dict.fromkeys(found))


def uid(entry: str) -> str:
    return next(line for line in entry.splitlines() if line.startswith("UID"))


def minutes_survive_a_dead_line(browser, machinery: Machinery, case: str, meeting: str) -> None:
    machinery.forward(days=10)
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(meeting).reads("Jeg vil tegne mer.")
        teacher.fill("meeting-hold", minutes="Aksel vil tegne mer.", title_0="Samtalegruppe", goal_0="Trives")
        teacher.fill("meeting-hold", responsible_id_0=machinery.town.people["nurse"])
        teacher.fill("meeting-hold", evaluate_on_0=(today(machinery) + timedelta(days=30)).isoformat())
        teacher.fill("meeting-hold", title_1="Tegnehjørne", goal_1="Et sted å være")
        teacher.fill("meeting-hold", responsible_id_1=machinery.town.people["teacher"])
        teacher.fill("meeting-hold", evaluate_on_1=(today(machinery) + timedelta(days=30)).isoformat())
        teacher.context.set_offline(True)
        teacher.page.locator("#meeting-hold button[value=hold]").click()
        expect(teacher.page.locator("body")).to_contain_text("Ingen kontakt med tjeneren")
        teacher.context.set_offline(False)
        assert teacher.page.locator("#meeting-hold [name=minutes]").input_value() == "Aksel vil tegne mer."
        with teacher.page.expect_navigation():
            teacher.page.locator("#meeting-hold button[value=hold]").click()
        teacher.reads("Aksel vil tegne mer.", "Samtalegruppe", "Tegnehjørne")
        teacher.heard.clear()  # the browser tells of the line that was cut
    with at_screen(browser, machinery, "nurse") as nurse:
        nurse.open(case).reads("Samtalegruppe", "Tegnehjørne")


def measures_are_looked_at_on_their_days(browser, machinery: Machinery, case: str) -> None:
    machinery.forward(days=31)
    later(machinery, lambda: True)
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(case)
        for measure in teacher.links("/measures/"):
            teacher.open(measure).fill("measure-evaluate", result="on_the_way", onward="continue")
            teacher.is_refused("measure-evaluate", "Skriv barnets ord, eller hvorfor barnet ikke er spurt")
            teacher.do("measure-evaluate", child_said="Det er finere i timene nå.")
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(f"{case}/level").reads("Vi fortsetter på samme nivå")
        teacher.do("level-change", way="fortsett", reason="Tiltakene virker, men er ikke ferdige.")
        teacher.open(case).reads("Flere tjenester sammen")


def a_baton_nobody_takes_goes_to_the_leader(browser, machinery: Machinery, case: str) -> None:
    with at_screen(browser, machinery, "teacher") as teacher:
        stale = teacher.open(f"{case}/level").page
        teacher.fill("level-change", way="ned_2", reason="Færre kan klare det.")
        teacher.page = teacher.context.new_page()
        teacher.open(f"{case}/baton").do(
            "baton-offer", to_id=machinery.town.people["nurse"], reason="Nærmest nå",
            family_told_on=today(machinery).isoformat(),
        )  # fmt: skip
        machinery.forward(days=12)
        later(machinery, lambda: holder(machinery, case) == machinery.town.people["principal"])
        teacher.open(
            "/cases"
        )  # the session has ended meanwhile; signing in again in another tab is the advice
        for _ in range(2):  # a page of an ended session may first ask to be saved once more
            stale.locator("#level-change button[type=submit]").last.click()
            expect(stale.locator("body")).to_contain_text(REFUSED)
            assert stale.locator("#level-change [name=reason]").input_value() == "Færre kan klare det."
        expect(stale.locator("body")).to_contain_text("Du har ikke tilgang")
        stale.close()


def holder(machinery: Machinery, case: str):
    return machinery.rows("SELECT holder_id FROM cases WHERE id = :c", c=case.rpartition("/")[2])[0][0]


def a_holder_leaves_and_drops_nothing(browser, machinery: Machinery, case: str) -> None:
    town = machinery.town
    with at_screen(browser, machinery, "principal") as principal:
        principal.open(f"{case}/baton").do(
            "baton-offer", to_id=town.people["colleague"], reason="Kjenner klassen",
            family_told_on=today(machinery).isoformat(),
        )  # fmt: skip
    link = letter_to(machinery, address_of(machinery, town.people["colleague"]), about="batons")
    with at_screen(browser, machinery, "colleague", width=PHONE) as colleague:
        colleague.open(link).send("baton-accept")
    assert holder(machinery, case) == town.people["colleague"]
    with at_screen(browser, machinery, "administrator") as administrator:
        administrator.open(f"/staff/{town.people['colleague']}/leave")
        assert "Aksel" not in administrator.text
        administrator.do("staff-leave", reason="Har sluttet")
    assert holder(machinery, case) == town.people["principal"]
    none = "SELECT 1 FROM cases c JOIN practitioners p ON p.id = c.holder_id WHERE c.state <> 'closed' AND p.left_on < now()"
    assert machinery.rows(none) == []


def summer_stands_still_and_the_end_is_not_the_end(browser, machinery: Machinery, case: str) -> None:
    until = today(machinery) + timedelta(days=45)
    with at_screen(browser, machinery, "principal") as principal:
        principal.open(f"{case}/pause").do("case-pause", until=until.isoformat(), reason="Sommerferie")
        principal.open(case).reads("Sommerferie")
    machinery.forward(days=20)
    later(machinery, lambda: True)
    with machinery.town.begin("principal") as tx:
        page = cases.details(tx, case.rpartition("/")[2])
    assert [due.due for due in page.due if due.target_on <= until] == [], (
        "no clock runs out while it stands still"
    )
    machinery.forward(days=27)
    with at_screen(browser, machinery, "principal") as principal:
        principal.open(case)
        for measure in principal.links("/measures/"):
            principal.open(measure)
            if principal.page.locator("#measure-evaluate").count():
                principal.do(
                    "measure-evaluate", result="reached", onward="end", child_said="Jeg har det bra."
                )
        principal.open(f"{case}/child-views/new").do("child-view", child_words="Jeg klarer meg.")
        principal.open(f"{case}/close").do("case-close", reason="Målene er nådd.", child_words="Bra nok.")
        principal.open(case).reads("Saken er avsluttet")
        principal.open(f"{case}/reopen").do("case-reopen", to="1", reason="Aksel gruer seg igjen.")
        principal.open(case).reads("Innsats i egen avdeling")
    with machinery.town.begin("principal") as tx:
        assert relays.offered_to_me(tx) == []


def nobody_was_named(machinery: Machinery) -> None:
    wait_until(lambda: not machinery.rows("SELECT 1 FROM outbox WHERE done_at IS NULL"), "an empty outbox")
    held = everything_in_prefect(machinery)
    assert [secret for secret in SECRETS if secret in held] == []
    assert [one.to for one in machinery.letters() if any(secret in one.text for secret in SECRETS)] == []
    with machinery.casework.begin(Actor.system()) as tx:
        assert audit.verify(tx) == []
        tx.without_trail()
