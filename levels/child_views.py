"""A child's view (barnets syn): the forms that fit an age, what a view must hold, and how long it counts.

barneloven § 31, barnevernsloven § 1-4 and barnekonvensjonen art. 12: every child able to form a view is heard, whatever
its age. A view counts from the day it was given until the level changes or the guide's months have passed, whichever
comes first; one given in the fortnight before a change of level is the one the change rested on, and counts after it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from levels import workdays
from levels.children import About, age_of
from levels.guides.codes import NotAsked

WORDS_FROM, OWN_WORDS_FROM = 6, 12
FACES = (1, 2, 3)
# Age is never a reason: the youngest show a face or a picture.
REASONS = tuple(reason.value for reason in NotAsked if reason is not NotAsked.AGE)


class Form(StrEnum):
    """How a child of some age is asked."""

    SHOWN = "shown"
    FACES_AND_WORDS = "faces_and_words"
    OWN_WORDS = "own_words"
    TOGETHER = "together"  # a group is asked as one, and nobody in it is named


@dataclass(frozen=True, slots=True, kw_only=True)
class SayView:
    """What a child said or showed; or why it was not asked, and who brings its view instead.

    `mood` is one of three faces, 1 the happy one; `shown` is an adult's note of what the child pointed at, drew or did.
    """

    words: str = ""
    mood: int | None = None
    shown: str = ""
    why_not: str = ""
    not_asked: str | None = None
    brought_by: str = ""
    talked_on: date | None = None

    @property
    def heard(self) -> bool:
        """Whether the child said or showed anything."""
        return bool(self.words.strip() or self.mood or self.shown.strip())

    @property
    def given(self) -> bool:
        """Whether anything at all was filled in."""
        return self.heard or bool(self.why_not.strip())


def form_for(age: int) -> Form:
    """The form that fits an age in whole years; a child's own words are welcome in every one of them."""
    if age < WORDS_FROM:
        return Form.SHOWN
    return Form.FACES_AND_WORDS if age < OWN_WORDS_FROM else Form.OWN_WORDS


def form_of(kind: str, born_on: date | None, today: date) -> Form:
    """The form that fits whom a file is about."""
    return Form.TOGETHER if kind == About.GROUP else form_for(age_of(kind, born_on, today) or 0)


def faults(view: SayView, form: Form, today: date) -> dict[str, str]:
    """What is missing in a view given in this form, by field."""
    found = {}
    if view.talked_on is not None and view.talked_on > today:
        found["talked_on"] = "not_in_the_future"
    if view.mood is not None and view.mood not in FACES:
        found["mood"] = "not_a_choice"
    if not view.given:
        found["words"] = "words_or_why_not"
    elif not view.heard:
        if view.not_asked is not None and view.not_asked not in REASONS:
            found["not_asked"] = "not_a_choice"
        if not view.brought_by.strip():
            found["brought_by"] = "who_brings_the_view"
    elif not view.words.strip():
        if form is Form.SHOWN and not view.shown.strip():
            found["shown"] = "what_the_child_showed"
        elif form is not Form.SHOWN and (form is Form.OWN_WORDS or view.mood is None):
            found["words"] = "own_words"
    return found


def counts_from(level_since: date, today: date, *, months: int, carried_days: int) -> date:
    """The first day from which a view still counts."""
    return max(level_since - timedelta(days=carried_days), workdays.months_before(today, months))
