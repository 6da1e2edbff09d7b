"""What a family may say through its own door, who may say it from which age, and by when it is answered."""

from datetime import date
from enum import StrEnum

from levels import workdays


class Kind(StrEnum):
    """The kinds of words; the child's own view is heard, the others wait for an answer."""

    VIEW = "view"
    QUESTION = "question"
    REPLY = "reply"
    HOLDER_WISH = "holder_wish"
    READER_OBJECTION = "reader_objection"
    CORRECTION = "correction"
    COMPLAINT = "complaint"
    CLOSING_WISH = "closing_wish"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "family_word"


KINDS = tuple(kind.value for kind in Kind)

# Somebody who is twelve has a say of their own in most that concerns them (barneloven § 31), and may come in alone.
YOUTH_AGE = 12
# Parental responsibility ends when the child is of age (vergemålsloven § 8): the parents' door closes that day.
OF_AGE = 18
ANSWER_WORKDAYS = 10
# Personvernforordningen article 12 no. 3: a request about one's own data is answered within a month.
ANSWER_MONTHS = 1
ABOUT_DATA = frozenset({Kind.CORRECTION, Kind.READER_OBJECTION})


def age_on(born_on: date, day: date) -> int:
    """Whole years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def answer_by(kind: Kind, day: date) -> date | None:
    """The day by which these words must be answered; None for what is only heard."""
    if kind is Kind.VIEW:
        return None
    if kind in ABOUT_DATA:
        return workdays.add_months(day, ANSWER_MONTHS)
    return workdays.add_workdays(day, ANSWER_WORKDAYS)
