"""Who comes in on which page, and whose act is done: the whole of web, compared with a table made by hand."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from werkzeug.routing import Rule

from casework import Casework, sign_ins
from casework.access import Actor
from levels import consent_texts
from tests.access.marks import Told
from tests.access.world import (
    AT_OWN_DOORS,
    FAMILY,
    PEOPLE,
    SITUATIONS,
    World,
    asked_at,
    build,
    differences,
    nothing_stays,
    table,
)
from tests.web.conftest import dressed, make_site, site  # noqa: F401

TABLE = Path(__file__).with_name("pages.txt")
# Pages for anybody, before signing in or without a file: their own tests say what they do.
OPEN = (
    "assets.", "sign_ins.", "start.", "styleguide.", "mailbox.", "drafts.", "meetings.feed", "families.sign_in",
    "families.use_code", "families.become", "families.leave_for_provider", "families.come_back",
)  # fmt: skip
EVERYBODY = (*PEOPLE, *FAMILY, *AT_OWN_DOORS)


@pytest.fixture
def world(casework: Casework, postgres, as_owner) -> World:  # type: ignore[no-untyped-def]
    return build(casework, postgres.owner_url, as_owner)


def routes(pages: Flask) -> list[tuple[str, Rule]]:
    """Every route that somebody signed in may meet, method by method."""
    return [
        (method, rule)
        for rule in pages.url_map.iter_rules()
        if not rule.endpoint.startswith(OPEN)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def filled(ids: dict[str, Any], today: str) -> dict[str, dict[str, Any]]:
    """A form for each act, filled in so that only who one is can stand in the way."""
    town = ids["town"]
    return {
        "absences.change": {"from_on": "2027-02-01", "until_on": "2027-02-05"},
        "absences.register": {"from_on": "2027-03-01", "until_on": "2027-03-05"},
        "absences.register_colleague": {"from_on": "2027-03-01", "until_on": "2027-03-05"},
        "archives.take_over": {"reference": "2026/1"},
        "attachments.put": {"title": "Rapport"},
        "attachments.take_away": {"reason": "Feil barn."},
        "break_glass.break_it": {
            "first_name": "Ada", "last_name": "Solvang", "born_on": "2016-03-04", "emergency": "in_danger",
            "reason": "Ringte.",
        },
        "break_glass.review": {"verdict": "justified", "review": "Fare."},
        "cases.change_guide": {"guide_id": ids["guide_id"]},
        "cases.change_level": {"way": "fortsett 1", "reason": "Vi prøver mer."},
        "cases.close": {"reason": "Ferdig.", "child_words": "Fint"},
        "cases.do_step": {"note": "Gjort."},
        "cases.pause": {"until": "2026-12-24", "reason": "Ferie."},
        "cases.reopen": {"to": "1", "reason": "Nytt."},
        "cases.write": {"body": "Snakket med mor.", "kind": "conversation"},
        "cases.write_child_view": {"child_words": "Jeg har det fint."},
        "children.protect": {},
        "children.add": {"name": "Siv Dahl", "relation": "mother"},
        "children.keep": {"name": "Siv Dahl", "relation": "mother"},
        "children.register": {
            "unit_id": town.services["school"], "first_name": "Nils", "last_name": "Ny", "born_on": "2017-01-01",
        },
        "concern_reports.about_child": {"worry": "Redd."},
        "concern_reports.from_case": {"worry": "Redd."},
        "concern_reports.from_signal": {"worry": "Redd."},
        "consent_texts.write": consent_texts.library("nb").wording(consent_texts.Kind.SERVICE).model_dump(),
        "consents.ask": {"services": [town.services["welfare"]], "purpose": "Råd."},
        "consents.record": {"answer": "withdrawn", "channel": "oral"},
        "consultations.answer": {"body": "Prøv dette."},
        "consultations.ask": {
            "service_id": town.services["ppt"], "age_band": "middle", "sector": "school", "theme": "learning",
            "question": "Hva kan vi prøve?",
        },
        "consultations.attach": {"case_id": ids["case_id"]},
        "consultations.choose_limits": {"answer_workdays": 5, "kept_months": 12, "longest": 4000},
        "consultations.close": {"body": "Takk."},
        "consultations.follow_up": {"body": "Og hjemme?"},
        "consultations.propose": {"question": "Leser lite", "answer": "Les sammen."},
        "coordinations.invite": {"services": [town.services["welfare"]], "needed": "Råd."},
        "coordinations.reply": {"answer": "no", "message": "Ikke kapasitet."},
        "disqualifications.assess": {"decision": "uphold", "reason": "Nære venner."},
        "disqualifications.declare": {
            "tie": "family", "reason": "Slekt.", "stand_in_id": town.people["adviser"],
        },
        "drifts.snooze": {"until": "2026-12-20", "reason": "Ferie"},
        "families.answer": {"body": "På fredag."},
        "families.answer_consents": {f"answer_{ids['family']['consent_id']}": "yes"},
        "families.let_in": {"guardian_id": ids["guardian_id"]},
        "families.say": {"kind": "question", "body": "Hvorfor?"},
        "families.say_view": {"mood": "1"},
        "guides.publish": {},
        "guides.upload": {"sector": "all", "source": "key: feil", "only_check": "1"},
        "hidings.review": {"answer": "keep", "reason": "Fare.", "until": "2027-01-10"},
        "handovers.move": {"to_id": town.people["teacher"], "reason": "Permisjon"},
        "measures.drop": {"reason": "Ikke lenger."},
        "measures.evaluate": {"result": "reached", "onward": "end", "child_said": "Fint."},
        "measures.plan": {"title": "Tiltak", "goal": "Mål", "responsible_id": town.people["teacher"]},
        "meetings.answer": {"coming": "yes"},
        "meetings.answer_for_family": {f"slot_{slot}": "yes" for slot in ids["slot_ids"]},
        "meetings.answer_times": {f"slot_{slot}": "yes" for slot in ids["slot_ids"]},
        "meetings.call": {
            "kind": "joint", "on": "2026-12-20", "starts": "09:00", "ends": "10:00", "staff": [town.people["teacher"]],
        },
        "meetings.cancel": {"reason": "Sykdom"},
        "meetings.hold": {"minutes": "Enige."},
        "meetings.pick": {"slot_id": ids["slot_ids"][0]},
        "meetings.propose": {
            "kind": "joint", "on_0": "2026-12-20", "starts_0": "09:00", "ends_0": "10:00", "on_1": "2026-12-21",
            "starts_1": "09:00", "ends_1": "10:00", "staff": [town.people["teacher"]], "answer_by": "2026-12-10",
        },
        "meetings.move_time": {"on": "2026-12-21", "starts": "09:00", "ends": "10:00", "reason": "Sykdom"},
        "notices.settle": {"how": "otherwise", "reason": "Ringte dem."},
        "access_logs.search": {"since": today, "until": today},
        "access_logs.find": {"first_name": "Ada", "last_name": "Solvang", "born_on": "2016-03-04"},
        "readings.decide": {"decision": "explain", "reason": "Vakt."},
        "readings.answer": {"answer": "Vakt."},
        "readings.choose_limits": {
            "children_in_hour": "10", "children_in_day": "30", "misses_in_day": "8", "failed_emergencies": "1",
            "closed_days": "30",
        },
        "reasons.ask": {"person_id": town.people["teacher"], "number": "1"},
        "leavers.settle": {"reason": "Har sluttet"},
        "provisioning.make_token": {"name": "Entra ID", "days": "30"},
        "provisioning.map_group": {"service_id": ids["service_id"], "role": "health_nurse"},
        "relays.decline": {"reason": "Ferie"},
        "relays.offer": {"to_id": town.people["colleague"], "reason": "Nærmest", "family_told_on": today},
        "relays.take_over": {"to_id": town.people["colleague"], "reason": "Sykdom"},
        "retention.choose": {"months": "12"},
        "retention.hold": {"ground": "court", "reason": "Retten."},
        "retention.hold_by_number": {"ground": "court", "reason": "Retten.", "number": ids["number"]},
        "retention.lift": {"reason": "Ferdig."},
        "retention.hold_signal": {"ground": "court", "reason": "Retten."},
        "retention.lift_signal": {"reason": "Ferdig."},
        "groups.register": {"unit_id": town.services["school"], "name": "4B"},
        "pregnancies.register": {
            "unit_id": town.services["school"], "first_name": "Eva", "last_name": "Ny", "expected_on": "2027-04-01",
        },
        "pregnancies.record": {"first_name": "Ask", "last_name": "Nes", "born_on": today},
        "pregnancies.end": {},
        "plans.start": {"reason": "Varig.", "family_wants_on": today, "coordinator_id": town.people["teacher"]},
        "plans.end": {"reason": "Loggen holder."},
        "relocations.offer": {"receiver": "Fjellvik kommune"},
        "relocations.record": {"reason": "De flyttet ikke."},
        "relocations.refuse": {"reason": "Ikke hit."},
        "relocations.take": {"holder_id": town.people["teacher"]},
        "sibling_links.link": {
            "other_case_id": ids["sibling_case_id"], "agreed": [str(ids["case_id"])], "channel": "oral",
        },
        "sibling_links.meet": {
            "day": "2026-12-20", "starts": "09:00", "ends": "10:00", "practitioner_ids": town.people["teacher"],
        },
        "sibling_links.plan": {
            "title": "Fast tid", "goal": "Opplagte", "responsible_id": town.people["teacher"],
        },
        "signals.add": {"kind": "observation", "body": "Igjen."},
        "signals.note": {"child_id": ids["child_id"], "observation": "Alene.", "strength": "wondering"},
        "signals.raise_case": {
            "outcome": "innsats_egen_enhet 1", "holder_id": town.people["teacher"], "child_said": "Kjedelig",
            "guardians_told_on": today, "channel": "oral",
        },
        "signals.resolve": {"outcome": "ikke_behov", "reason": "Det gikk over."},
        "staff.add": {
            "name": "Ny Test", "email": "ny@example.test", "service_id": ids["service_id"], "role": "educator",
        },
        "staff.change_service": {"kind": "school_health", "name": "Helse", "reply_days": "7"},
        "staff.give_role": {"service_id": ids["service_id"], "role": "educator"},
        "staff.open_service": {"kind": "leisure", "name": "Klubb", "reply_days": "7"},
    }  # fmt: skip


class Looker:
    """Somebody at a browser, who tells only whether the door opened."""

    def __init__(self, pages: Flask, casework: Casework, world: World, situation: str, letter: str) -> None:
        with casework.begin(Actor.stranger()) as tx:
            if letter in FAMILY:
                token = sign_ins.start_family(tx, world.members[situation, letter], method="test")
            else:
                token = sign_ins.start(tx, world.person(situation, letter), method="test")
        self.client = pages.test_client()
        self.client.set_cookie("stafetten", token)
        page = html5lib.parse(self.client.get("/language/nb?next=/privacy", follow_redirects=True).text,
                              namespaceHTMLElements=False)  # fmt: skip
        self.csrf = next(each.get("value") for each in page.iter("input") if each.get("name") == "csrf")

    def status(self, method: str, path: str, form: dict[str, Any], told: Callable[[str], None]) -> int:
        if method == "GET":
            answer = self.client.get(path)
            told(answer.get_data().decode("utf-8", "replace"))  # an archive package is no text
            return answer.status_code
        return self.client.open(path, method=method, data={**form, "csrf": self.csrf}).status_code


def test_every_page_opens_for_those_in_the_table_and_for_nobody_else(site, casework, world, monkeypatch):  # noqa: F811
    lookers = {
        (situation, letter): Looker(site, casework, world, situation, letter)
        for situation in SITUATIONS
        for letter in EVERYBODY
    }
    found: dict[str, dict[str, str]] = {}
    told = Told()
    today = casework.clock.now().date().isoformat()
    with nothing_stays(monkeypatch):
        for method, rule in routes(site):
            row = found.setdefault(f"{method} {rule.rule}", {})
            for situation in SITUATIONS:
                if situation != "own" and not rule.arguments:
                    continue
                ids = world.ids[situation]
                named = {**ids, **ids["family"]} if rule.endpoint.startswith("families.") else ids
                path = site.url_map.bind("localhost").build(
                    rule.endpoint, {name: named[name] for name in rule.arguments}, method=method
                )
                path += "?kind=question" if rule.endpoint == "families.saying" else ""
                form = filled(ids, today).get(rule.endpoint, {})
                statuses = {
                    one: lookers[situation, one].status(
                        method, path, form, partial(told.look, situation, one)
                    )
                    for one in (*asked_at(rule.rule), *FAMILY)
                }
                row[situation] = "".join(one for one, status in statuses.items() if status not in (403, 404))
                if situation in ("barred", "other"):
                    hidden = {one: status for one, status in statuses.items() if status == 403}
                    assert not hidden, f"{path}: «not yours» is not found, not forbidden: {hidden}"
    assert differences(table(found), TABLE.read_text("utf-8")) == []
    assert told.too_much() == {}
    assert told.never_met("TLNWF") == {}
