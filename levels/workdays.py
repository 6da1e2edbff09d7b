"""Norwegian working days and the arithmetic of terms. Days are days in Norway, whatever the season."""

import calendar
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
Pause = tuple[date, date]


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year))


def is_workday(day: date) -> bool:
    """Monday to Friday, and not a public holiday."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def _stands_still(day: date, pauses: Sequence[Pause]) -> bool:
    return any(first <= day <= last for first, last in pauses)


def add_workdays(start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The day `days` working days after `start`; paused days do not count. `start` itself is never counted."""
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        if is_workday(day) and not _stands_still(day, pauses):
            left -= 1
    return day


def add_days(start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The day `days` calendar days after `start`; paused days do not count."""
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        if not _stands_still(day, pauses):
            left -= 1
    return day


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the month's last when it is shorter."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(start.day, last))


def workdays_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(1 for day in days if is_workday(day))


def local_day(at: datetime) -> date:
    """The day people in Norway would call it."""
    return at.astimezone(OSLO).date()


def end_of(day: date) -> datetime:
    """The first instant after a day in Norway: 23 or 25 hours after its beginning when the clocks change."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), OSLO)
