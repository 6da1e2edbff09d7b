"""The guide's clocks: which ones an event starts, and the day and instant at which they end."""

from collections.abc import Sequence
from datetime import date, datetime

from levels import workdays
from levels.guides.models import Clock, Guide, Length
from levels.workdays import Calendar, Pause


def clocks_starting(
    guide: Guide,
    event: str,
    level_id: str,
    case_type: str | None = None,
    *,
    came_from: str | None = None,
) -> tuple[Clock, ...]:
    """The clocks an event starts at a level.

    A clock between levels starts when its second level is entered from its first. Where a clock names the case's
    type, it takes the place of the general clock that waits for the same thing.
    """
    fitting = [
        clock
        for clock in guide.clocks
        if clock.starts == event
        and _at(clock, level_id, came_from)
        and (not clock.case_types or case_type in clock.case_types)
    ]
    special = {clock.due for clock in fitting if clock.case_types}
    return tuple(clock for clock in fitting if clock.case_types or clock.due not in special)


def _at(clock: Clock, level_id: str, came_from: str | None) -> bool:
    if clock.between:
        return (clock.between.leaving, clock.between.entering) == (came_from, level_id)
    return not clock.levels or level_id in clock.levels


def last_day(
    length: Length,
    counted: str,
    started_on: date,
    pauses: Sequence[Pause] = (),
    *,
    calendar: Calendar = workdays.NORWAY,
) -> date:
    """The last day of a term; the day it starts is not counted, and paused days are added."""
    if length.months is not None:
        return workdays.add_months(started_on, length.months, pauses)
    if length.weeks is not None:
        return workdays.add_weeks(started_on, length.weeks, pauses)
    if counted == "working":
        return workdays.add_workdays(started_on, length.days or 0, pauses, calendar=calendar)
    return workdays.add_days(started_on, length.days or 0, pauses)


def day_due(
    clock: Clock, started_on: date, pauses: Sequence[Pause] = (), *, calendar: Calendar = workdays.NORWAY
) -> date:
    """The last day of a clock that started on a day in Norway."""
    return last_day(clock.length, clock.counted, started_on, pauses, calendar=calendar)


def deadline_of(
    clock: Clock, started_at: datetime, pauses: Sequence[Pause] = (), *, calendar: Calendar = workdays.NORWAY
) -> datetime:
    """The last instant of a clock's last day, aware, in Norwegian time. Raises ValueError for a time without a zone."""
    return workdays.last_instant_of(day_due(clock, workdays.local_day(started_at), pauses, calendar=calendar))
