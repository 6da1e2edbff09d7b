"""The child's view as part of a form: faces, own words, what was shown, or why not and who brings it instead."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from pydantic import Field, field_validator

import casework.child_views
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.child_views import REASONS, SayView
from web.forms import Entry
from web.texts import words


class AsksChild(Entry):
    """What the child said or showed, in the same transaction as what it is about."""

    child_words: str = Field(default="", max_length=4000)
    child_mood: int | None = None
    child_shown: str = Field(default="", max_length=2000)
    child_why_not: str = Field(default="", max_length=1000)
    child_not_asked: str | None = None
    child_brought_by: str = Field(default="", max_length=200)
    child_talked_on: date | None = None

    @field_validator("child_not_asked", mode="before")
    @classmethod
    def _nothing_chosen(cls, value: object) -> object:
        return value or None

    def view(self) -> SayView:
        """The child's view as typed."""
        return SayView(**{name: getattr(self, f"child_{name}") for name in SayView.__dataclass_fields__})

    def rest(self) -> dict[str, Any]:
        """Everything typed that is not the child's view."""
        view = {f"child_{name}" for name in SayView.__dataclass_fields__}
        return {name: value for name, value in self.typed().items() if name not in view}


def asking(tx: Transaction, case_id: UUID) -> dict[str, Any]:
    """What `child_views/_ask.html` needs: whether a view is known, and the form that fits the child."""
    return {"asks": casework.child_views.asking(tx, case_id), "faces": faces(), "not_asked": reasons()}


def faces() -> list[tuple[str, str, str]]:
    """The three faces, the happy one first."""
    return [("1", _("Good"), "FaceSmile"), ("2", _("So-so"), "Face"), ("3", _("Not good"), "FaceFrown")]


def reasons() -> Any:
    """Why a child may not have been asked."""
    return words("not_asked", REASONS)


def said(view: SayView) -> dict[str, Any]:
    """A view's fields as the act takes them."""
    return {name: getattr(view, name) for name in SayView.__dataclass_fields__}


@contextmanager
def at_fields(prefix: str) -> Iterator[None]:
    """Say what is wrong at the fields as this form names them."""
    try:
        yield
    except Invalid as refusal:
        raise Invalid({f"{prefix}{name}": code for name, code in refusal.errors.items()}) from None
