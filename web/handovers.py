"""Batons in the units one leads, and moving all of one person's in one act."""

from uuid import UUID

from flask import Blueprint, Response, g, url_for
from pydantic import Field

import casework.absences
import casework.handovers
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("handovers", __name__)


class MoveBatons(Entry):
    """To whom, and why; without a name, to the leader of each case's unit."""

    to_id: UUID | None = None
    instead_id: UUID | None = None
    reason: str = Field(default="", max_length=2000)


@pages.get("/units/batons")
def in_my_units() -> Response:
    """Who holds how many batons here, how much of it is late, and who is away."""
    belongs_to("drifts.listed")
    with begin() as tx:
        found = casework.handovers.in_my_units(tx)
        away = casework.absences.all_of(tx, [one.practitioner_id for one in found])
    return show("handovers/in_my_units.html", holders=found, away=away)


@pages.get("/units/batons/<uuid:practitioner_id>")
def moving(practitioner_id: UUID) -> Response:
    """To whom all of one person's batons go."""
    belongs_to("drifts.listed")
    with begin() as tx:
        name, number = casework.handovers.to_move(tx, practitioner_id)
        people = casework.absences.colleagues(tx, practitioner_id)
    return show(
        "handovers/move.html",
        name=name,
        number=number,
        person_id=practitioner_id,
        people=[(one.practitioner_id, f"{one.name}, {one.title}") for one in people],
        form=entered(MoveBatons, to_id=g.actor.id),
    )


@pages.post("/units/batons/<uuid:practitioner_id>")
@again(moving, result=".in_my_units")
def move(practitioner_id: UUID) -> Response:
    """Move them all."""
    form = read(MoveBatons)
    with begin() as tx:
        wanted = casework.handovers.MoveBatons(**form.typed(), key=form.key)
        casework.handovers.hand_over_all(tx, practitioner_id, wanted)
    return done(url_for(".in_my_units"), say="batons_moved")
