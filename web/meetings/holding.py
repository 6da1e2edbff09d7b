"""The meeting's own page: who comes, the agenda that writes itself, minutes written live, and the way onward."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from flask import Response, g, url_for
from flask_babel import gettext as _
from pydantic import Field, create_model

import casework.cases
import casework.drafts
import casework.meetings
import casework.refusals
from casework.access import Permission
from web.child_views import AsksChild, asking
from web.desks import belongs_to
from web.forms import Entry, Fault, Form, Invalid, again, entered, read, typed_values
from web.htmx import done, show
from web.identity import begin
from web.meetings.blueprint import ANSWERS, asks_for, at, lines, one_more_row, pages, rows_of
from web.texts import day, deadline, word, words

FIRST_ROWS, MOST_ROWS = 3, 12
ROW = ("title", "goal", "responsible_id", "evaluate_on")
USUAL_TERM = timedelta(weeks=6)


class Minutes(AsksChild):
    """Who came, what was said, what was decided, and when to meet again."""

    came: tuple[UUID, ...] = ()
    minutes: str = Field(default="", max_length=20000)
    decisions: str = Field(default="", max_length=4000)
    rows: int = FIRST_ROWS
    based_on: int | None = None
    next_on: date | None = None
    next_starts: time | None = None
    next_ends: time | None = None


_ROWS: dict[str, Any] = {
    f"{name}_{row}": kind
    for row in range(MOST_ROWS)
    for name, kind in (
        ("title", (str, Field(default="", max_length=300))),
        ("goal", (str, Field(default="", max_length=1000))),
        ("responsible_id", (UUID | None, None)),
        ("evaluate_on", (date | None, None)),
    )
}
HoldMeeting = create_model("HoldMeeting", __base__=Minutes, __doc__=Minutes.__doc__, **_ROWS)


class AnswerMeeting(Entry):
    """Whether one comes."""

    coming: str


def _draft_of(meeting_id: UUID) -> str:
    return f"meeting:{meeting_id}"


@pages.get("/meetings/<uuid:meeting_id>")
def one(meeting_id: UUID) -> Response:
    """A meeting: who comes, the agenda, and its minutes."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.meetings.one(tx, meeting_id)
        kept = casework.drafts.kept(tx, _draft_of(meeting_id)) if found.may_write else None
        inside = casework.cases.details(tx, found.summary.case_id).participants if found.may_write else ()
        ways = _ways(tx, found)
        ask = asking(tx, found.summary.case_id) if found.may_write else {}
    mine = next((one for one in found.called if one.practitioner_id == g.actor.id), None)
    people = [(one.id, _name(found, one)) for one in found.called]
    beside = [(one.id, _name_beside(found, one)) for one in found.beside]
    form = _minutes_form(found, kept)
    return show(
        "meetings/one.html",
        meeting=found,
        mine=mine,
        people=people + beside,
        names=dict(people),
        coming=words("choice", ANSWERS, of="coming"),
        agenda=[_point(point, found) for point in found.agenda],
        form=form,
        rows=range(rows_of(form, ROW, FIRST_ROWS, MOST_ROWS)),
        most_rows=MOST_ROWS,
        inside=[(p.practitioner_id, f"{p.name}, {p.service_name or p.title}") for p in inside],
        unsaved=kept if _unsaved(found, kept) else None,
        ways=ways,
        answer_form=entered(AnswerMeeting, coming=mine.answer if mine else None),
        **ask,
    )


def _unsaved(found: casework.meetings.MeetingDetails, kept: casework.drafts.Kept | None) -> bool:
    """Whether the draft says something else than what is saved for everybody."""
    if kept is None or "again" in g:
        return False
    return next(iter(kept.values.get("minutes", ())), "").strip() != found.minutes


def _minutes_form(found: casework.meetings.MeetingDetails, kept: casework.drafts.Kept | None) -> Form:
    """The minutes as typed, as kept unsaved, or as saved.

    An unsaved draft keeps the version it was begun on: saved over what another wrote since, it meets the conflict.
    """
    version = found.summary.version
    begun = next(iter(kept.values.get("based_on", ())), "") if kept else ""
    if begun.isdigit() and "again" not in g:
        version = int(begun)
    return entered(
        HoldMeeting,
        draft=kept.values if kept else None,
        version=version,
        minutes=found.minutes,
        decisions="\n".join(found.decisions),
        came=[one.id for one in (*found.called, *found.beside) if one.answer == "yes"],
        next_starts="08:30",
        next_ends="09:30",
    )


def _name(found: casework.meetings.MeetingDetails, one: casework.meetings.Called) -> str:
    return found.child_name if one.the_child else one.name or _("A parent")


def _name_beside(found: casework.meetings.MeetingDetails, one: casework.meetings.Called) -> str:
    """Who is called in the sibling's file alone: the sibling, or somebody of that file."""
    child = found.together.first_name if found.together else ""
    return (
        child if one.the_child else _("%(name)s, for %(child)s", name=one.name or _("A parent"), child=child)
    )


