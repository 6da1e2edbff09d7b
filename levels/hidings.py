"""What is kept from the family (skjult for familien): when it is looked at again, and what may come of it.

Whoever hides says by which law, and on which day somebody looks at it again (decision 11). The grounds stand in other
laws (forvaltningsloven § 19, pasient- og brukerrettighetsloven § 3-4, personopplysningsloven § 16: to be verified).
A day that passes changes nothing by itself: the ground may still stand, and what has been read cannot be taken back. So
it stays hidden, the deadline is missed as any other, and the leader hears of it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from statemachine import State

from levels.charts import Chart
from levels.consequences import StartClock, StopClock

BEGINS = "hidden"  # the event that starts the clock
DUE = "hiding"  # what the clock waits for


class Answer(StrEnum):
    """What comes of looking at it again; the chart's two events."""

    SHOW = "show"
    KEEP = "keep"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "event"


ANSWERS = tuple(one.value for one in Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingFacts:
    """What the chart needs to know before something is shown, or kept hidden."""

    reason_given: bool = False
    later_day_chosen: bool = False
    entry_is_shown: bool = False


class HidingChart(Chart):
    """Hidden until somebody shows it: kept so only with a legal reason and a later day, and shown for good.

    A document is not shown before the entry it belongs to.
    """

    Facts = HidingFacts
    follows = {"keep": (StopClock(DUE), StartClock(BEGINS)), "show": (StopClock(DUE),)}

    hidden = State(initial=True)
    shown = State(final=True)

    keep = hidden.to.itself(cond=["reason_given", "later_day_chosen"])
    show = hidden.to(shown, cond="entry_is_shown")


def day_to_look(wanted: date, today: date) -> date:
    """The day it is looked at again: the one that was chosen, or today when that has passed already."""
    return max(wanted, today)
