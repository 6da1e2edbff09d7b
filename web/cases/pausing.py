"""A case that stands still for a while, and goes on."""

from datetime import date
from uuid import UUID

from flask import Response, request, url_for
from pydantic import Field

import casework.cases
from casework.access import Permission
from web.cases.blueprint import pages
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin


class PauseCase(Entry):
    """Until when, and why."""

    until: date
    reason: str = Field(default="", max_length=2000)


@pages.get("/cases/<uuid:case_id>/pause")
def pausing(case_id: UUID) -> Response:
    """Where a case is let stand still; on one that does, where it goes on."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.MOVE_CASE)
    return show("cases/pause.html", case=head, form=entered(PauseCase, version=head.version))


@pages.post("/cases/<uuid:case_id>/pause")
@again(pausing, result=".details")
def pause(case_id: UUID) -> Response:
    """Let it stand still: its deadlines move by the working days it takes."""
    form = read(PauseCase)
    wanted = casework.cases.PauseCase(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.cases.pause(tx, case_id, wanted)
    return done(url_for(".details", case_id=case_id), say="case_paused")


@pages.post("/cases/<uuid:case_id>/go-on")
@again(pausing, result=".details")
def go_on(case_id: UUID) -> Response:
    """Take it up again before the day."""
    with begin() as tx:
        casework.cases.go_on(tx, case_id, key=request.form.get("key"))
    return done(url_for(".details", case_id=case_id), say="case_goes_on")
