"""Who has left and still has a hand on something, and pupils who have moved on from an open case."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import casework.absences
import casework.leavers
from casework.handovers import MoveBatons as Move
from web.desks import belongs_to
from web.forms import again, entered, read
from web.handovers import MoveBatons
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("leavers", __name__)


@pages.get("/leavers")
def listed() -> Response:
    """Leavers, and the unit's cases whose child has left."""
    with begin() as tx:
        leavers = casework.leavers.listed(tx)
        pupils = casework.leavers.pupils(tx)
    return show("leavers/listed.html", leavers=leavers, pupils=pupils)


@pages.get("/leavers/<uuid:practitioner_id>")
def one(practitioner_id: UUID) -> Response:
    """To whom everything goes."""
    belongs_to("leavers.listed")
    with begin() as tx:
        found = casework.leavers.one(tx, practitioner_id)
        people = casework.absences.colleagues(tx, practitioner_id)
    return show(
        "leavers/one.html",
        leaver=found,
        people=[(each.practitioner_id, f"{each.name}, {each.title}") for each in people],
        form=entered(MoveBatons, reason=_("Has left the job")),
    )


@pages.post("/leavers/<uuid:practitioner_id>")
@again(one, result=".listed")
def settle(practitioner_id: UUID) -> Response:
    """Move everything in one act."""
    form = read(MoveBatons)
    with begin() as tx:
        casework.leavers.settle(tx, practitioner_id, Move(**form.typed(), key=form.key))
    return done(url_for(".listed"), say="leaver_settled")
