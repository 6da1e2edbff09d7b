"""Norwegian working days and the arithmetic of terms: days are days in Norway, whatever the season.

A day that starts a term is never counted itself: one day from Monday is Tuesday. A pause is a pair of days,
both included, during which a clock stands still. Nothing here raises for a term that would end beyond the
calendar; it then ends on the calendar's last day.
"""

import calendar as months
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
Pause = tuple[date, date]
_DAY = timedelta(days=1)


@functools.cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Norway's working days, less the days a municipality is closed besides."""

    closed: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Monday to Friday, not a public holiday, and not a day the municipality is closed."""
        return day.weekday() < 5 and day not in self.closed and day not in _holidays(day.year)


NORWAY = Calendar()


def is_workday(day: date, *, calendar: Calendar = NORWAY) -> bool:
    """Monday to Friday, and not a public holiday."""
    return calendar.is_workday(day)


def is_holiday(day: date) -> bool:
    """A Norwegian public holiday; ordinary Saturdays and Sundays are not."""
    return day in _holidays(day.year)


def _stands_still(day: date, pauses: Sequence[Pause]) -> bool:
    return any(first <= day <= last for first, last in pauses)


def _next(day: date) -> date | None:
    return None if day == date.max else day + _DAY


def add_workdays(
    start: date, days: int, pauses: Sequence[Pause] = (), *, calendar: Calendar = NORWAY
) -> date:
    """The day `days` working days after `start`; paused days do not count. Raises ValueError below 0."""
    if days < 0:
        raise ValueError("A term cannot be shorter than nothing.")
    day, left = start, days
    while left and (after := _next(day)):
        day = after
        left -= calendar.is_workday(day) and not _stands_still(day, pauses)
    return day


def add_days(start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
    """The day `days` calendar days after `start`; paused days do not count. Raises ValueError below 0."""
    if days < 0:
        raise ValueError("A term cannot be shorter than nothing.")
    if not pauses:
        return date.max if days > (date.max - start).days else start + timedelta(days=days)
    day, left = start, days
    while left and (after := _next(day)):
        day = after
        left -= not _stands_still(day, pauses)
    return day


def add_weeks(start: date, weeks: int, pauses: Sequence[Pause] = ()) -> date:
    """The same weekday `weeks` weeks later; paused days do not count. Raises ValueError below 0."""
    return add_days(start, 7 * weeks, pauses)


def add_months(start: date, count: int, pauses: Sequence[Pause] = ()) -> date:
    """The same day `count` months later, or the month's last when it is shorter; then the paused days are added.

    Raises ValueError below 0.
    """
    if count < 0:
        raise ValueError("A term cannot be shorter than nothing.")
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    if year > date.max.year:
        return date.max
    day = date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))
    return add_days(start, (day - start).days, pauses)


def months_before(day: date, count: int) -> date:
    """The same day `count` months earlier, or that month's last when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def workdays_between(first: date, last: date, *, calendar: Calendar = NORWAY) -> int:
    """How many working days lie after `first`, up to and including `last`; negative when `last` comes first."""
    if last < first:
        return -workdays_between(last, first, calendar=calendar)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(calendar.is_workday(day) for day in days)


def pushed(day: date, pauses: Sequence[Pause], *, calendar: Calendar = NORWAY) -> date:
    """An agreed day after pauses: as many working days later as the pauses took; one that began after it takes none."""
    for first, last in sorted(pauses):
        if first <= day:
            taken = workdays_between(first - _DAY, last, calendar=calendar)
            day = add_workdays(day, taken, calendar=calendar) if taken else max(day, last)
    return day


def local_day(at: datetime) -> date:
    """The day people in Norway call it. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("A time without a zone has no day in Norway.")
    return at.astimezone(OSLO).date()


def end_of(day: date) -> datetime:
    """The first instant after a day in Norway: 23 or 25 hours after its beginning when the clocks change."""
    return datetime.combine(day + _DAY, time.min, OSLO)


def last_instant_of(day: date) -> datetime:
    """The last instant that still belongs to a day in Norway."""
    return datetime.combine(day, time.max, OSLO)
