"""The side doors: lists, searches, exports, feeds, forms left open. Whoever may not see a child meets it in none of them."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from api.app import create_api
from api.identity import SCOPES
from casework import (
    children,
    consents,
    disqualifications,
    families,
    measures,
    meetings,
    notices,
    sign_ins,
)
from casework.access import Actor
from tests.web.conftest import dressed, make_site, site  # noqa: F401
from tests.web.visitors import Visitor

NAME = "Kvitebjørn"
SECRETS = (NAME, "Leselyst", "Sølvi", "Torfinn")


@pytest.fixture
def file(town):
    """A child's file with something behind every door, by the names that routes give their parts."""
    child = town.child(first=NAME, guardians=0)
    with town.begin("teacher") as tx:
        mother = children.add_guardian(tx, child, name="Sølvi Strand", relation="mother")
    with town.begin("teacher") as tx:
        children.add_guardian(tx, child, name="Torfinn Strand", relation="father")
    case = town.case(child_id=child, services=("ppt",))
    with town.begin("teacher") as tx:
        measure = measures.plan(tx, case, measures.PlanMeasure("Leselyst", "Leser", town.people["teacher"]))
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=2)
        called = meetings.CallMeeting(
            "joint", at, at + timedelta(hours=1), (town.people["teacher"],), (mother,)
        )
        meeting = meetings.call(tx, case, called)
    with town.begin("teacher") as tx:
        consent = consents.of_case(tx, case)[0].id
    signal = town.worry(town.child(first=NAME, last="Liten"))
    return {
        "case_id": case,
        "child_id": child,
        "measure_id": measure,
        "meeting_id": meeting,
        "consent_id": consent,
        "guardian_id": mother,
        "signal_id": signal,
    }


def step_aside(town, file):
    """The teacher leaves both files of the name."""
    stand_in = disqualifications.Declare("family", "Slekt.", stand_in_id=town.people["colleague"])
    with town.begin("teacher") as tx:
        disqualifications.declare(tx, file["case_id"], stand_in)


