"""A guide is changed while cases wait: theirs holds until they are moved, and then their clocks are the new one's."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from casework import cases, consents, deadlines, followups, relations, relays
from casework.access import Actor
from casework.refusals import Invalid
from levels import guides as rules

OPENED = date(2026, 11, 24)


def guide(days: int, *, more: str = "", baton: int = 7) -> str:
    """Tromsø's guide with a term for level 1 and for the baton."""
    clocks = f"""    escalate_to: leader
  - id: vurdering
    name: Vurder saken på nytt
    starts: level_entered
    due: decision
    length: {{days: {days}}}
    counted: calendar
    levels: ["1"]
    remind_before: 3
  - id: stafettpinne
    name: Svar på stafettpinnen
    starts: baton_offered
    due: acceptance
    length: {{days: {baton}}}
    counted: calendar
{more}levels:
"""
    return rules.library("tromso").replace("    escalate_to: leader\nlevels:\n", clocks, 1)


@pytest.fixture
def case_id(town) -> UUID:
    """A case opened under a guide that wants it looked at again after 30 days."""
    town.publish(guide(30))
    return town.case()


def terms(town, case_id) -> dict[str, tuple[date, str]]:
    with town.begin("teacher") as tx:
        return {one.clock: (one.target_on, one.state) for one in deadlines.of_case(tx, case_id)}


def change(town, case_id) -> None:
    with town.begin("teacher") as tx:
        cases.change_guide(tx, case_id, guide_id=town.guide_id)


def test_a_case_keeps_the_days_it_was_opened_under_until_it_is_moved(town, case_id):
    town.publish(guide(45))
    assert terms(town, case_id) == {"vurdering": (OPENED + timedelta(days=30), "running")}
    with town.begin("teacher") as tx:
        _head, newer = cases.newer_guide(tx, case_id)
    [told] = [one for one in newer.changes if one.code == "clock_changed"]
    assert dict(told.values)["before_number"] == "30" and dict(told.values)["after_number"] == "45"

    change(town, case_id)

    assert terms(town, case_id) == {"vurdering": (OPENED + timedelta(days=45), "running")}


def test_what_waits_for_an_answer_is_counted_by_the_new_guide_from_the_day_it_was_asked(town, case_id, clock):
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    clock.at += timedelta(days=3)
    town.publish(guide(30, baton=10))
    change(town, case_id)
    assert terms(town, case_id)["stafettpinne"] == (OPENED + timedelta(days=10), "running")


def test_a_term_the_new_guide_does_not_have_is_waited_for_no_more_and_a_new_one_counts_from_the_level(
    town, case_id, clock
):
    clock.at += timedelta(days=5)
    another = """  - id: forste-mote
    name: Første møte
    starts: level_entered
    due: meeting
    length: {days: 10}
    counted: calendar
    levels: ["1"]
"""
    town.publish(
        guide(30, more=another).replace("id: vurdering", "id: ny-vurdering").replace("days: 30", "days: 60")
    )
    change(town, case_id)
    assert terms(town, case_id) == {
        "forste-mote": (OPENED + timedelta(days=10), "running"),
        "ny-vurdering": (OPENED + timedelta(days=60), "running"),
    }


def test_a_term_that_was_missed_runs_again_and_is_reminded_of_again(town, case_id, clock, as_owner):
    clock.at = datetime.combine(OPENED + timedelta(days=31), clock.at.timetz())
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_due(tx)
    assert terms(town, case_id)["vurdering"][1] == "missed"
    town.publish(guide(45))
    change(town, case_id)
    assert terms(town, case_id) == {"vurdering": (OPENED + timedelta(days=45), "running")}
    [[remind_at, reminded_at]] = as_owner(
        "SELECT remind_at, reminded_at FROM deadlines WHERE case_id = :case AND clock = 'vurdering'",
        case=case_id,
    )
    assert remind_at.date() == OPENED + timedelta(days=42) and reminded_at is None


def test_a_shorter_term_that_has_passed_is_missed_at_the_next_turn_and_not_before_it_was_moved(
    town, case_id, clock
):
    clock.at += timedelta(days=20)
    town.publish(guide(14))
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_due(tx)
    assert terms(town, case_id)["vurdering"] == (OPENED + timedelta(days=30), "running")
    change(town, case_id)
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_due(tx)
    assert terms(town, case_id)["vurdering"] == (OPENED + timedelta(days=14), "missed")


def test_a_case_is_moved_only_to_the_guide_in_force_where_it_is(town, case_id):
    former = town.guide_id
    town.publish(guide(45))
    draft_of_another_sector = town.publish(guide(60), sector="kindergarten")
    for wrong in (former, draft_of_another_sector):
        with pytest.raises(Invalid) as told, town.begin("teacher") as tx:
            cases.change_guide(tx, case_id, guide_id=wrong)
        assert told.value.errors == {"guide_id": "guide_not_in_force"}


def test_what_was_met_under_the_former_guide_is_not_waited_for_again(town, case_id):
    with town.begin("teacher") as tx:
        deadlines.stop_level(tx, case_id)
        tx.without_trail()
    town.publish(guide(45))
    change(town, case_id)
    assert terms(town, case_id) == {}


def test_the_youths_age_is_what_the_guide_says_that_the_case_follows(town):
    """The town's setting is 15; its new guide says 14, and a case that is moved to it asks the youth alone."""
    child_id = town.child(born=date(2012, 3, 14))
    moved = town.case(child_id=child_id, services=("ppt",))
    town.publish(
        rules.library("tromso").replace("language: nb\n", "language: nb\nyouth_consent_age: 14\n", 1)
    )
    fresh = town.case(child_id=town.child(first="Ola", born=date(2012, 3, 14)), agreed=())
    with town.begin("teacher") as tx:
        assert len(consents.consenters(tx, moved)) == 2, "the guide it was opened under says nothing"
        assert consents.consenters(tx, fresh) == [None]
        assert relations.consent_reaches(tx, moved, town.services["ppt"])
    change(town, moved)
    with town.begin("teacher") as tx:
        assert consents.consenters(tx, moved) == [None]
        assert not relations.consent_reaches(tx, moved, town.services["ppt"])
