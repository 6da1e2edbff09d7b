"""A child not yet born: the woman alone answers until birth, everybody with parental responsibility after it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from casework import (
    cases,
    child_views,
    children,
    concern_reports,
    consents,
    coordinations,
    families,
    logs,
    measures,
    meetings,
    relocations,
)
from casework.access import Actor
from casework.refusals import Invalid, NotFound, NotPermitted, Stale
from levels.relocations import Part
from records.children import Child, Guardian
from records.consents import Consent
from tests.factories import Town

EXPECTED = date(2027, 3, 3)


@pytest.fixture
def pregnancy(town: Town) -> UUID:
    """A pregnancy the nurse follows."""
    wanted = children.RegisterPregnancy(town.services["health"], "Kari", "Nes", EXPECTED, "900 00 000")
    with town.begin("nurse") as tx:
        return children.register_pregnancy(tx, wanted)


@pytest.fixture
def case_id(town: Town, pregnancy: UUID) -> UUID:
    """Its case, with the woman's yes to the log and to PPT; the child is asked nothing."""
    return town.case(by="nurse", child_id=pregnancy, services=("ppt",), child_said="")


def _born(town: Town, **more: object) -> cases.RecordBirth:
    wanted = {"first_name": "Ask", "last_name": "Nes", "born_on": town.casework.clock.now().date(), **more}
    return cases.RecordBirth(**wanted)  # type: ignore[arg-type]


def _record(town: Town, child_id: UUID, by: str = "nurse", **more: object) -> UUID:
    with town.begin(by) as tx:
        return cases.record_birth(tx, child_id, _born(town, **more), keys=town.casework.keys)


def _inside(town: Town, case_id: UUID, service: str) -> None:
    """A service comes inside by its own yes."""
    with town.begin("nurse") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services[service], "Råd"),))
    with town.begin("adviser") as tx:
        [asked] = [one.id for one in coordinations.asked_of_me(tx) if one.case_id == case_id]
        coordinations.reply(tx, asked, coordinations.Reply("yes"))


def test_the_pregnant_woman_alone_answers_until_birth(town, pregnancy):
    town.worry(pregnancy, by="nurse")
    with town.begin("carer") as tx, pytest.raises(NotFound):
        children.one(tx, pregnancy)
    with town.begin("nurse") as tx:
        [woman] = children.guardians(tx, pregnancy)
        child = children.one(tx, pregnancy)
    assert (woman.name, woman.relation, woman.responsible, woman.phone) == (
        "Kari Nes",
        "mother",
        True,
        "900 00 000",
    )
    assert (child.kind, child.age(EXPECTED), child.has_parents(EXPECTED)) == ("unborn", None, False)
    for relation in ("father", "mother"):
        with town.begin("nurse") as tx, pytest.raises(Invalid) as refusal:
            children.add_guardian(tx, pregnancy, name="Ola Vik", relation=relation)
        assert refusal.value.errors == {"responsible": "nobody_else_before_birth"}
    with town.begin("nurse") as tx:
        other = children.add_guardian(tx, pregnancy, name="Ola Vik", relation="father", responsible=False)
    with town.begin("nurse") as tx, pytest.raises(Invalid):
        children.keep_guardian(tx, other, children.KeepGuardian("Ola Vik", "father"))
    case_id = town.case(by="nurse", child_id=pregnancy, child_said="")
    with town.begin("nurse") as tx:
        assert consents.consenters(tx, case_id) == [woman.id]


def test_the_database_itself_holds_that_nobody_else_answers_before_birth(town, pregnancy, as_owner):
    with pytest.raises(IntegrityError, match="the woman alone answers"), town.begin("nurse") as tx:
        tx.add(Guardian(child_id=pregnancy, municipality_id=town.id, name="Ola Vik", relation="father"))
    for kind in ("group", "ended' OR true; --"):
        with pytest.raises(IntegrityError), town.begin("nurse") as tx:
            tx.lock(Child, pregnancy).kind = kind
    born = town.child()
    with pytest.raises(IntegrityError, match="does not become"), town.begin("teacher") as tx:
        tx.lock(Child, born).kind = "unborn"


