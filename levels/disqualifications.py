"""Disqualification (inhabilitet): who steps aside, why, and who decides whether it was needed.

forvaltningsloven § 6 lists the ties; § 8 lets the official assess their own; the nearest leader decides in doubt, and
somebody else where the leader is the one in question.
"""

from dataclasses import dataclass
from enum import StrEnum

from statemachine import State

from levels.charts import Chart


class Tie(StrEnum):
    """The ties of forvaltningsloven § 6, in the words of people."""

    FAMILY = "family"
    GUARDIAN = "guardian"
    PARTY = "party"
    FRIEND = "friend"
    CONFLICT = "conflict"
    OTHER = "other"
    LEADER = "leader"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "tie"


class TieSign(StrEnum):
    """What may tie somebody to a family, found in the registers: asked about, never decided on."""

    GUARDIAN = "guardian"
    SAME_HOME = "same_home"
    DECLARED = "declared"
    SAME_NAME = "same_name"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "tie_sign"


# What one may choose: a leader's disqualification follows for the whole unit by itself (§ 6 third paragraph).
CHOSEN = tuple(tie.value for tie in Tie if tie is not Tie.LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisqualificationFacts:
    """What the chart needs to know before somebody's standing is decided."""

    reason_given: bool = False
    assessed_by_another: bool = False


class DisqualificationChart(Chart):
    """Declared, and then barred or cleared by somebody else. Sight is lost from the declaration on."""

    Facts = DisqualificationFacts
    follows = {}

    declared = State(initial=True)
    barred = State()
    cleared = State()

    uphold = declared.to(barred, cond=["reason_given", "assessed_by_another"])
    clear = declared.to(cleared, cond=["reason_given", "assessed_by_another"]) | barred.to(
        cleared, cond=["reason_given", "assessed_by_another"]
    )
    declare = cleared.to(declared, cond=["reason_given"])
