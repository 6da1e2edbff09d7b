"""Whom a file is about: a child or youth, a child not yet born, or a group in which no single child is named.

Before birth the woman alone answers. Parental responsibility presumes a child that is born: barnelova § 35 gives it to
the parents «when they have a child together» (the act of 1981; its number in the act of 2025 is to be verified). From
birth everybody who has it must answer. A group's case holds nothing about one person, so there is nothing to consent
to (personvernforordningen art. 4 no. 1), and the moment it is about one child it is to be that child's own.
"""

from datetime import date, timedelta
from enum import StrEnum

from levels.families import age_on


class About(StrEnum):
    """Whom a file is about. `ended` is a pregnancy that ended without a birth."""

    CHILD = "child"
    UNBORN = "unborn"
    ENDED = "ended"
    GROUP = "group"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "about"


KINDS = tuple(kind.value for kind in About)
NOT_BORN = frozenset({About.UNBORN, About.ENDED})
# BTI and the municipality's duty to follow up reach to 23 (Tromsø's guide; aftercare goes on to 25).
OLDEST = 23
PREGNANCY = timedelta(weeks=40)
OVERDUE = timedelta(weeks=4)


def age_of(kind: str, born_on: date | None, day: date) -> int | None:
    """Whole years; None for a group and for somebody not born."""
    return age_on(born_on, day) if kind == About.CHILD and born_on else None


def fault_of_birth(born_on: date, today: date) -> str | None:
    """What is wrong with a day of birth, as a code: a day that has not been, or somebody older than 23."""
    if born_on > today:
        return "not_in_the_future"
    return "older_than_23" if age_on(born_on, today) > OLDEST else None


def fault_of_expected(expected_on: date, today: date) -> str | None:
    """What is wrong with the day a child is expected: no pregnancy lasts from now until then, or it is long over."""
    return None if today - OVERDUE <= expected_on <= today + PREGNANCY else "not_of_a_pregnancy"


def fault_of_delivery(born_on: date, expected_on: date, today: date) -> str | None:
    """What is wrong with the day an expected child was born: it has not been, or was before the pregnancy began."""
    if born_on > today:
        return "not_in_the_future"
    return None if born_on > expected_on - PREGNANCY else "before_the_pregnancy"
