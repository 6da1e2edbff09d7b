"""A family moves (flytting): the hand-over pack is offered to the next municipality, which takes the case or does not.

The baton stays with its holder until somebody there has taken the case; an offer nobody answers comes back. What is
handed over is what the family says yes to, and nothing else (helsepersonelloven § 22, forvaltningsloven § 13 a).
"""

from dataclasses import dataclass
from enum import StrEnum

from statemachine import State

from levels.charts import Chart


class Part(StrEnum):
    """What a hand-over pack may hold, each by the family's own yes."""

    MEASURES = "measures"
    MEETINGS = "meetings"
    CHILD_VIEWS = "child_views"
    LOG = "log"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "pack_part"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelocationFacts:
    """What the chart needs to know about a hand-over between municipalities."""

    family_consents: bool = False
    receiver_named: bool = False
    case_open: bool = False
    taken_by_somebody: bool = False
    reason_given: bool = False
    time_is_up: bool = False


class RelocationChart(Chart):
    """Prepared, offered, and then accepted, declined, lapsed or withdrawn; only acceptance closes the case here."""

    Facts = RelocationFacts
    follows = {}

    prepared = State(initial=True)
    offered = State()
    accepted = State(final=True)
    declined = State(final=True)
    lapsed = State(final=True)
    withdrawn = State(final=True)

    offer = prepared.to(offered, cond=["case_open", "receiver_named", "family_consents"])
    accept = offered.to(accepted, cond=["taken_by_somebody"])
    decline = offered.to(declined, cond=["reason_given"])
    lapse = offered.to(lapsed, cond=["time_is_up"])
    withdraw = offered.to(withdrawn)
