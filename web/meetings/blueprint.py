"""Where the pages about meetings are gathered, and what they share."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask import Blueprint, g, request

import casework.cases
from levels.children import About
from web import forms
from web.forms import Entry
from web.texts import OSLO

pages = Blueprint("meetings", "web.meetings")
KINDS = ("joint", "evaluation", "resource_team", "decision_forum")
ANSWERS = ("yes", "maybe", "no")
THE_CHILD = "child"


def at(day: date, clock: time) -> datetime:
    """A Norwegian day and time of day; held in UTC, where every night has all its hours once."""
    return datetime.combine(day, clock, OSLO).astimezone(UTC)


def lines(text: str) -> tuple[str, ...]:
    """Each line that says something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def asks_for(what: str) -> bool:
    """Whether the form was sent by the button that does this."""
    return request.form.get("do") == what


def one_more_row(model: type[Entry], shown: int, most: int) -> None:
    """Let the page show the form again as it was typed, with one row more."""
    rows = request.form.get("rows", type=int) or shown
    form = forms.shown_again()
    form.values = {**form.values, "rows": [str(min(rows + 1, most))]}
    g.again, g.reading, g.draft_stays = form, model, True


def rows_of(form: forms.Form, names: tuple[str, ...], shown: int, most: int) -> int:
    """How many rows a form of rows shows: as many as asked for, and every row that holds something."""
    asked = int(form.value("rows")) if form.value("rows").isdigit() else shown
    filled = [n + 1 for n in range(most) for name in names if form.value(f"{name}_{n}")]
    return min(max([shown, asked, *filled]), most)


def callable_people(
    case: casework.cases.CaseDetails, guardians: list[Any]
) -> tuple[list[tuple[Any, str]], list[tuple[Any, str]]]:
    """Everybody inside the case, and the family."""
    staff = {p.practitioner_id: f"{p.name}, {p.service_name or p.title}" for p in case.participants}
    family: list[tuple[Any, str]] = [(one.id, one.name) for one in guardians]
    if case.head.child.kind == About.CHILD:
        family.append((THE_CHILD, case.head.child.first_name))
    return list(staff.items()), family