@pytest.mark.parametrize("expected", [date(2026, 10, 1), date(2027, 11, 24)])
def test_a_day_on_which_no_pregnancy_of_today_ends_is_refused_at_its_field(town, expected):
    with town.begin("nurse") as tx, pytest.raises(Invalid) as refusal:
        wanted = children.RegisterPregnancy(town.services["health"], "Kari", " ", expected)
        children.register_pregnancy(tx, wanted)
    assert refusal.value.errors == {"expected_on": "not_of_a_pregnancy", "last_name": "write_something"}
    with town.begin("nurse") as tx, pytest.raises(NotFound):
        there = children.RegisterPregnancy(town.services["school"], "Kari", "Nes", EXPECTED)
        children.register_pregnancy(tx, there)


def test_nobody_asks_a_child_that_is_not_born_and_the_guards_do_not_wait_for_it(town, case_id):
    with town.begin("nurse") as tx, pytest.raises(Invalid) as refusal:
        logs.write_child_view(tx, case_id, words="Hei.")
    assert refusal.value.errors == {"words": "not_born"}
    with town.begin("nurse") as tx:
        page = cases.details(tx, case_id)
        assert child_views.asking(tx, case_id).known
        up = next(way for way in cases.ways(tx, case_id)[1] if way.event == "raise_to_2")
        cases.change_level(tx, case_id, cases.ChangeLevel(up.to, up.when, reason="Vi trenger flere."))
    assert page.next_action is None or page.next_action.code != "ask_child"
    with town.begin("nurse") as tx:
        assert cases.head(tx, case_id).state == "level_2"


def test_she_looks_in_by_the_familys_door_with_the_day_she_expects_and_reads_about_herself(
    town, case_id, pregnancy
):
    with town.begin("nurse") as tx:
        [woman] = children.guardians(tx, pregnancy)
        code = families.hand_out(tx, case_id, woman.id).code
        other = children.add_guardian(tx, pregnancy, name="Ola Vik", relation="father", responsible=False)
    for nobody in (None, other):
        with town.begin("nurse") as tx, pytest.raises(Invalid):
            families.hand_out(tx, case_id, nobody)
    with town.casework.begin(Actor.stranger()) as tx:
        member = families.by_code(tx, code, EXPECTED)
    assert member is not None
    with town.casework.begin(Actor.of_family(member)) as tx:
        [mine] = families.home(tx)
        row = next(one for one in families.case(tx, case_id).consents if one.service_name)
        text = consents.text_for(tx, tx.get(Consent, row.id), "nb")
    assert (mine.about_me, mine.is_me, text.kind) == (True, False, "adult")
    assert "Kari" not in " ".join(part.text for part in text.parts)


def test_from_birth_the_other_parent_must_say_yes_too_and_services_lose_sight_at_once(
    town, case_id, pregnancy
):
    _inside(town, case_id, "ppt")
    with town.begin("adviser") as tx:
        assert cases.head(tx, case_id).child.name == "Kari Nes"
    _record(town, pregnancy, other_name="Ola Vik")
    with town.begin("adviser") as tx, pytest.raises(NotPermitted):
        cases.head(tx, case_id)
    with town.begin("nurse") as tx:
        head = cases.head(tx, case_id)
        codes = {entry.code for entry in logs.entries(tx, case_id)}
        assert len(consents.consenters(tx, case_id)) == 2 and not child_views.asking(tx, case_id).known
    assert (head.child.name, head.child.kind, head.child.age(head.child.born_on)) == ("Ask Nes", "child", 0)
    assert {"child_born", "sight_ended"} <= codes and head.state == "level_1"


def test_a_birth_without_another_parent_changes_nothing_for_those_inside(town, case_id, pregnancy):
    _inside(town, case_id, "ppt")
    _record(town, pregnancy, other_name="Ola Vik", other_responsible=False)
    with town.begin("adviser") as tx:
        assert cases.head(tx, case_id).child.name == "Ask Nes"
    with town.begin("nurse") as tx, pytest.raises(NotFound):
        cases.record_birth(tx, pregnancy, _born(town), keys=town.casework.keys)


def test_a_birth_is_refused_with_every_fault_at_its_field_and_never_twice(town, pregnancy):
    today = town.casework.clock.now().date()
    for day, fault in (
        (today + timedelta(1), "not_in_the_future"),
        (EXPECTED - timedelta(281), "before_the_pregnancy"),
    ):
        with town.begin("nurse") as tx, pytest.raises(Invalid) as refusal:
            wanted = _born(town, first_name="", born_on=day, identity_number="1", other_relation="aunt")
            cases.record_birth(tx, pregnancy, wanted, keys=town.casework.keys)
        assert refusal.value.errors == {
            "first_name": "write_something", "born_on": fault, "identity_number": "identity_number_wrong",
            "other_relation": "choose_one",
        }  # fmt: skip
    with town.begin("nurse") as tx, pytest.raises(Stale):
        cases.record_birth(tx, pregnancy, _born(town, version=7), keys=town.casework.keys)
    with town.begin("worker") as tx, pytest.raises(NotFound):
        cases.record_birth(tx, pregnancy, _born(town), keys=town.casework.keys)
    _record(town, pregnancy, key="once")


