"""The one rule for letting anything of a child or a guardian reach somebody by any channel: allowed, masked or barred.

Barred comes before granted. Nothing with a name leaves the house by a letter, a text message or a calendar. A protected
address (fortrolig or strengt fortrolig adresse, folkeregisterloven § 10-4, to be verified) hides where somebody can be
met or reached from everybody who does not need it, the other parent first of all.
"""

from dataclasses import dataclass
from enum import StrEnum

from levels.families import OF_AGE, YOUTH_AGE


class Channel(StrEnum):
    """By what something would reach somebody."""

    LETTER = "letter"
    SMS = "sms"
    CALENDAR = "calendar"
    INVITATION = "invitation"
    PAGE = "page"
    API = "api"
    PORTAL = "portal"
    PRINT = "print"
    EXPORT = "export"


class What(StrEnum):
    """What would be shared: who it is, where somebody can be met, how somebody is reached, or what is written."""

    NAME = "name"
    PLACE = "place"
    CONTACT = "contact"
    CONTENT = "content"
    NOTICE = "notice"  # that something waits, without a name, a place or a topic


class Reader(StrEnum):
    """Whom it would reach."""

    STAFF = "staff"
    SERVICE = "service"
    GUARDIAN = "guardian"
    CHILD = "child"


class Verdict(StrEnum):
    """What comes of it."""

    ALLOWED = "allowed"
    MASKED = "masked"
    BARRED = "barred"


LEAVES_THE_HOUSE = frozenset({Channel.LETTER, Channel.SMS, Channel.CALENDAR})
# Whoever takes it away keeps it: where somebody lives goes into no file and onto no paper.
TAKEN_AWAY = LEAVES_THE_HOUSE | {Channel.EXPORT}
_WHERE = frozenset({What.PLACE, What.CONTACT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """One thing that would be shared. `protected`, that whom it is about has a protected address.

    `needs_it`, that the reader must know all the same: the one who holds the baton or leads, child welfare, a parent
    who is protected too, or whoever it is about. `age` is the child's in whole years, for a reader of the family.
    """

    what: What
    channel: Channel
    reader: Reader
    consent: bool = True
    barred: bool = False
    kept_out: bool = False
    protected: bool = False
    needs_it: bool = False
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be shared, and why not; an empty reason for a plain yes."""

    verdict: Verdict
    reason: str = ""

    @property
    def allowed(self) -> bool:
        """Whether it may be shared as it is."""
        return self.verdict is Verdict.ALLOWED


def may_share(asked: Sharing) -> Answer:
    """The one answer. Each reason is a code: disqualified, kept_out, child_is_of_age, too_young, no_consent,
    no_names_outside, protected_address."""
    reason = _barred(asked)
    if reason:
        return Answer(Verdict.BARRED, reason)
    if asked.protected and asked.what in _WHERE and (asked.channel in TAKEN_AWAY or not asked.needs_it):
        return Answer(Verdict.MASKED, "protected_address")
    return Answer(Verdict.ALLOWED)


def _barred(asked: Sharing) -> str:
    rules = (
        (asked.barred, "disqualified"),
        (asked.kept_out, "kept_out"),
        (
            asked.reader is Reader.GUARDIAN and asked.age is not None and asked.age >= OF_AGE,
            "child_is_of_age",
        ),
        (asked.reader is Reader.CHILD and asked.age is not None and asked.age < YOUTH_AGE, "too_young"),
        (asked.reader is Reader.SERVICE and not asked.consent, "no_consent"),
        (asked.channel in LEAVES_THE_HOUSE and asked.what in (What.NAME, What.CONTENT), "no_names_outside"),
    )
    return next((reason for holds, reason in rules if holds), "")
