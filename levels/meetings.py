"""A meeting: planned, summoned, held with minutes, or cancelled."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import StartClock, StartFlow, StopClock


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
