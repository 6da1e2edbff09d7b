"""A child not yet born: registered by whoever follows the pregnancy, and what became of it."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, url_for
from pydantic import Field

import casework.cases
import casework.children
from casework.access import Permission
from web.children import registering
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.identity import casework as house
from web.texts import words

pages = Blueprint("pregnancies", __name__)


class RegisterPregnancy(Entry):
    """Who expects a child, and when; the unit is asked for only when there are several."""

    unit_id: UUID
    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    expected_on: date
    phone: str = Field(default="", max_length=40)
    another: bool = False


class RecordBirth(Entry):
    """The child that was born, and the other parent."""

    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    born_on: date
    identity_number: str = Field(default="", max_length=20)
    other_name: str = Field(default="", max_length=200)
    other_relation: str = "father"
    other_responsible: bool = False


@pages.get("/pregnancies/new")
def new() -> Response:
    """A pregnancy somebody follows."""
    return registering("pregnancies/new.html", RegisterPregnancy)


@pages.post("/pregnancies")
@again(new, result="signals.new")
def register() -> Response:
    """Put it in the unit's register, and go on to the worry about it."""
    form = read(RegisterPregnancy)
    with begin() as tx:
        wanted = casework.children.RegisterPregnancy(**form.typed())
        child_id = casework.children.register_pregnancy(tx, wanted, key=form.key)
    return done(url_for("signals.new", child=child_id), say="pregnancy_registered")


@pages.get("/pregnancies/<uuid:pregnancy_id>/birth")
def birth(pregnancy_id: UUID) -> Response:
    """Where it is written that the child is born."""
    belongs_to("cases.mine")
    with begin() as tx:
        found, version, case_id = casework.cases.pregnancy(tx, pregnancy_id)
        today = tx.today
    usual = {"other_relation": "father", "other_responsible": True}
    form = entered(RecordBirth, version=version, last_name=found.last_name, born_on=today, **usual)
    relations = words("choice", casework.cases.OTHERS, of="relation")
    return show("pregnancies/birth.html", child=found, case_id=case_id, relations=relations, form=form)


@pages.post("/pregnancies/<uuid:pregnancy_id>/birth")
@again(birth, result="cases.mine")
def record(pregnancy_id: UUID) -> Response:
    """The child is born; whoever must consent from now on, must from this moment."""
    form = read(RecordBirth)
    with begin() as tx:
        wanted = casework.cases.RecordBirth(**form.typed(), version=form.version, key=form.key)
        case_id = casework.cases.record_birth(tx, pregnancy_id, wanted, keys=house().keys)
    return done(_back(case_id), say="birth_recorded")


@pages.get("/pregnancies/<uuid:pregnancy_id>/end")
def ending(pregnancy_id: UUID) -> Response:
    """Asks once more, and asks for nothing else."""
    belongs_to("cases.mine")
    with begin() as tx:
        found, version, case_id = casework.cases.pregnancy(tx, pregnancy_id, Permission.MOVE_CASE)
    return show("pregnancies/end.html", child=found, case_id=case_id, form=entered(Entry, version=version))


@pages.post("/pregnancies/<uuid:pregnancy_id>/end")
@again(ending, result="cases.mine")
def end(pregnancy_id: UUID) -> Response:
    """The case is closed, and the family is sent nothing."""
    form = read(Entry)
    with begin() as tx:
        case_id = casework.cases.end_pregnancy(tx, pregnancy_id, version=form.version, key=form.key)
    return done(_back(case_id), say="pregnancy_ended")


def _back(case_id: UUID | None) -> str:
    return url_for("cases.details", case_id=case_id) if case_id else url_for("signals.mine")
