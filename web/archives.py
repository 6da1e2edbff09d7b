"""Closed cases on their way to the municipality's archive: the archivist's list, the package, and the receipt."""

from uuid import UUID

from flask import Blueprint, Response, g, make_response, url_for
from pydantic import Field

import casework.archives
from casework.access import Role
from casework.refusals import NotFound
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("archives", __name__)


class TakeOver(Entry):
    """What the archive calls it."""

    reference: str = Field(min_length=1, max_length=100)


@pages.get("/archives")
def waiting() -> Response:
    """What waits for the archive, and what it has taken over."""
    with begin() as tx:
        found = casework.archives.waiting(tx)
    return show("archives/waiting.html", found=found)


@pages.get("/archives/<uuid:delivery_id>")
def delivery(delivery_id: UUID) -> Response:
    """One package: where it stands, and what can be done with it."""
    archivist = g.actor.has_role(Role.ARCHIVIST)
    belongs_to("archives.waiting" if archivist else "cases.mine")
    with begin() as tx:
        found = casework.archives.one(tx, delivery_id)
    form = entered(TakeOver, version=found.version)
    return show("archives/delivery.html", found=found, archivist=archivist, form=form)


@pages.get("/archives/<uuid:delivery_id>/package.zip")
def package(delivery_id: UUID) -> Response:
    """The package itself."""
    with begin() as tx:
        found = casework.archives.fetch(tx, delivery_id)
    answer = make_response(found.content)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f"attachment; filename={found.name}"
    answer.headers["Digest"] = f"sha-256={found.digest}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/archives/<uuid:delivery_id>/take-over")
@again(delivery, result=".delivery")
def take_over(delivery_id: UUID) -> Response:
    """Say that the archive has it."""
    form = read(TakeOver)
    wanted = casework.archives.TakeOver(form.reference, form.version, form.key)
    with begin() as tx:
        casework.archives.take_over(tx, delivery_id, wanted)
    return done(url_for(".waiting"), say="taken_over")


@pages.get("/cases/<uuid:case_id>/package")
def of_case(case_id: UUID) -> Response:
    """From a closed case to its package."""
    with begin() as tx:
        found = casework.archives.of_case(tx, case_id)
        if found is None:
            raise NotFound
        casework.archives.one(tx, found.id)
    return done(url_for(".delivery", delivery_id=found.id))
