"""What a case keeps from the family: a list, and a page where each is looked at again."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, url_for
from pydantic import Field

import casework.cases
import casework.hidings
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("hidings", __name__)


class ReviewHiding(Entry):
    """Shown or kept; by which law and until when; and whether the entry's documents go with it."""

    answer: str
    reason: str = Field(default="", max_length=1000)
    until: date | None = None
    with_attachments: bool = False


@pages.get("/cases/<uuid:case_id>/hidings")
def of_case(case_id: UUID) -> Response:
    """Everything that is hidden, the first to look at first."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id)
        found = casework.hidings.of_case(tx, case_id)
    return show("hidings/listed.html", case=head, found=found)


@pages.get("/hidings/<uuid:hiding_id>")
def one(hiding_id: UUID) -> Response:
    """What is hidden, what was said of it before, and the answer."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.hidings.one(tx, hiding_id)
        head = casework.cases.head(tx, found.thing.case_id)
    form = entered(ReviewHiding, version=found.version, of=head.id, reason=found.thing.reason or "")
    return show("hidings/one.html", case=head, hiding=found, thing=found.thing, form=form)


@pages.post("/hidings/<uuid:hiding_id>")
@again(one, result="cases.details")
def review(hiding_id: UUID) -> Response:
    """Show it, or keep it."""
    form = read(ReviewHiding)
    wanted = casework.hidings.Review(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        case_id = casework.hidings.review(tx, hiding_id, wanted)
    return done(url_for("cases.details", case_id=case_id) + "#log", say=f"hiding_{form.answer}")
