"""Which plan gathers the help: the relay log (stafettlogg), or an individual plan (individuell plan), and back.

helse- og omsorgstjenesteloven § 7-1: whoever needs lasting and coordinated services has a right to an individual plan,
when they want one. § 7-2: a coordinator; § 7-2 a: a child coordinator (barnekoordinator) to the family of a seriously
ill or disabled child. The case, its log and its baton go on; consent is asked anew for the new plan.
"""

from dataclasses import dataclass
from enum import StrEnum

from statemachine import State

from levels.charts import Chart


class Coordinator(StrEnum):
    """Who holds an individual plan together."""

    COORDINATOR = "plan_coordinator"
    CHILD_COORDINATOR = "child_coordinator"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "plan_coordinator"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What the chart needs to know before the plan changes."""

    family_wants_it: bool = False
    coordinator_named: bool = False
    reason_given: bool = False
    case_open: bool = False


class PlanChart(Chart):
    """The log first; an individual plan when the need lasts and the family wants it; back when it does not."""

    Facts = PlanFacts
    follows = {}

    relay_log = State(initial=True)
    individual_plan = State()

    begin_plan = relay_log.to(
        individual_plan, cond=["case_open", "family_wants_it", "coordinator_named", "reason_given"]
    )
    back_to_log = individual_plan.to(relay_log, cond=["case_open", "reason_given"])
