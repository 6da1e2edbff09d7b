"""Cases that stand still, and their clocks with them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework import (
    audit,
    cases,
    coordinations,
    deadlines,
    followups,
    logs,
    measures,
    meetings,
    notices,
    relays,
)
from casework.access import Actor
from casework.refusals import Invalid, NotPermitted, Refused, Stale
from levels import workdays

MIDSUMMER = datetime(2026, 6, 19, 9, 0, tzinfo=UTC)
AUTUMN = date(2026, 8, 16)


def stand_still(town, case_id, until=AUTUMN, *, by="teacher", reason="Sommerferie", version=None):
    with town.begin(by) as tx:
        cases.pause(tx, case_id, cases.PauseCase(until, reason, version))


def due(town, case_id):
    """What is due in the case, by what it is for."""
    with town.begin("teacher") as tx:
        return {one.due: one.target_on for one in deadlines.of_case(tx, case_id)}


@pytest.fixture
def case_id(town, clock):
    """A case in June with a measure, a service asked and a meeting called."""
    clock.at = MIDSUMMER
    made = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        plan = measures.PlanMeasure(
            "Lesegruppe", "Leser", town.people["teacher"], evaluate_on=date(2026, 6, 30)
        )
        measures.plan(tx, made, plan)
    with town.begin("teacher") as tx:
        coordinations.invite(tx, made, (coordinations.Ask(town.services["ppt"], "Råd", date(2026, 6, 26)),))
    with town.begin("teacher") as tx:
        at = datetime(2026, 8, 24, 8, tzinfo=UTC)
        meetings.call(
            tx, made, meetings.CallMeeting("joint", at, at + timedelta(hours=1), (town.people["principal"],))
        )
    return made


def test_agreed_days_move_by_the_working_days_a_case_stood_still(town, case_id):
    before = due(town, case_id)

    stand_still(town, case_id)

    after = due(town, case_id)
    for name in ("evaluation", "reply"):
        left = workdays.workdays_between(MIDSUMMER.date() - timedelta(days=1), before[name])
        assert workdays.workdays_between(AUTUMN, after[name]) == left, name
    assert after["meeting"] == before["meeting"]


def test_nobody_is_reminded_or_chased_while_the_case_stands_still(town, clock, case_id, as_owner):
    stand_still(town, case_id)
    before = as_owner("SELECT count(*) FROM notices WHERE case_id = :case", case=case_id)[0][0]
    clock.at = datetime(2026, 8, 10, 9, tzinfo=UTC)
    with town.casework.begin(Actor.system()) as tx:
        followups.remind_due(tx, limit=10_000)
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_due(tx, limit=10_000)
    assert as_owner("SELECT count(*) FROM notices WHERE case_id = :case", case=case_id)[0][0] == before


def test_a_case_taken_up_early_counts_only_the_days_it_stood_still(town, clock, case_id):
    before = due(town, case_id)
    stand_still(town, case_id)
    clock.at = datetime(2026, 6, 26, 9, tzinfo=UTC)

    with town.begin("teacher") as tx:
        cases.go_on(tx, case_id)

    assert due(town, case_id)["evaluation"] == workdays.add_workdays(before["evaluation"], 5)
    with town.begin("teacher") as tx:
        assert cases.head(tx, case_id).paused_until is None


def test_a_pause_taken_back_the_same_day_moves_nothing(town, case_id):
    before = due(town, case_id)
    stand_still(town, case_id)
    with town.begin("teacher") as tx:
        cases.go_on(tx, case_id)
    assert due(town, case_id) == before


def test_two_pauses_add_up(town, clock, case_id):
    before = due(town, case_id)["evaluation"]
    stand_still(town, case_id, date(2026, 6, 21))
    clock.at = datetime(2026, 6, 22, 9, tzinfo=UTC)
    with town.casework.begin(Actor.system()) as tx:
        assert cases.end_pauses(tx) >= 1
    stand_still(town, case_id, date(2026, 6, 23))
    assert due(town, case_id)["evaluation"] == workdays.add_workdays(before, 3)


def test_when_the_pause_is_over_the_case_goes_on_and_its_holder_is_told(town, clock, case_id):
    stand_still(town, case_id)
    moved = due(town, case_id)
    clock.at = datetime(2026, 8, 17, 5, tzinfo=UTC)

    with town.casework.begin(Actor.system()) as tx:
        assert cases.end_pauses(tx) >= 1

    assert due(town, case_id) == moved
    with town.begin("teacher") as tx:
        assert cases.head(tx, case_id).paused_until is None
        assert "pause_over" in {one.kind for one in notices.mine(tx)}
        assert {"case_paused", "case_goes_on"} <= {one.code for one in logs.entries(tx, case_id)}
    with town.casework.begin(Actor.system()) as tx:
        assert audit.verify(tx) == []


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [(MIDSUMMER.date(), "Ferie", "until"), (date(2027, 6, 1), "Ferie", "until"), (AUTUMN, " ", "reason")],
)
def test_a_pause_needs_a_later_day_within_half_a_year_and_a_reason(town, case_id, until, reason, field):
    with pytest.raises(Invalid) as refused:
        stand_still(town, case_id, until, reason=reason)
    assert set(refused.value.errors) == {field}


def test_only_the_holder_lets_a_case_stand_still_once_and_on_what_was_read(town, case_id):
    with pytest.raises(NotPermitted):
        stand_still(town, case_id, by="principal")
    with pytest.raises(Stale):
        stand_still(town, case_id, version=1)
    stand_still(town, case_id)
    with pytest.raises(Refused) as refused:
        stand_still(town, case_id)
    assert refused.value.unmet == ("not_paused",)


def test_a_baton_offered_while_the_case_stands_still_keeps_its_own_day(town, case_id):
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    before = due(town, case_id)["acceptance"]
    stand_still(town, case_id)
    assert due(town, case_id)["acceptance"] == before
