"""Who may do what over the API, route by route, compared with a table made by hand."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_api
from api.identity import SCOPES
from casework import Casework, sign_ins
from casework.access import Actor
from levels import guides as rules
from tests.access.marks import Told
from tests.access.world import (
    AT_OWN_DOORS,
    PEOPLE,
    SITUATIONS,
    World,
    asked_at,
    build,
    differences,
    nothing_stays,
    table,
)

TABLE = Path(__file__).with_name("api.txt")
QUERIES = {
    "GET /children": "?q=ad",
    "GET /reasons/case": "?number=2026-0001",
    "POST /retention/{municipality_id}/holds": "?number=2026-0001",
}


@pytest.fixture
def world(casework: Casework, postgres, as_owner) -> World:  # type: ignore[no-untyped-def]
    return build(casework, postgres.owner_url, as_owner)


def routes(app: Any) -> list[tuple[str, str]]:
    """Every route by method and path."""
    return [
        (method.upper(), path.removeprefix("/v1"))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    ]


def bodies(ids: dict[str, Any], today: str) -> dict[str, dict[str, Any]]:
    """A body for each write, filled in so that only who one is can stand in the way."""
    town = ids["town"]
    teacher, colleague, welfare = town.people["teacher"], town.people["colleague"], town.services["welfare"]
    times = {"starts_at": "2026-12-20T09:00:00+01:00", "ends_at": "2026-12-20T10:00:00+01:00"}
    away = {"from_on": "2027-03-01", "until_on": "2027-03-05"}
    return {
        "POST /absences": away,
        "PUT /absences/{absence_id}": away,
        "POST /people/{practitioner_id}/absences": away,
        "POST /people/{practitioner_id}/batons": {"reason": "Permisjon"},
        "POST /drifts/{drift_id}/snooze": {"until": "2026-12-20", "reason": "Ferie"},
        "POST /signals": {"child_id": ids["child_id"], "observation": "Alene."},
        "POST /signals/{signal_id}/notes": {"kind": "observation", "body": "Igjen."},
        "POST /signals/{signal_id}/resolve": {"reason": "Det gikk over.", "when": "ikke_behov"},
        "POST /signals/{signal_id}/raise": {
            "to": "1", "when": "innsats_egen_enhet", "holder_id": teacher, "guardians_told_on": today,
            "child_said": "Kjedelig",
        },
        "POST /cases/{case_id}/level": {"to": "1", "when": "fortsett", "reason": "Mer."},
        "POST /cases/{case_id}/close": {"reason": "Ferdig", "when": "avslutt"},
        "POST /cases/{case_id}/pause": {"until": "2026-12-24", "reason": "Ferie"},
        "POST /cases/{case_id}/reopen": {"to": "1", "reason": "Nytt"},
        "POST /cases/{case_id}/steps/{step_id}": {"note": "Gjort"},
        "POST /cases/{case_id}/guide": {"guide_id": ids["guide_id"]},
        "POST /cases/{case_id}/log": {"body": "Snakket med mor."},
        "POST /cases/{case_id}/attachments": {"title": "Rapport", "content": "SGVp"},
        "POST /attachments/{attachment_id}/take-away": {"reason": "Feil barn."},
        "POST /hidings/{hiding_id}": {"answer": "keep", "reason": "Fare.", "until": "2027-01-10"},
        "POST /cases/{case_id}/child-views": {"words": "Fint."},
        "POST /cases/{case_id}/consents": {"questions": [{"service_id": welfare, "purpose": "Råd"}]},
        "POST /consents/{consent_id}/answer": {"answer": "withdrawn", "channel": "oral"},
        "POST /cases/{case_id}/invitations": {"services": [{"service_id": welfare, "needed": "Råd"}]},
        "POST /invitations/{invitation_id}/reply": {"answer": "no", "message": "Ikke kapasitet"},
        "POST /cases/{case_id}/measures": {"title": "Tiltak", "goal": "Mål", "responsible_id": teacher},
        "POST /cases/{case_id}/plan": {"reason": "Varig.", "family_wants_on": today, "coordinator_id": teacher},
        "POST /cases/{case_id}/plan/end": {"reason": "Loggen holder."},
        "POST /cases/{case_id}/relocations": {"receiver": "Fjellvik kommune"},
        "POST /relocations/{relocation_id}/answer": {"taken": False, "reason": "De flyttet ikke."},
        "POST /moving-in/{moving_id}/refuse": {"reason": "Ikke hit."},
        "POST /moving-in/{moving_id}/take": {"holder_id": teacher},
        "POST /cases/{case_id}/siblings": {"other_case_id": ids["sibling_case_id"], "agreed": []},
        "POST /cases/{case_id}/siblings/{link_id}/measures": {
            "measure": {"title": "Fast tid", "goal": "Opplagte", "responsible_id": teacher},
        },
        "POST /cases/{case_id}/siblings/{link_id}/meetings": {
            "kind": "joint", "practitioner_ids": [teacher], **times,
        },
        "POST /measures/{measure_id}/evaluations": {"result": "reached", "onward": "end", "child_said": "Fint"},
        "POST /measures/{measure_id}/drop": {"reason": "Ikke lenger"},
        "POST /cases/{case_id}/meetings": {"kind": "joint", "practitioner_ids": [teacher], **times},
        "POST /meetings/{meeting_id}/move": {"reason": "Sykdom", **times},
        "POST /meetings/{meeting_id}/cancel": {"reason": "Sykdom"},
        "PUT /meetings/{meeting_id}/minutes": {"minutes": "Enige"},
        "POST /meetings/{meeting_id}/hold": {"minutes": "Enige"},
        "POST /meetings/{meeting_id}/answer": {"coming": "yes"},
        "POST /cases/{case_id}/meeting-proposals": {
            "kind": "joint", "practitioner_ids": [teacher], "answer_by": "2026-12-10",
            "slots": [
                {"starts_at": f"2026-12-{day}T09:00:00+01:00", "ends_at": f"2026-12-{day}T10:00:00+01:00"} for day in (20, 21)
            ],
        },
        "POST /meeting-proposals/{proposal_id}/answers": {
            "answers": [{"slot_id": slot, "answer": "yes"} for slot in ids["slot_ids"]],
        },
        "POST /meeting-proposals/{proposal_id}/family/{asked_id}": {
            "answers": [{"slot_id": slot, "answer": "yes"} for slot in ids["slot_ids"]],
        },
        "POST /meeting-proposals/{proposal_id}/pick": {"slot_id": ids["slot_ids"][0]},
        "POST /meeting-proposals/{proposal_id}/withdraw": {"reason": "Sykdom"},
        "POST /cases/{case_id}/baton": {"to_id": colleague, "family_told_on": today},
        "POST /cases/{case_id}/baton/take-over": {"to_id": colleague, "reason": "Sykdom"},
        "POST /batons/{handover_id}/accept": {"considered": True},
        "POST /batons/{handover_id}/decline": {"reason": "Ferie"},
        "PUT /consultations/limits": {"answer_workdays": 5, "kept_months": 12, "longest": 4000},
        "POST /consultations": {
            "service_id": town.services["ppt"], "age_band": "middle", "sector": "school", "theme": "learning",
            "question": "Hva kan vi prøve?",
        },
        "POST /consultations/{consultation_id}/answer": {"body": "Prøv dette."},
        "POST /consultations/{consultation_id}/follow-up": {"body": "Og hjemme?"},
        "POST /consultations/{consultation_id}/close": {"body": "Takk."},
        "POST /consultations/{consultation_id}/attach": {"case_id": ids["case_id"]},
        "POST /consultations/{consultation_id}/knowledge": {"question": "Leser lite", "answer": "Les sammen."},
        "POST /children/{child_id}/concern-reports": {"worry": "Redd"},
        "POST /signals/{signal_id}/concern-reports": {"worry": "Redd"},
        "POST /cases/{case_id}/concern-reports": {"worry": "Redd"},
        "POST /emergency-reads": {
            "first_name": "Ada", "last_name": "Solvang", "born_on": "2016-03-04", "emergency": "in_danger",
            "reason": "Naboen ringte.",
        },
        "POST /emergency-reads/{glass_id}/review": {"verdict": "justified", "review": "Ja."},
        "POST /cases/{case_id}/disqualifications": {
            "tie": "family", "reason": "Slekt.", "stand_in_id": town.people["adviser"],
        },
        "POST /disqualifications/{bar_id}/assess": {"decision": "uphold", "reason": "Ja."},
        "POST /cases/{case_id}/family-codes": {"guardian_id": ids["guardian_id"]},
        "POST /family-words/{word_id}/answer": {"body": "Torsdag."},
        "POST /children/{child_id}/protection": {"protected": True},
        "PUT /children/{child_id}/home": {"street": "Storgata 1", "postal_code": "9008"},
        "PUT /retention/{municipality_id}/terms/{what}": {"months": 12},
        "POST /access-log/child": {"case_number": "2026-0001"},
        "POST /readings/{reading_id}/decision": {"decision": "ask", "reason": "Hvorfor?"},
        "POST /readings/{reading_id}/answer": {"answer": "Vikar."},
        "POST /notices/{notice_id}/settle": {"how": "otherwise", "reason": "Ringte dem."},
        **{
            f"POST /operations/{one}": {"reason": "Arbeideren døde"}
            for one in ("rows/{row_id}/again", "rows/{row_id}/skip", "letters/{notice_id}/again",
                        "flows/{name}/pause", "flows/{name}/resume")
        },
        "PUT /notices/choices": {"choices": [{"about": "meetings", "way": "digest"}]},
        "POST /sms/receipts": {"id": "gw-1", "status": "delivered"},
        "POST /children": {
            "unit_id": town.services["school"], "first_name": "Nils", "last_name": "Ny", "born_on": "2017-01-01",
        },
        "POST /groups": {"unit_id": town.services["school"], "name": "4B"},
        "POST /pregnancies": {
            "unit_id": town.services["school"], "first_name": "Eva", "last_name": "Ny", "expected_on": "2027-04-01",
        },
        "POST /pregnancies/{pregnancy_id}/birth": {"first_name": "Ask", "last_name": "Nes", "born_on": today},
        "POST /children/{child_id}/guardians": {"name": "Siv Dahl", "relation": "mother"},
        "PUT /guardians/{guardian_id}": {"name": "Siv Dahl", "relation": "mother"},
        "POST /guides/check": {"source": "key: feil"},
        "POST /archives/{delivery_id}/take-over": {"reference": "2026/1"},
        "POST /cases/{case_id}/holds": {"ground": "court", "reason": "Retten."},
        "POST /retention/{municipality_id}/holds": {"ground": "court", "reason": "Retten."},
        "POST /holds/{hold_id}/lift": {"reason": "Ferdig."},
        "POST /signals/{signal_id}/holds": {"ground": "court", "reason": "Retten."},
        "POST /signal-holds/{signal_hold_id}/lift": {"reason": "Ferdig."},
        "POST /guides": {"municipality_id": ids["municipality_id"], "source": rules.library("tromso")},
        "POST /municipalities/{municipality_id}/services": {"kind": "leisure", "name": "Klubb"},
        "PUT /services/{service_id}": {"kind": "school_health", "name": "Helse"},
        "POST /people": {
            "name": "Ny", "email": "ny@example.test", "service_id": ids["service_id"], "role": "educator",
        },
        "POST /people/{practitioner_id}/roles": {"service_id": ids["service_id"], "role": "educator"},
    }  # fmt: skip


def written(body: Any) -> Any:
    """Ids as text."""
    if isinstance(body, dict):
        return {key: written(value) for key, value in body.items()}
    return (
        [written(one) for one in body] if isinstance(body, list) else str(body) if body is not None else None
    )


def test_every_route_answers_those_in_the_table_and_nobody_else(casework, world, monkeypatch):
    app = create_api(casework, None)
    tokens: dict[tuple[str, str], str] = {}
    for situation in SITUATIONS:
        for letter in (*PEOPLE, *AT_OWN_DOORS):
            with casework.begin(Actor.stranger()) as tx:
                who = world.person(situation, letter)
                tokens[situation, letter] = sign_ins.issue_token(tx, who, name="test", scopes=SCOPES)
    found: dict[str, dict[str, str]] = {}
    told = Told()
    today = casework.clock.now().date().isoformat()
    # Entered once: one event loop for all requests, not one for each.
    with nothing_stays(monkeypatch), TestClient(app, root_path="/api") as client:
        for method, path in routes(app):
            row = found.setdefault(f"{method} {path}", {})
            for situation in SITUATIONS:
                names = re.findall(r"{(\w+)}", path)
                if situation != "own" and not names:
                    continue
                ids = world.ids[situation]
                body = written(
                    bodies(ids, today).get(f"{method} {path}", {"reason": ""} if "{" in path else {})
                )
                there = "/api/v1" + path.format(**ids) + QUERIES.get(f"{method} {path}", "")
                statuses = {
                    one: _asked(
                        client,
                        method,
                        there,
                        body,
                        tokens[situation, one],
                        partial(told.look, situation, one),
                    )
                    for one in asked_at(path)
                }
                row[situation] = "".join(one for one, status in statuses.items() if status not in (403, 404))
                if situation in ("barred", "other"):
                    assert 403 not in statuses.values(), f"{there}: «not yours» is not found: {statuses}"
    assert differences(table(found), TABLE.read_text("utf-8")) == []
    assert told.too_much() == {}
    assert told.never_met("TN") == {}


def _asked(
    client: TestClient, method: str, path: str, body: Any, token: str, told: Callable[[str], None]
) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    if method == "GET":
        answer = client.get(path, headers=headers)
        told(answer.text)
        return answer.status_code
    return client.request(method, path, json=body, headers=headers).status_code
