"""Cases about to be left lying: one's own, and without names for whoever coordinates."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from pydantic import Field

import casework.drifts
import casework.handovers
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("drifts", __name__)


class Snooze(Entry):
    """Until which day, and why."""

    until: date
    reason: str = Field(default="", max_length=500)


@pages.get("/drifts")
def listed() -> Response:
    """What drifts, oldest first; what has been put off stands apart."""
    snoozed = bool(request.args.get("snoozed"))
    with begin() as tx:
        found = casework.drifts.mine(tx, snoozed=snoozed)
        overview = casework.drifts.overview(tx)
        leads = casework.handovers.leads_a_unit(tx)
    return show("drifts/listed.html", drifts=found, overview=overview, snoozed=snoozed, leads=leads)


@pages.get("/drifts/<uuid:drift_id>/snooze")
def snoozing(drift_id: UUID) -> Response:
    """Why it may wait, and until when."""
    belongs_to("drifts.listed")
    with begin() as tx:
        found = casework.drifts.one(tx, drift_id)
    return show("drifts/snooze.html", drift=found, form=entered(Snooze, version=found.version))


@pages.post("/drifts/<uuid:drift_id>/snooze")
@again(snoozing, result=".listed")
def snooze(drift_id: UUID) -> Response:
    """Leave it in peace until then."""
    form = read(Snooze)
    wanted = casework.drifts.Snooze(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.drifts.snooze(tx, drift_id, wanted)
    return done(url_for(".listed"), say="drift_snoozed")
