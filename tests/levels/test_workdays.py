"""Working days and terms, against an independent calculation."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levels import workdays

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def _easter(year):
    """Gauss's rule as Butcher wrote it down: nothing shared with the library the house uses."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _red_days(year):
    easter = _easter(year)
    moving = {easter + timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50)}
    return moving | {date(year, *md) for md in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}


@given(DAYS)
def test_a_working_day_is_a_weekday_that_is_not_red(day):
    assert workdays.is_workday(day) == (day.weekday() < 5 and day not in _red_days(day.year))


@given(DAYS, st.integers(0, 60))
def test_adding_working_days_lands_on_a_working_day_with_that_many_between(day, count):
    due = workdays.add_workdays(day, count)
    assert workdays.workdays_between(day, due) == count
    assert count == 0 or workdays.is_workday(due)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 5, 15), 12, date(2027, 5, 15)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_there_is(start, months, due):
    assert workdays.add_months(start, months) == due


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_is_as_long_as_it_is_when_the_clocks_change(day, hours):
    length = workdays.end_of(day).astimezone(UTC) - workdays.end_of(day - timedelta(days=1)).astimezone(UTC)
    assert length == timedelta(hours=hours)


def test_a_night_in_utc_belongs_to_the_next_day_in_norway():
    assert workdays.local_day(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)) == date(2026, 6, 2)


def test_a_summer_in_which_the_clock_stands_still_moves_the_day():
    pause = ((date(2026, 6, 20), date(2026, 8, 16)),)
    assert workdays.add_workdays(date(2026, 6, 18), 5, pause) == date(2026, 8, 20)


@pytest.mark.parametrize("year", range(1950, 2100))
def test_the_red_days_of_every_year_agree_with_the_independent_easter(year):
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    assert {day for day in days if day.year == year and workdays.is_holiday(day)} == _red_days(year)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2027, 2, 28), 1, date(2027, 3, 1)),
        (date(2027, 12, 31), 60, date(2028, 2, 29)),
        (date(2026, 3, 28), 1, date(2026, 3, 29)),
        (date(2026, 10, 24), 14, date(2026, 11, 7)),
    ],
)
def test_leap_days_and_clock_changes_are_days_like_others(start, days, due):
    assert workdays.add_days(start, days) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 4, 1), 1, date(2026, 4, 7)),  # Wednesday before Easter
        (date(2026, 12, 23), 2, date(2026, 12, 28)),  # Christmas Eve is a working day, the next two are not
        (date(2026, 5, 13), 1, date(2026, 5, 15)),  # Ascension
        (date(2026, 11, 28), 0, date(2026, 11, 28)),  # no days at all, on a Saturday
    ],
)
def test_holidays_are_passed_over(start, days, due):
    assert workdays.add_workdays(start, days) == due


@given(DAYS, st.integers(0, 36), st.integers(0, 36))
def test_months_end_in_the_month_they_are_counted_to(day, first, more):
    due = workdays.add_months(day, first)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == first
    assert due.day == day.day or (due + timedelta(days=1)).day == 1
    assert due <= workdays.add_months(day, first + more)


@given(DAYS, DAYS)
def test_working_days_between_two_days_are_the_same_backwards(one, other):
    assert workdays.workdays_between(one, other) == -workdays.workdays_between(other, one)


@given(DAYS, st.integers(0, 90), st.integers(0, 60), st.integers(0, 30))
def test_a_pause_adds_as_many_days_as_it_takes(day, length, gap, span):
    first = day + timedelta(days=gap)
    pause = (first, first + timedelta(days=span))
    due = workdays.add_days(day, length, (pause,))
    still = sum(pause[0] <= day + timedelta(days=n) <= pause[1] for n in range(1, (due - day).days + 1))
    assert (due - day).days == length + still


@pytest.mark.parametrize(
    "add", [workdays.add_days, workdays.add_weeks, workdays.add_workdays, workdays.add_months]
)
def test_a_term_shorter_than_nothing_is_refused_and_one_beyond_the_calendar_ends_with_it(add):
    with pytest.raises(ValueError, match="shorter than nothing"):
        add(date(2026, 1, 1), -1)
    assert add(date(9999, 12, 1), 100) == date.max


def test_a_municipality_may_be_closed_on_a_day_the_country_works():
    calendar = workdays.Calendar(frozenset({date(2026, 8, 17)}))
    assert workdays.is_workday(date(2026, 8, 17))
    assert not workdays.is_workday(date(2026, 8, 17), calendar=calendar)
    assert workdays.add_workdays(date(2026, 8, 14), 1, calendar=calendar) == date(2026, 8, 18)
    assert workdays.workdays_between(date(2026, 8, 14), date(2026, 8, 21), calendar=calendar) == 4