def test_a_pregnancy_that_ended_closes_its_case_gently_and_sends_the_family_nothing(
    town, case_id, pregnancy, as_owner
):
    with town.begin("nurse") as tx:
        [woman] = children.guardians(tx, pregnancy)
        now = tx.now
        measures.plan(tx, case_id, measures.PlanMeasure("Samtaler", "Trygghet", tx.actor.id))
    with town.begin("nurse") as tx:
        times = (now + timedelta(days=5), now + timedelta(days=5, hours=1))
        meetings.call(
            tx, case_id, meetings.CallMeeting("joint", *times, (tx.actor.id,), guardian_ids=(woman.id,))
        )
    with town.begin("principal") as tx, pytest.raises(NotFound):
        cases.end_pregnancy(tx, pregnancy)
    with town.begin("nurse") as tx:
        cases.end_pregnancy(tx, pregnancy)
    with town.begin("nurse") as tx:
        head = cases.head(tx, case_id)
        last = cases.details(tx, case_id)
        assert children.search(tx, "Kari") == []
    assert (head.state, head.closing["pregnancy_ended"], head.child.kind) == ("closed", True, "ended")
    assert head.closing["reason"] == "Svangerskapet er over." and not last.due
    assert {one.state for one in last.measures} == {"ended"} and {one.state for one in last.meetings} == {
        "cancelled"
    }
    letters = as_owner("SELECT kind, state FROM notices WHERE guardian_id = :woman", woman=woman.id)
    assert letters and {row.state for row in letters} == {"dropped"}
    with town.begin("nurse") as tx:
        digest, content = cases.package(tx, case_id)
    assert b"Kari" in content and digest
    with town.begin("nurse") as tx:
        cases.reopen(tx, case_id, to="1", reason="Det var en feil.")
    with town.begin("nurse") as tx:
        assert cases.head(tx, case_id).child.kind == "unborn", "it goes on after all"
        assert [one.id for one in children.search(tx, "Kari")] == [pregnancy]
        assert "pregnancy_goes_on" in {one.code for one in logs.entries(tx, case_id, limit=100)}
    with town.begin("nurse") as tx:
        cases.end_pregnancy(tx, pregnancy)
    with town.begin("nurse") as tx:
        assert cases.head(tx, case_id).state == "closed", "and can end as any other"


def test_child_welfare_is_told_of_a_pregnancy_as_of_anything_else(town, case_id, pregnancy):
    with town.begin("nurse") as tx:
        report = concern_reports.from_case(tx, case_id, concern_reports.SendReport("Rus i svangerskapet."))
    with town.begin("worker") as tx:
        assert concern_reports.seen(tx, report).child_name == "Kari Nes"


def test_a_pregnancy_that_moves_is_one_in_the_next_municipality_too_and_she_alone_answers_there(
    town, pregnancy, casework, postgres, as_owner
):
    away = Town.build(casework, postgres.owner_url)
    case_id = town.case(by="nurse", child_id=pregnancy, child_said="")
    with town.begin("nurse") as tx:
        yes = tuple(consents.consenters(tx, case_id))
        wanted = relocations.OfferCase(parts=(Part.LOG,), agreed=yes, unit_id=away.services["school"])
        moving = relocations.offer(tx, case_id, wanted)
    with away.begin("principal") as tx:
        offered, pack = relocations.seen(tx, moving)
        there = relocations.take(tx, moving, relocations.TakeCase(away.people["teacher"]))
    assert (pack.kind, pack.born_on, offered.unit_name) == ("unborn", EXPECTED, "Fjordvik school")
    with away.begin("teacher") as tx:
        child = cases.head(tx, there).child
        [answers] = consents.consenters(tx, there)
        [woman] = children.guardians(tx, child.id)
    assert (child.kind, child.name, woman.id, woman.relation) == ("unborn", "Kari Nes", answers, "mother")
