"""A measure (tiltak): agreed, tried, evaluated on its date, ended with a result."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import StartClock, StopClock


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFacts:
    """What the chart needs to know about a measure."""

    goal_written: bool = False
    responsible_named: bool = False
    evaluation_date_set: bool = False
    child_view_known: bool = False
    result_given: bool = False
    child_asked: bool = False
    reason_given: bool = False


_PLANNED = ["goal_written", "responsible_named", "evaluation_date_set", "child_view_known"]


class MeasureChart(Chart):
    """Planned, running, ended. An evaluation keeps it running with a new date, or ends it."""

    Facts = MeasureFacts
    follows = {
        "start": (StartClock("measure_started"),),
        "evaluate": (StopClock("evaluation"), StartClock("measure_started")),
        "end": (StopClock("evaluation"),),
        "drop": (StopClock("evaluation"),),
    }

    planned = State(initial=True)
    running = State()
    ended = State(final=True)

    start = planned.to(running, cond=_PLANNED)
    evaluate = running.to.itself(cond=["result_given", "child_asked", "evaluation_date_set"])
    end = running.to(ended, cond=["result_given", "child_asked"])
    drop = planned.to(ended, cond=["reason_given"]) | running.to(ended, cond=["reason_given"])
