"""Away from work: one's own days, and a colleague's for whoever leads."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, url_for
from pydantic import Field

import casework.absences
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("absences", __name__)


class SetAbsence(Entry):
    """From which day, until which, and who stands in."""

    from_on: date
    until_on: date
    substitute_id: UUID | None = None
    note: str = Field(default="", max_length=200)


def _people(found: list[casework.absences.Colleague]) -> list[tuple[UUID, str]]:
    return [(one.practitioner_id, f"{one.name}, {one.title}") for one in found]


def _shown(practitioner_id: UUID, listed: list[casework.absences.AbsenceDetails], **values: Any) -> Response:
    with begin() as tx:
        people = casework.absences.colleagues(tx, practitioner_id)
        today = tx.today
    return show(
        "absences/listed.html",
        person_id=practitioner_id,
        absences=listed,
        people=_people(people),
        form=entered(SetAbsence, from_on=today),
        ending=entered(Entry),
        **values,
    )


@pages.get("/absences/mine")
def mine() -> Response:
    """When one is away, and who stands in."""
    belongs_to("cases.mine")
    with begin() as tx:
        listed = casework.absences.mine(tx)
    return _shown(g.actor.id, listed, name=None)


@pages.post("/absences/mine")
@again(mine, result=".mine")
def register() -> Response:
    """Be away."""
    form = read(SetAbsence)
    with begin() as tx:
        wanted = casework.absences.SetAbsence(**form.typed(), key=form.key)
        casework.absences.register(tx, g.actor.id, wanted)
    return done(url_for(".mine"), say="absence_registered")


@pages.get("/absences/of/<uuid:practitioner_id>")
def of_colleague(practitioner_id: UUID) -> Response:
    """A colleague's days, for whoever leads."""
    belongs_to("drifts.listed")
    with begin() as tx:
        name, listed = casework.absences.of_colleague(tx, practitioner_id)
    return _shown(practitioner_id, listed, name=name)


@pages.post("/absences/of/<uuid:practitioner_id>")
@again(of_colleague, result=".of_colleague")
def register_colleague(practitioner_id: UUID) -> Response:
    """A colleague is away, as when ill."""
    form = read(SetAbsence)
    with begin() as tx:
        wanted = casework.absences.SetAbsence(**form.typed(), key=form.key)
        casework.absences.register(tx, practitioner_id, wanted)
    return done(url_for(".of_colleague", practitioner_id=practitioner_id), say="absence_registered")


def _home(practitioner_id: UUID) -> str:
    if practitioner_id == g.actor.id:
        return url_for(".mine")
    return url_for(".of_colleague", practitioner_id=practitioner_id)


@pages.get("/absences/<uuid:absence_id>")
def changing(absence_id: UUID) -> Response:
    """Other days, somebody else who stands in, or back already."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.absences.one(tx, absence_id)
        people = casework.absences.colleagues(tx, found.practitioner_id)
    kept = {name: getattr(found, name) for name in ("from_on", "until_on", "substitute_id", "note")}
    return show(
        "absences/one.html",
        absence=found,
        home=_home(found.practitioner_id),
        people=_people(people),
        form=entered(SetAbsence, version=found.version, **kept),
        ending=entered(Entry, version=found.version),
    )


@pages.post("/absences/<uuid:absence_id>")
@again(changing, result=".changing")
def change(absence_id: UUID) -> Response:
    """Change it."""
    form = read(SetAbsence)
    wanted = casework.absences.SetAbsence(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.absences.change(tx, absence_id, wanted)
        person_id = casework.absences.one(tx, absence_id).practitioner_id
    return done(_home(person_id), say="saved")


@pages.post("/absences/<uuid:absence_id>/end")
@again(changing, result=".changing")
def end(absence_id: UUID) -> Response:
    """Back at work, or not going after all."""
    form = read(Entry)
    with begin() as tx:
        casework.absences.end(tx, absence_id, version=form.version, key=form.key)
        person_id = casework.absences.one(tx, absence_id).practitioner_id
    return done(_home(person_id), say="absence_ended")
