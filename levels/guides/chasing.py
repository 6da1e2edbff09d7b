"""The ladder above silence: who hears of what was not done, and on which day."""

from datetime import date

from levels import workdays
from levels.guides.codes import Hearer, Reader
from levels.guides.models import Clock, Guide, Rung

# The house's own ladders, for guides that say nothing: counted in working days.
USUAL: dict[str, tuple[Rung, ...]] = {
    "reply": (
        Rung(after=0, to=Hearer.SERVICE),
        Rung(after=3, to=Hearer.SERVICE_LEADER),
        Rung(after=5, to=Hearer.COORDINATOR),
    ),
    "evaluation": (
        Rung(after=0, to=Hearer.HOLDER),
        Rung(after=5, to=Hearer.LEADER),
        Rung(after=10, to=Hearer.COORDINATOR),
    ),
}
_ELSE = (Rung(after=0, to=Hearer.HOLDER), Rung(after=0, to=Hearer.LEADER))


def ladder(guide: Guide, clock_id: str, due: str) -> tuple[Rung, ...]:
    """The rungs for what a clock waits for: the guide's own, else the house's with whom the guide turns to."""
    clock = _clock(guide, clock_id, due)
    if clock is not None and clock.chase:
        return clock.chase
    rungs = USUAL.get(due, _ELSE)
    if clock is None or clock.escalate_to is Reader.HOLDER or due in USUAL:
        return rungs
    return (
        *(rung for rung in rungs if rung.to is Hearer.HOLDER),
        Rung(after=0, to=Hearer(clock.escalate_to)),
    )


def _clock(guide: Guide, clock_id: str, due: str) -> Clock | None:
    """The clock itself; for a day that was agreed instead, the guide's clock for the same thing."""
    own = next((one for one in guide.clocks if one.id == clock_id), None)
    return own or next((one for one in guide.clocks if one.due == due), None)


def rung_on(guide: Guide, clock_id: str, due: str, number: int, target_on: date) -> tuple[Rung, date] | None:
    """The rung of that number and the day after which it is climbed; None when the ladder has no such rung.

    Counted in working days, unless the guide's own clock counts calendar days.
    """
    rungs = ladder(guide, clock_id, due)
    if number >= len(rungs):
        return None
    clock = _clock(guide, clock_id, due)
    calendar_days = clock is not None and bool(clock.chase) and clock.counted == "calendar"
    add = workdays.add_days if calendar_days else workdays.add_workdays
    return rungs[number], add(target_on, rungs[number].after)
