"""A report of concern (bekymringsmelding): what the receiver did with it, never what the sender's machine did."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import Notify


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernReportFacts:
    """Nothing can hold a report back, so there is nothing to know."""


class ConcernReportChart(Chart):
    """Saved, delivered to the child welfare service, opened by a named person there."""

    Facts = ConcernReportFacts
    follows = {"open_report": (Notify("concern_report_opened", "reporter"),)}

    saved = State(initial=True)
    delivered = State()
    opened = State(final=True)

    deliver = saved.to(delivered)
    open_report = saved.to(opened) | delivered.to(opened)
