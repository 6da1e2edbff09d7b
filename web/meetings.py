"""Meetings: called with a calendar entry, answered, held with minutes, moved or called off."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, Response, g, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.cases
import casework.children
import casework.meetings
from casework.access import Permission
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import OSLO, words

pages = Blueprint("meetings", __name__)
KINDS = ("joint", "evaluation", "resource_team", "decision_forum")
COMING = ("yes", "maybe", "no")
THE_CHILD = "child"


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


class HoldMeeting(Entry):
    """Who came, what was said, what was decided."""

    came: tuple[UUID, ...] = ()
    minutes: str = Field(default="", max_length=20000)
    decisions: str = Field(default="", max_length=4000)


class AnswerMeeting(Entry):
    """Whether one comes."""

    coming: str


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, OSLO)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@pages.get("/cases/<uuid:case_id>/meetings/new")
def calling(case_id: UUID) -> Response:
    """Everybody in the case can be called, and the family."""
    belongs_to("cases.mine")
    with begin() as tx:
        case = casework.cases.details(tx, case_id)
        casework.cases.head(tx, case_id, Permission.CALL_MEETING)
        guardians = casework.children.guardians(tx, case.head.child.id)
        today = tx.today
    staff = {p.practitioner_id: f"{p.name}, {p.service_name or p.title}" for p in case.participants}
    family = [(one.id, one.name) for one in guardians] + [(THE_CHILD, case.head.child.first_name)]
    form = entered(
        CallMeeting,
        kind="joint",
        on=today + timedelta(days=14),
        starts="08:30",
        ends="09:30",
        staff=list(staff),
    )
    return show(
        "meetings/call.html",
        case=case.head,
        staff=list(staff.items()),
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
        starts_at=_at(form.on, form.starts),
        ends_at=_at(form.on, form.ends),
        practitioner_ids=form.staff,
        guardian_ids=tuple(UUID(one) for one in form.family if one != THE_CHILD),
        the_child=THE_CHILD in form.family,
        place=form.place,
        video_link=form.video_link,
        agenda=_lines(form.agenda),
        key=form.key,
    )
    with begin() as tx:
        meeting_id = casework.meetings.call(tx, case_id, wanted)
    return done(url_for(".one", meeting_id=meeting_id), say="meeting_called")


def _shown(meeting_id: UUID, template: str, **forms: object) -> Response:
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.meetings.one(tx, meeting_id)
    mine = next((one for one in found.called if one.practitioner_id == g.actor.id), None)
    people = [(one.id, _name(found, one)) for one in found.called]
    form = entered(
        HoldMeeting,
        version=found.summary.version,
        minutes=found.minutes,
        decisions="\n".join(found.decisions),
        came=[one.id for one in found.called if one.answer == "yes"],
    )
    return show(
        template,
        meeting=found,
        mine=mine,
        people=people,
        names=dict(people),
        coming=words("choice", COMING, of="coming"),
        form=form,
        answer_form=entered(AnswerMeeting, coming=mine.answer if mine else None),
        **forms,
    )


def _name(found: casework.meetings.MeetingDetails, one: casework.meetings.Called) -> str:
    return found.child_name if one.the_child else one.name or _("A parent")


@pages.get("/meetings/<uuid:meeting_id>")
def one(meeting_id: UUID) -> Response:
    """A meeting: who comes, the agenda, and its minutes."""
    return _shown(meeting_id, "meetings/one.html")


@pages.post("/meetings/<uuid:meeting_id>/answer")
@again(one, result=".one")
def answer(meeting_id: UUID) -> Response:
    """Say whether one comes."""
    form = read(AnswerMeeting)
    with begin() as tx:
        casework.meetings.answer(tx, meeting_id, coming=form.coming, key=form.key)
    return done(url_for(".one", meeting_id=meeting_id), say="answer_sent")


@pages.post("/meetings/<uuid:meeting_id>/hold")
@again(one, result=".one")
def hold(meeting_id: UUID) -> Response:
    """It has been held: the minutes go into the log."""
    form = read(HoldMeeting)
    wanted = casework.meetings.HoldMeeting(
        form.minutes, _lines(form.decisions), form.came, version=form.version, key=form.key
    )
    with begin() as tx:
        casework.meetings.hold(tx, meeting_id, wanted)
    return done(url_for(".one", meeting_id=meeting_id), say="meeting_held")


@pages.get("/meetings/<uuid:meeting_id>/move")
def moving(meeting_id: UUID) -> Response:
    """Where a meeting gets another time."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.meetings.one(tx, meeting_id)
        casework.cases.head(tx, found.summary.case_id, Permission.CALL_MEETING)
    starts, ends = (at.astimezone(OSLO) for at in (found.summary.starts_at, found.summary.ends_at))
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
            starts_at=_at(form.on, form.starts),
            ends_at=_at(form.on, form.ends),
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
