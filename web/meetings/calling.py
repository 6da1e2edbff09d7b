"""Calling a meeting, moving it, calling it off."""

from datetime import date, time, timedelta
from uuid import UUID

from flask import Response, url_for
from pydantic import Field

import casework.cases
import casework.children
import casework.meetings
from casework.access import Permission
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.meetings.blueprint import KINDS, THE_CHILD, at, callable_people, lines, pages
from web.texts import OSLO, words


class CallMeeting(Entry):
    """When, where, and who."""

    kind: str
    on: date
    starts: time
    ends: time
    staff: tuple[UUID, ...] = Field(min_length=1)
    family: tuple[str, ...] = ()
    place: str = Field(default="", max_length=200)
    video_link: str = Field(default="", max_length=500)
    agenda: str = Field(default="", max_length=2000)


class MoveMeeting(Entry):
    """The new time, and why."""

    on: date
    starts: time
    ends: time
    reason: str = Field(min_length=1, max_length=500)


class CancelMeeting(Entry):
    """Why it is called off."""

    reason: str = Field(min_length=1, max_length=500)


@pages.get("/cases/<uuid:case_id>/meetings/new")
def calling(case_id: UUID) -> Response:
    """Everybody in the case can be called, and the family."""
    belongs_to("cases.mine")
    with begin() as tx:
        case = casework.cases.details(tx, case_id)
        casework.cases.head(tx, case_id, Permission.CALL_MEETING)
        guardians = casework.children.guardians(tx, case.head.child.id)
        today = tx.today
    staff, family = callable_people(case, guardians)
    form = entered(
        CallMeeting,
        kind="joint",
        on=today + timedelta(days=14),
        starts="08:30",
        ends="09:30",
        staff=[one for one, _name in staff],
    )
    return show(
        "meetings/call.html",
        case=case.head,
        staff=staff,
        family=family,
        kinds=words("choice", KINDS, of="meeting_kind"),
        form=form,
    )


@pages.post("/cases/<uuid:case_id>/meetings")
@again(calling, result="cases.details")
def call(case_id: UUID) -> Response:
    """Call it: everybody gets a calendar entry that does not say what it is about."""
    form = read(CallMeeting)
    wanted = casework.meetings.CallMeeting(
        kind=form.kind,
        starts_at=at(form.on, form.starts),
        ends_at=at(form.on, form.ends),
        practitioner_ids=form.staff,
        guardian_ids=tuple(UUID(one) for one in form.family if one != THE_CHILD),
        the_child=THE_CHILD in form.family,
        place=form.place,
        video_link=form.video_link,
        agenda=lines(form.agenda),
        key=form.key,
    )
    with begin() as tx:
        meeting_id = casework.meetings.call(tx, case_id, wanted)
    return done(url_for(".one", meeting_id=meeting_id), say="meeting_called")


@pages.get("/meetings/<uuid:meeting_id>/move")
def moving(meeting_id: UUID) -> Response:
    """Where a meeting gets another time."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.meetings.one(tx, meeting_id)
        casework.cases.head(tx, found.summary.case_id, Permission.CALL_MEETING)
    starts, ends = (one.astimezone(OSLO) for one in (found.summary.starts_at, found.summary.ends_at))
    form = entered(
        MoveMeeting,
        version=found.summary.version,
        on=starts.date(),
        starts=f"{starts:%H:%M}",
        ends=f"{ends:%H:%M}",
    )
    return show("meetings/move.html", meeting=found, form=form)


@pages.post("/meetings/<uuid:meeting_id>/move")
@again(moving, result=".one")
def move_time(meeting_id: UUID) -> Response:
    """Move it; everybody's calendar entry moves along."""
    form = read(MoveMeeting)
    with begin() as tx:
        casework.meetings.move_time(
            tx,
            meeting_id,
            starts_at=at(form.on, form.starts),
            ends_at=at(form.on, form.ends),
            reason=form.reason,
            version=form.version,
            key=form.key,
        )
    return done(url_for(".one", meeting_id=meeting_id), say="meeting_moved")


@pages.get("/meetings/<uuid:meeting_id>/cancel")
def cancelling(meeting_id: UUID) -> Response:
    """Asks why before a meeting is called off."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.meetings.one(tx, meeting_id)
        casework.cases.head(tx, found.summary.case_id, Permission.CALL_MEETING)
    return show(
        "meetings/cancel.html", meeting=found, form=entered(CancelMeeting, version=found.summary.version)
    )


@pages.post("/meetings/<uuid:meeting_id>/cancel")
@again(cancelling, result=".one")
def cancel(meeting_id: UUID) -> Response:
    """Call it off; everybody is told."""
    form = read(CancelMeeting)
    with begin() as tx:
        casework.meetings.cancel(tx, meeting_id, reason=form.reason, version=form.version, key=form.key)
    return done(url_for(".one", meeting_id=meeting_id), say="meeting_cancelled")
