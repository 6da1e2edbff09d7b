"""Reading in an emergency: for whoever is on duty in child welfare, and for the leader afterwards."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, url_for
from pydantic import Field

import casework.break_glass
from casework.refusals import NotFound
from levels.break_glass import EMERGENCIES, VERDICTS
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("break_glass", __name__)


class BreakGlass(Entry):
    """Whom, and why."""

    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    born_on: date
    emergency: str
    reason: str = Field(min_length=1, max_length=500)


class ReviewGlass(Entry):
    """What the leader finds."""

    verdict: str
    review: str = Field(min_length=1, max_length=500)


@pages.get("/emergency-reads")
def listed() -> Response:
    """One's own, and those of the service one leads."""
    with begin() as tx:
        found = casework.break_glass.listed(tx)
        may = casework.break_glass.may_break(tx)
        today = tx.today
    return show("break_glass/listed.html", found=found, may=may, today=today)


@pages.get("/emergency-reads/new")
def breaking() -> Response:
    """Whom one must know of, and why."""
    belongs_to("break_glass.listed")
    with begin() as tx:
        if not casework.break_glass.may_break(tx):
            raise NotFound
    return show("break_glass/new.html", emergencies=words("emergency", EMERGENCIES), form=entered(BreakGlass))


@pages.post("/emergency-reads")
@again(breaking, result=".seen")
def break_it() -> Response:
    """See it, for a few hours."""
    form = read(BreakGlass)
    with begin() as tx:
        glass_id = casework.break_glass.break_glass(
            tx, casework.break_glass.Break(**form.typed(), key=form.key)
        )
    return done(url_for(".seen", glass_id=glass_id))


@pages.get("/emergency-reads/<uuid:glass_id>")
def seen(glass_id: UUID) -> Response:
    """What is behind it while it is open to the reader; that it was done, to the leader."""
    belongs_to("break_glass.listed")
    with begin() as tx:
        found = casework.break_glass.one(tx, glass_id)
        now, today = tx.now, tx.today
        behind = casework.break_glass.behind(tx, glass_id) if found.mine and now < found.closes_at else None
    return show(
        "break_glass/one.html",
        found=found,
        behind=behind,
        today=today,
        verdicts=words("glass_verdict", VERDICTS),
        form=entered(ReviewGlass, version=found.version, verdict=found.verdict, review=found.review),
    )


@pages.post("/emergency-reads/<uuid:glass_id>")
@again(seen, result=".seen")
def review(glass_id: UUID) -> Response:
    """Say whether it was justified."""
    form = read(ReviewGlass)
    wanted = casework.break_glass.Review(form.verdict, form.review, form.version, form.key)
    with begin() as tx:
        casework.break_glass.review(tx, glass_id, wanted)
    return done(url_for(".listed"), say="saved")