def api_answers(casework, town, who, file):
    """What a machine acting for somebody is told by every address it can ask."""
    with casework.begin(Actor.stranger()) as tx:
        token = sign_ins.issue_token(tx, town.people[who], name="test", scopes=SCOPES)
    app = create_api(casework, None)
    client = TestClient(app, root_path="/api", headers={"Authorization": f"Bearer {token}"})
    found = {}
    for path, methods in app.openapi()["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if "get" not in methods or not all(name in file for name in names):
            continue
        address = path.removeprefix("/v1").format(**file)
        asked = f"?q={NAME[:4]}" if address == "/children" else ""
        found[address] = client.get(f"/api/v1{address}{asked}").text
    return found


def page_answers(site, visitor, file):  # noqa: F811
    """What somebody at a browser is shown by every address there is."""
    found = {}
    for rule in site.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.startswith(("assets.", "styleguide.", "sign_ins.")):
            continue
        if not rule.arguments <= file.keys():
            continue
        values = {name: file[name] for name in rule.arguments}
        path = site.url_map.bind("localhost").build(rule.endpoint, values)
        asked = f"?q={NAME[:4]}" if path in ("/children", "/cases") else ""
        found[path] = visitor.client.get(path + asked).get_data().decode("utf-8", "replace")
    return found


def told(answers, *, also=()):
    """The addresses that gave something away."""
    return {path for path, text in answers.items() if any(one in text for one in (*SECRETS, *also))}


def test_whoever_stepped_aside_meets_the_child_in_no_answer_of_the_api(casework, town, file):
    before = told(api_answers(casework, town, "teacher", file))
    assert len(before) >= 5, "the test looks where something can be seen"
    step_aside(town, file)
    after = told(api_answers(casework, town, "teacher", file))
    own = {f"/signals/{file['signal_id']}", "/signals", "/children"}
    assert after <= own, "another child of the same name is still the teacher's pupil"
    assert before - own and not {path for path in after if str(file["case_id"]) in path}


def test_whoever_stepped_aside_meets_the_case_on_no_page(site, casework, town, file, browse_as):  # noqa: F811
    secrets = ("Leselyst", "Sølvi", "Torfinn")
    before = {p for p, text in page_answers(site, browse_as("teacher"), file).items() if "Leselyst" in text}
    assert len(before) >= 2
    step_aside(town, file)
    seen = {
        path
        for path, text in page_answers(site, browse_as("teacher"), file).items()
        if any(one in text for one in secrets) or (path == "/notices" and str(file["meeting_id"]) in text)
    }
    assert seen == set()


def test_a_colleague_who_has_nothing_to_do_with_it_meets_it_on_no_page(site, town, file, browse_as):  # noqa: F811
    for who in ("nurse", "coordinator", "manager", "administrator", "operator", "worker"):
        answers = page_answers(site, browse_as(who), file)
        leaks = {path for path, text in answers.items() if "Leselyst" in text or "Sølvi" in text}
        assert leaks == set(), who


def test_the_other_parent_who_is_kept_out_meets_it_on_no_page(site, casework, town, file, as_owner):  # noqa: F811
    with town.begin("teacher") as tx:
        father = next(g.id for g in children.guardians(tx, file["child_id"]) if g.relation == "father")
        born = children.one(tx, file["child_id"]).born_on
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, file["case_id"], father)
    with casework.begin(Actor.stranger()) as tx:
        member = families.by_code(tx, code.code, born)
    with casework.begin(Actor.stranger()) as tx:
        token = sign_ins.start_family(tx, member, method="test")
    visitor = Visitor(site, casework)
    visitor.client.set_cookie("stafetten", token)
    inside = {p for p, text in page_answers(site, visitor, file).items() if "Leselyst" in text}
    assert inside, "he sees his child's case until he is kept out"
    assert not {p for p, text in page_answers(site, visitor, file).items() if "Sølvi" in text}, (
        "and never her"
    )
    as_owner("UPDATE guardians SET kept_out = true WHERE id = :id", id=father)
    leaks = {p for p, text in page_answers(site, visitor, file).items() if NAME in text or "Leselyst" in text}
    assert leaks == set()


def test_the_calendar_feed_forgets_the_meeting(site, casework, town, file):  # noqa: F811
    with town.begin("teacher") as tx:
        token = meetings.make_feed(tx)
    client = site.test_client()
    assert str(file["meeting_id"]) in client.get(f"/calendar/{token}.ics").text
    step_aside(town, file)
    assert str(file["meeting_id"]) not in client.get(f"/calendar/{token}.ics").text


def test_a_form_left_open_does_nothing_and_gives_what_was_typed_back(town, file, browse_as):
    teacher = browse_as("teacher")
    page = teacher.get(f"/cases/{file['case_id']}")
    step_aside(town, file)
    refused = teacher.submit(
        page, "log-new", status=404, body="Snakket med bestemor i dag.", kind="conversation"
    )
    assert "Snakket med bestemor i dag." in refused.text
    assert NAME not in refused.text


def test_not_yours_reads_like_not_there_to_the_letter(town, file, browse_as):
    stranger = browse_as("nurse")
    there, not_there = (
        re.sub(r"[0-9a-f]{24,}", "", stranger.get(f"/cases/{one}", status=404).html.replace(str(one), ""))
        for one in (file["case_id"], uuid4())
    )
    assert there == not_there


def test_letters_on_their_way_go_to_nobody_who_has_stepped_aside(town, file, as_owner):
    step_aside(town, file)
    waiting = as_owner(
        "SELECT count(*) FROM deadlines WHERE case_id = :c AND owner_id = :who AND settled_at IS NULL",
        c=file["case_id"],
        who=town.people["teacher"],
    )
    assert waiting == [(0,)], "nobody is reminded of a case they may not see"
    with town.begin("teacher") as tx:
        assert [one for one in notices.mine(tx) if one.case_id == file["case_id"]] == []


@pytest.fixture
def browse_as(site, casework, town):  # noqa: F811
    """Somebody of the town at a browser."""
    return lambda name: Visitor(site, casework).sign_in(UUID(str(town.people[name])))
