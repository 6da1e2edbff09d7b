"""A meeting: its time agreed, then planned, summoned, held with minutes, or cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from statemachine import State

from levels import workdays
from levels.charts import Chart
from levels.consequences import StartClock, StartFlow, StopClock

FEWEST_TIMES, MOST_TIMES = 2, 6
TIME_ANSWERS = ("yes", "maybe", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFacts:
    """What the chart needs to know about times proposed for a meeting."""

    time_chosen: bool = False
    time_is_ahead: bool = False


class MeetingProposalChart(Chart):
    """Some times are proposed, everybody answers each, and one is agreed on or all are withdrawn."""

    Facts = ProposalFacts
    follows = {
        "agree": (StopClock("times"),),
        "withdraw": (StopClock("times"),),
    }

    proposed = State(initial=True)
    agreed = State(final=True)
    withdrawn = State(final=True)

    answer_times = proposed.to.itself()
    agree = proposed.to(agreed, cond=["time_chosen", "time_is_ahead"])
    withdraw = proposed.to(withdrawn)


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """One proposed time and how many can come."""

    id: UUID
    starts_at: datetime
    yes: int = 0
    maybe: int = 0


def best_time(times: Iterable[OfferedTime], *, now: datetime) -> OfferedTime | None:
    """The time that suits most: most yes, then fewest «if need be», then the earliest.

    None when no time that is still ahead suits anybody.
    """
    possible = [one for one in times if one.starts_at > now and one.yes + one.maybe > 0]
    return min(possible, key=lambda one: (-one.yes, one.maybe, one.starts_at, str(one.id)), default=None)


def time_warnings(starts_at: datetime, *, now: datetime) -> tuple[str, ...]:
    """What speaks against a time: it is past, or on a holiday or at a weekend in Norway."""
    day = workdays.local_day(starts_at)
    found = {
        "time_is_past": starts_at <= now,
        "on_a_holiday": workdays.is_holiday(day),
        "at_a_weekend": day.weekday() >= 5,
    }
    return tuple(code for code, true in found.items() if true)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """What the chart needs to know about a meeting."""

    time_set: bool = False
    participants_named: bool = False
    minutes_written: bool = False
    reason_given: bool = False


class MeetingChart(Chart):
    """A summons is sent by iCalendar; moving it sends the same invitation with a higher sequence."""

    Facts = MeetingFacts
    follows = {
        "summon": (StartFlow("summon-meeting"),),
        "move_time": (StartFlow("summon-meeting"),),
        "cancel": (StartFlow("summon-meeting"),),
        "hold": (StopClock("meeting"), StartClock("meeting_held")),
    }

    planned = State(initial=True)
    summoned = State()
    held = State(final=True)
    cancelled = State(final=True)

    summon = planned.to(summoned, cond=["time_set", "participants_named"])
    move_time = planned.to.itself(cond=["time_set"]) | summoned.to.itself(cond=["time_set", "reason_given"])
    hold = planned.to(held, cond=["minutes_written"]) | summoned.to(held, cond=["minutes_written"])
    cancel = planned.to(cancelled) | summoned.to(cancelled, cond=["reason_given"])
