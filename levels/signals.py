"""A worry (undring): from the first notice to a decision."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import Notify, StopClock


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFacts:
    """What the chart needs to know about a worry."""

    reason_given: bool = False
    holder_named: bool = False
    guardians_settled: bool = False
    guide_permits: bool = False


class SignalChart(Chart):
    """Noticed, talked over, then resolved or raised to a case. A report to child welfare is open throughout."""

    Facts = SignalFacts
    follows = {
        "resolve": (StopClock("decision"),),
        "raise_case": (StopClock("decision"),),
        "share": (Notify("signal_shared", "leader"),),
    }

    noticed = State(initial=True)
    discussed = State()
    resolved = State(final=True)
    raised = State(final=True)

    discuss = noticed.to(discussed) | discussed.to.itself(internal=True)
    share = noticed.to(discussed) | discussed.to.itself(internal=True)
    resolve = noticed.to(resolved, cond=["reason_given", "guide_permits"]) | discussed.to(
        resolved, cond=["reason_given", "guide_permits"]
    )
    raise_case = noticed.to(
        raised, cond=["holder_named", "guardians_settled", "guide_permits"]
    ) | discussed.to(raised, cond=["holder_named", "guardians_settled", "guide_permits"])
    report_concern = noticed.to.itself(internal=True) | discussed.to.itself(internal=True)
