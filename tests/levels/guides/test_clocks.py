"""Clocks: what starts them, when they end, and what makes them stand still."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levels import guides, workdays
from levels.guides.clocks import last_day
from levels.guides.models import Length
from levels.workdays import OSLO, Calendar

STORELVA = guides.read(guides.library("storelva"))
CLOCKS = {clock.id: clock for clock in STORELVA.clocks}


def _ids(found):
    return [clock.id for clock in found]


def test_a_worry_starts_the_general_clocks_and_waits_for_two_things():
    assert _ids(guides.clocks_starting(STORELVA, "concern_arose", "fase-1")) == ["del", "undring"]


@pytest.mark.parametrize("case_type", ["absence", "school_environment"])
def test_a_case_types_own_clock_takes_the_general_ones_place(case_type):
    assert _ids(guides.clocks_starting(STORELVA, "concern_arose", "fase-1", case_type)) == ["del", "fravaer"]


def test_a_clock_between_levels_runs_only_from_the_one_to_the_other():
    from_own = guides.clocks_starting(STORELVA, "level_entered", "fase-3", came_from="fase-2")

    assert _ids(from_own) == ["til-oppvekstteam"]
    assert guides.clocks_starting(STORELVA, "level_entered", "fase-3", came_from="fase-1") == ()
    assert guides.clocks_starting(STORELVA, "level_entered", "fase-3") == ()


def test_a_clock_without_levels_runs_everywhere():
    for plan in STORELVA.levels:
        assert _ids(guides.clocks_starting(STORELVA, "baton_offered", plan.id)) == ["stafettpinne"]


def test_most_of_vestre_totens_steps_have_no_clock_and_none_is_invented():
    vestre_toten = guides.read(guides.library("vestre_toten"))

    assert vestre_toten.clocks == ()


def test_three_working_days_from_wednesday_before_easter_end_after_it():
    started = datetime(2026, 4, 1, 8, tzinfo=OSLO)

    assert guides.day_due(CLOCKS["del"], started.date()) == date(2026, 4, 9)


def test_a_term_ends_with_the_last_instant_of_its_day_in_norway_in_summer_and_winter():
    winter = guides.deadline_of(CLOCKS["til-oppvekstteam"], datetime(2026, 10, 5, 12, tzinfo=UTC))
    summer = guides.deadline_of(CLOCKS["til-oppvekstteam"], datetime(2026, 3, 10, 12, tzinfo=UTC))

    assert winter == datetime(2026, 10, 26, 22, 59, 59, 999999, tzinfo=UTC)
    assert summer == datetime(2026, 3, 31, 21, 59, 59, 999999, tzinfo=UTC)


def test_a_worry_late_at_night_in_utc_starts_on_the_next_day_in_norway():
    due = guides.deadline_of(CLOCKS["til-oppvekstteam"], datetime(2026, 6, 1, 22, 30, tzinfo=UTC))

    assert due.date() == date(2026, 6, 23)


@pytest.mark.parametrize("hour", range(24))
def test_the_hour_of_the_night_when_clocks_change_does_not_move_the_day(hour):
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        started = datetime(day.year, day.month, day.day, hour, 30, tzinfo=OSLO)

        assert guides.deadline_of(CLOCKS["til-oppvekstteam"], started).date() == day + timedelta(days=21)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        guides.deadline_of(CLOCKS["del"], datetime(2026, 6, 1, 12))


def test_two_months_from_the_last_of_december_end_on_the_last_of_february():
    assert guides.day_due(CLOCKS["evaluering"], date(2026, 12, 31)) == date(2027, 2, 28)
    assert guides.day_due(CLOCKS["evaluering"], date(2027, 12, 31)) == date(2028, 2, 29)


def test_at_once_is_the_same_day():
    assert last_day(Length(days=0), "calendar", date(2026, 5, 17)) == date(2026, 5, 17)


def test_a_pause_moves_the_day_by_the_days_it_lasts():
    pause = ((date(2026, 6, 20), date(2026, 8, 16)),)

    assert guides.day_due(CLOCKS["undring"], date(2026, 6, 17), pause) == date(2026, 8, 26)
    assert guides.day_due(CLOCKS["til-oppvekstteam"], date(2026, 6, 17), pause) == date(2026, 9, 4)
    assert guides.day_due(CLOCKS["evaluering"], date(2026, 6, 17), pause) == date(2026, 10, 14)


def test_a_municipalitys_closed_day_is_no_working_day():
    closed = Calendar(frozenset({date(2026, 11, 26)}))

    assert guides.day_due(CLOCKS["del"], date(2026, 11, 24)) == date(2026, 11, 27)
    assert guides.day_due(CLOCKS["del"], date(2026, 11, 24), calendar=closed) == date(2026, 11, 30)


LENGTHS = st.one_of(
    st.integers(0, 60).map(lambda n: Length(days=n)),
    st.integers(1, 12).map(lambda n: Length(weeks=n)),
    st.integers(1, 12).map(lambda n: Length(months=n)),
)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@given(LENGTHS, st.sampled_from(["calendar", "working"]), DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_pause_never_shortens_a_term_and_one_that_is_over_changes_nothing(
    length, counted, start, gap, span
):
    plain = last_day(length, counted, start)
    first = start + timedelta(days=gap)
    paused = last_day(length, counted, start, ((first, first + timedelta(days=span)),))
    before = last_day(length, counted, start, ((start - timedelta(days=span), start),))

    assert plain <= paused <= plain + 3 * timedelta(days=span + 7)
    assert before == plain


@given(LENGTHS, st.sampled_from(["calendar", "working"]))
def test_no_term_runs_beyond_the_calendar(length, counted):
    assert last_day(length, counted, date.max) == date.max
    assert last_day(length, counted, date.min) >= date.min


def test_the_days_of_a_deadline_and_of_its_missing_meet():
    due = guides.deadline_of(CLOCKS["del"], datetime(2026, 11, 24, 9, tzinfo=OSLO))

    assert workdays.end_of(due.date()) - due == timedelta(microseconds=1)
