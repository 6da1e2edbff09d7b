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


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_is_as_long_as_it_is_when_the_clocks_change(day, hours):
    length = workdays.end_of(day).astimezone(UTC) - workdays.end_of(day - timedelta(days=1)).astimezone(UTC)
    assert length == timedelta(hours=hours)


def test_a_night_in_utc_belongs_to_the_next_day_in_norway():
    assert workdays.local_day(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)) == date(2026, 6, 2)


def test_a_summer_in_which_the_clock_stands_still_moves_the_day():
    pause = ((date(2026, 6, 20), date(2026, 8, 16)),)
    assert workdays.add_workdays(date(2026, 6, 18), 5, pause) == date(2026, 8, 20)
