"""Every way onward: steps, levels, closing, opening again, a newer guide."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.audit
import casework.cases
import casework.drafts
import casework.logs
import casework.refusals
import casework.relays
from casework.access import Permission
from web.cases.blueprint import pages
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import word


class ChangeLevel(Entry):
    """A way onward, and why."""

    way: str
    reason: str = Field(default="", max_length=4000)


class CloseCase(Entry):
    """How it ended."""

    reason: str = Field(default="", max_length=4000)
    child_words: str = ""
    guardians_words: str = ""
    follow_up_on: date | None = None


class DoStep(Entry):
    """A step finished or passed by."""

    note: str = ""
    skip: bool = False


class ChangeGuide(Entry):
    """The version the page showed, so that nobody accepts another than was read."""

    guide_id: UUID


class Reopen(Entry):
    """Where it opens again, and why."""

    to: str
    reason: str = ""


@pages.get("/cases/<uuid:case_id>/steps/<step_id>")
def step(case_id: UUID, step_id: str) -> Response:
    """One step: what, who, how, and what is missing."""
    belongs_to("cases.mine")
    with begin() as tx:
        case = casework.cases.details(tx, case_id)
    found = next((one for one in case.steps if one.id == step_id), None)
    if found is None:
        raise casework.refusals.NotFound
    form = entered(DoStep, version=case.head.version)
    return show("cases/step.html", case=case.head, step=found, form=form)


@pages.post("/cases/<uuid:case_id>/steps/<step_id>")
@again(step, result=".details")
def do_step(case_id: UUID, step_id: str) -> Response:
    """Finish the step, or pass it by with a reason."""
    form = read(DoStep)
    with begin() as tx:
        casework.cases.do_step(tx, case_id, step_id, **form.typed(), version=form.version, key=form.key)
    return done(url_for(".details", case_id=case_id) + "#guide", say="saved")


@pages.get("/cases/<uuid:case_id>/level")
def level(case_id: UUID) -> Response:
    """Every way onward with the guide's verdict and what is missing."""
    belongs_to("cases.mine")
    with begin() as tx:
        head, ways = casework.cases.ways(tx, case_id)
    form = entered(ChangeLevel, version=head.version)
    return show(
        "cases/level.html",
        case=head,
        choices=[_choice(way) for way in ways if way.open],
        shut=[way for way in ways if not way.open],
        form=form,
    )


def _choice(way: casework.cases.Way) -> tuple[str, str, str]:
    said = way.text or word("event", way.event, of="cases")
    told = word("verdict", way.verdict) + (f" · {_('write why')}" if way.needs_reason else "")
    return f"{way.when or ''} {way.to}", said, told


@pages.post("/cases/<uuid:case_id>/level")
@again(level, result=".details")
def change_level(case_id: UUID) -> Response:
    """Take a way onward; out of the case goes by its own page."""
    form = read(ChangeLevel)
    when, _space, to = form.way.partition(" ")
    if to == "close":
        return done(url_for(".closing", case_id=case_id, when=when))
    wanted = casework.cases.ChangeLevel(
        to, when or None, reason=form.reason, version=form.version, key=form.key
    )
    with begin() as tx:
        casework.cases.change_level(tx, case_id, wanted)
    return done(url_for(".details", case_id=case_id), say="level_changed")


@pages.get("/cases/<uuid:case_id>/close")
def closing(case_id: UUID) -> Response:
    """How it ended: with the measures' results in sight."""
    belongs_to("cases.mine")
    with begin() as tx:
        casework.cases.head(tx, case_id, Permission.MOVE_CASE)
        case = casework.cases.details(tx, case_id)
    form = entered(CloseCase, version=case.head.version)
    rows = [
        {"name": m.title, "detail": word("choice", m.last_result, of="result") if m.last_result else ""}
        for m in case.measures
    ]
    return show("cases/close.html", case=case.head, measures=rows, form=form)


@pages.post("/cases/<uuid:case_id>/close")
@again(closing, result=".details")
def close(case_id: UUID) -> Response:
    """Close and archive."""
    form = read(CloseCase)
    wanted = casework.cases.CloseCase(
        **form.typed(), when=request.args.get("when") or "avslutt", version=form.version, key=form.key
    )
    with begin() as tx:
        casework.cases.close(tx, case_id, wanted)
    return done(url_for(".details", case_id=case_id), say="case_closed")


@pages.get("/cases/<uuid:case_id>/reopen")
def reopening(case_id: UUID) -> Response:
    """Where a closed case is opened again."""
    belongs_to("cases.mine")
    with begin() as tx:
        head, ways = casework.cases.ways(tx, case_id)
    levels = [(way.to, way.target_name) for way in ways]
    return show("cases/reopen.html", case=head, levels=levels, form=entered(Reopen))


@pages.post("/cases/<uuid:case_id>/reopen")
@again(reopening, result=".details")
def reopen(case_id: UUID) -> Response:
    """Open it again; whoever opens it holds the baton."""
    form = read(Reopen)
    with begin() as tx:
        casework.cases.reopen(tx, case_id, **form.typed(), key=form.key)
    return done(url_for(".details", case_id=case_id), say="case_reopened")


@pages.get("/cases/<uuid:case_id>/guide")
def newer_guide(case_id: UUID) -> Response:
    """What changes for the case if it follows the guide in force now."""
    belongs_to("cases.mine")
    with begin() as tx:
        head, newer = casework.cases.newer_guide(tx, case_id)
    form = entered(ChangeGuide, version=head.version, guide_id=newer.guide_id if newer else None)
    changes = [_change(one) for one in newer.changes] if newer else []
    return show("cases/guide.html", case=head, newer=newer, changes=changes, form=form)


def _change(one: Any) -> str:
    values = {key: word("unit", text) if key.endswith("_unit") else text for key, text in one.values}
    code = f"{one.code}_length" if values else one.code
    return word("change", code, before=one.before or "–", after=one.after or "–", name=one.name, **values)


@pages.post("/cases/<uuid:case_id>/guide")
@again(newer_guide, result=".details")
def change_guide(case_id: UUID) -> Response:
    """Let the case follow the guide in force now."""
    form = read(ChangeGuide)
    with begin() as tx:
        casework.cases.change_guide(tx, case_id, guide_id=form.guide_id, version=form.version, key=form.key)
    return done(url_for(".details", case_id=case_id), say="guide_changed")