def _point(point: dict[str, Any], found: casework.meetings.MeetingDetails) -> dict[str, str]:
    """A point of the agenda in the reader's language; the child's own words stand beside it as they are."""
    if "text" in point:
        return {"text": point["text"], "words": "", "by": ""}
    code = point["code"]
    on = day(date.fromisoformat(point["on"]), short=True) if point.get("on") else ""
    values = {
        "measure": point.get("measure", ""),
        "service": point.get("service", ""),
        "step": point.get("step", ""),
        "due": deadline(point["due"]) if point.get("due") else "",
        "on": on,
        "name": found.child_name.split(" ")[0],
    }
    by = f"{point['by']}, {on}" if point.get("by") else ""
    return {"text": word("agenda", code, **values), "words": point.get("words", ""), "by": by}


def _ways(tx: Any, found: casework.meetings.MeetingDetails) -> list[dict[str, Any]]:
    """After an evaluation meeting: the guide's ways onward with what is missing, for whoever decides."""
    summary = found.summary
    if summary.kind != "evaluation" or summary.state != "held":
        return []
    if not casework.cases.head(tx, summary.case_id).may(Permission.MOVE_CASE.value):
        return []
    _head, ways = casework.cases.ways(tx, summary.case_id)
    return [_way(summary.case_id, way) for way in ways if way.in_guide]


def _way(case_id: UUID, way: casework.cases.Way) -> dict[str, Any]:
    closing = way.to == "close"
    href = (
        url_for("cases.closing", case_id=case_id, when=way.when)
        if closing
        else url_for("cases.level", case_id=case_id)
    )
    missing = [code for code in way.unmet if code not in ("reason_given", "guide_permits")]
    return {
        "text": way.text or way.target_name or word("event", way.event, of="cases"),
        "href": href,
        "verdict": word("verdict", way.verdict),
        "unmet": [*missing, *(code for code, _text in way.reasons if code not in missing)],
    }


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
    """It has been held: the minutes go into the log. Or, by the other buttons: one row more, or saved so far."""
    if asks_for("row"):
        one_more_row(HoldMeeting, FIRST_ROWS, MOST_ROWS)
        with begin() as tx:
            casework.drafts.keep(tx, _draft_of(meeting_id), typed_values())
        return one(meeting_id)
    form = read(HoldMeeting)
    if asks_for("save"):
        return _save(meeting_id, form)
    wanted, rows = _wanted(form)
    with begin() as tx:
        try:
            casework.meetings.hold(tx, meeting_id, wanted)
        except casework.refusals.Invalid as refusal:
            raise _at_rows(refusal, rows) from None
        casework.drafts.drop(tx, _draft_of(meeting_id))
    return done(url_for(".one", meeting_id=meeting_id), say="meeting_held")


def _save(meeting_id: UUID, form: Any) -> Response:
    """The minutes so far are saved for everybody; the rows that are not yet measures stay in the draft."""
    with begin() as tx:
        newest = casework.meetings.write_minutes(
            tx,
            meeting_id,
            minutes=form.minutes,
            decisions=lines(form.decisions),
            version=form.version,
        )
        typed = {**typed_values(), "based_on": [str(newest)]}
        g.draft_stays = True
        casework.drafts.keep(tx, _draft_of(meeting_id), typed)
    return done(url_for(".one", meeting_id=meeting_id) + "#minutes", say="minutes_saved")


def _wanted(form: Any) -> tuple[casework.meetings.HoldMeeting, list[int]]:
    rows = [n for n in range(MOST_ROWS) if getattr(form, f"title_{n}") or getattr(form, f"goal_{n}")]
    decided = tuple(
        casework.meetings.DecidedMeasure(**{name: getattr(form, f"{name}_{n}") for name in ROW}) for n in rows
    )
    starts, ends = _next(form)
    wanted = casework.meetings.HoldMeeting(
        form.minutes,
        lines(form.decisions),
        form.came,
        measures=decided,
        child=form.view(),
        next_starts_at=starts,
        next_ends_at=ends,
        version=form.version,
        key=form.key,
    )
    return wanted, rows


def _next(form: Any) -> tuple[Any, Any]:
    if form.next_on is None:
        return None, None
    missing = {
        name: Fault("required") for name in ("next_starts", "next_ends") if getattr(form, name) is None
    }
    if missing:
        raise Invalid(missing, typed_values())
    return at(form.next_on, form.next_starts), at(form.next_on, form.next_ends)


def _at_rows(refusal: casework.refusals.Invalid, rows: list[int]) -> Invalid:
    """What is wrong with the third decision is said at the row it was typed in."""
    errors = {}
    for name, code in refusal.errors.items():
        field, _line, row = name.rpartition("_")
        place = {"next_starts_at": "next_on", "next_ends_at": "next_ends"}.get(name)
        errors[place or (f"{field}_{rows[int(row)]}" if row.isdigit() else name)] = Fault(code)
    return Invalid(errors, typed_values())
