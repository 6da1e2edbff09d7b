"""How long each kind of thing is kept, by which rule, and how far a municipality may change it.

Personvernforordningen article 5 (1) e says no longer than needed; arkivlova says that what must be preserved is not
deleted before the archive has it. Neither names a number of months: the terms are the house's proposal, the bounds
keep a municipality from keeping for ever, and from deleting before figures are counted and people can complain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What is kept for a time."""

    CASE = "case"
    SIGNAL = "signal"
    PACKAGE = "package"
    NOTICE = "notice"
    EMERGENCY_READ = "emergency_read"
    TRAIL = "trail"
    FAMILY_CODE = "family_code"
    CALENDAR_FEED = "calendar_feed"
    SIGN_IN = "sign_in"
    DONE_ACT = "done_act"
    OUTGOING = "outgoing"
    DRAFT = "draft"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "retention_kind"


class Ground(StrEnum):
    """Why something past its term must still be kept."""

    COMPLAINT = "complaint"
    ACCESS_REQUEST = "access_request"
    SUPERVISION = "supervision"
    COURT = "court"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "hold_ground"


GROUNDS = tuple(one.value for one in Ground)
KINDS = tuple(one.value for one in Kind)
NECESSITY = "personvernforordningen art. 5 nr. 1 e"
PRESERVATION = "arkivlova, riksarkivarens forskrift kap. 7"
SECURITY = "personvernforordningen art. 32"


@dataclass(frozen=True, slots=True)
class Term:
    """How long: months or days, and between which bounds a municipality may choose its own number of months."""

    kind: Kind
    source: str
    months: int = 0
    days: int = 0
    least: int = 0
    most: int = 0

    @property
    def adjustable(self) -> bool:
        """Whether a municipality may choose."""
        return self.most > self.least

    @property
    def setting(self) -> str:
        """What a municipality's own number is called among its settings."""
        return f"{self.kind.value}_months"


TERMS: Mapping[Kind, Term] = {
    one.kind: one
    for one in (
        # Counted from closing, and never before the archive has taken the case over.
        Term(Kind.CASE, PRESERVATION, months=24, least=6, most=120),
        # Counted from the decision that nothing need be done.
        Term(Kind.SIGNAL, NECESSITY, months=12, least=3, most=36),
        # The package itself, counted from the day the archive took over.
        Term(Kind.PACKAGE, NECESSITY, months=3, least=1, most=12),
        Term(Kind.NOTICE, NECESSITY, months=24, least=6, most=60),
        Term(Kind.EMERGENCY_READ, SECURITY, months=60, least=24, most=120),
        # Counted from the last word in the trail of a file that is gone.
        Term(Kind.TRAIL, SECURITY, months=120, least=60, most=240),
        Term(Kind.FAMILY_CODE, NECESSITY, days=30),
        Term(Kind.CALENDAR_FEED, NECESSITY, days=30),
        Term(Kind.SIGN_IN, SECURITY, days=30),
        Term(Kind.DONE_ACT, NECESSITY, days=30),
        Term(Kind.OUTGOING, NECESSITY, days=30),
        Term(Kind.DRAFT, NECESSITY, days=14),
    )
}


def may_choose(kind: str, months: int) -> bool:
    """Whether a municipality may keep this kind for so many months."""
    term = TERMS.get(Kind(kind)) if kind in KINDS else None
    return term is not None and term.adjustable and term.least <= months <= term.most


def months(kind: Kind, settings: Mapping[str, Any]) -> int:
    """A municipality's own term, never outside the bounds whatever its settings say."""
    term = TERMS[kind]
    try:
        chosen = int(settings.get(term.setting, term.months))
    except (TypeError, ValueError):
        chosen = term.months
    return min(max(chosen, term.least), term.most)
