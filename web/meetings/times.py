"""Agreeing on a time: proposed by the holder, answered by everybody on one page, and one is picked."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from pydantic import Field, create_model

import casework.cases
import casework.children
import casework.meetings
import casework.refusals
from casework.access import Permission
from levels.meetings import MOST_TIMES
from web.desks import belongs_to
from web.forms import Entry, Fault, Invalid, again, entered, read, typed_values
from web.htmx import done, show
from web.identity import begin
from web.meetings.blueprint import (
    ANSWERS,
    KINDS,
    THE_CHILD,
    asks_for,
    at,
    callable_people,
    lines,
    one_more_row,
    pages,
    rows_of,
)
from web.texts import clock, day, sentence, word, words

FIRST_ROWS = 3
ROW = ("on",)
SLOT = "slot_"


class Proposal(Entry):
    """Whom to ask, by when, and what the meeting is."""

    kind: str
    staff: tuple[UUID, ...] = Field(min_length=1)
    family: tuple[str, ...] = ()
    answer_by: date
    place: str = Field(default="", max_length=200)
    video_link: str = Field(default="", max_length=500)
    agenda: str = Field(default="", max_length=2000)
    rows: int = FIRST_ROWS


_ROWS: dict[str, Any] = {
    f"{name}_{row}": (kind, None)
    for row in range(MOST_TIMES)
    for name, kind in (("on", date | None), ("starts", time | None), ("ends", time | None))
}
ProposeTimes = create_model("ProposeTimes", __base__=Proposal, __doc__=Proposal.__doc__, **_ROWS)


class AnswerTimes(Entry):
    """One answer for each time, named by the time."""


class PickTime(Entry):
    """The time that is agreed on."""

    slot_id: UUID


class WithdrawTimes(Entry):
    """Why the times are taken back."""

    reason: str = Field(default="", max_length=500)


@pages.get("/cases/<uuid:case_id>/meeting-proposals/new")
def proposing(case_id: UUID) -> Response:
    """Two to six times, and whom to ask."""
    belongs_to("cases.mine")
    with begin() as tx:
        case = casework.cases.details(tx, case_id)
        casework.cases.head(tx, case_id, Permission.CALL_MEETING)
        guardians = casework.children.guardians(tx, case.head.child.id)
        today = tx.today
    staff, family = callable_people(case, guardians)
    usual = {f"starts_{n}": "08:30" for n in range(MOST_TIMES)} | {
        f"ends_{n}": "09:30" for n in range(MOST_TIMES)
    }
    form = entered(
        ProposeTimes,
        kind="joint",
        staff=[one for one, _name in staff],
        answer_by=today + timedelta(days=7),
        **usual,
    )
    return show(
        "meetings/propose.html",
        case=case.head,
        staff=staff,
        family=family,
        kinds=words("choice", KINDS, of="meeting_kind"),
        form=form,
        rows=range(rows_of(form, ROW, FIRST_ROWS, MOST_TIMES)),
        most_rows=MOST_TIMES,
    )


@pages.post("/cases/<uuid:case_id>/meeting-proposals")
@again(proposing, result="cases.details")
def propose(case_id: UUID) -> Response:
    """Ask everybody; nobody is told which child it is about. Or, by the other button: one row more."""
    if asks_for("row"):
        one_more_row(ProposeTimes, FIRST_ROWS, MOST_TIMES)
        return proposing(case_id)
    form = read(ProposeTimes)
    slots, rows = _slots(form)
    wanted = casework.meetings.ProposeTimes(
        form.kind,
        slots,
        form.staff,
        form.answer_by,
        guardian_ids=tuple(UUID(one) for one in form.family if one != THE_CHILD),
        the_child=THE_CHILD in form.family,
        place=form.place,
        video_link=form.video_link,
        agenda=lines(form.agenda),
        key=form.key,
    )
    with begin() as tx:
        try:
            proposal_id = casework.meetings.propose(tx, case_id, wanted)
        except casework.refusals.Invalid as refusal:
            raise _at_rows(refusal, rows) from None
    return done(url_for(".times", proposal_id=proposal_id), say="times_proposed")


def _slots(form: Any) -> tuple[tuple[casework.meetings.Slot, ...], list[int]]:
    rows = [n for n in range(MOST_TIMES) if getattr(form, f"on_{n}") is not None]
    missing = {
        f"{name}_{n}": Fault("required")
        for n in rows
        for name in ("starts", "ends")
        if getattr(form, f"{name}_{n}") is None
    }
    if missing:
        raise Invalid(missing, typed_values())
    slots = tuple(
        casework.meetings.Slot(
            at(getattr(form, f"on_{n}"), getattr(form, f"starts_{n}")),
            at(getattr(form, f"on_{n}"), getattr(form, f"ends_{n}")),
        )
        for n in rows
    )
    return slots, rows


def _at_rows(refusal: casework.refusals.Invalid, rows: list[int]) -> Invalid:
    places = {"starts_at": "on", "ends_at": "ends"}
    errors = {}
    for name, code in refusal.errors.items():
        field, _line, row = name.rpartition("_")
        errors[f"{places[field]}_{rows[int(row)]}" if field in places else name] = Fault(code)
    return Invalid(errors, typed_values())


def when(slot: casework.meetings.OfferedSlot) -> str:
    """A time as people say it: `Tirsdag 1. desember kl. 08.30 – kl. 09.30`."""
    return sentence(
        f"{day(slot.starts_at, weekday=True, year=False)} {clock(slot.starts_at)} – {clock(slot.ends_at)}"
    )


@pages.get("/meeting-proposals/<uuid:proposal_id>")
def times(proposal_id: UUID) -> Response:
    """The times, who can when, one's own answer, and for the holder the choice."""
    with begin() as tx:
        found = casework.meetings.proposal(tx, proposal_id)
    belongs_to("meetings.mine" if not found.may_call else "cases.mine")
    best = next((slot.id for slot in found.slots if slot.best), None)
    mine = found.mine.answers if found.mine else {}
    return show(
        "meetings/times.html",
        proposal=found,
        when=when,
        warned={
            slot.id: [word("warning", code, of="times") for code in slot.warnings] for slot in found.slots
        },
        answers=words("choice", ANSWERS, of="times"),
        form=entered(AnswerTimes, **{f"{SLOT}{slot}": answer for slot, answer in mine.items()}),
        picks=[(slot.id, when(slot), _suits(slot)) for slot in found.slots],
        pick_form=entered(PickTime, version=found.summary.version, slot_id=best),
    )


def _suits(slot: casework.meetings.OfferedSlot) -> str:
    told = [ngettext("%(num)d can", "%(num)d can", len(slot.yes))]
    if slot.maybe:
        told.append(ngettext("%(num)d if need be", "%(num)d if need be", len(slot.maybe)))
    if slot.no:
        told.append(ngettext("%(num)d cannot", "%(num)d cannot", len(slot.no)))
    if slot.best:
        told.append(_("suits most"))
    return " · ".join([*told, *(word("warning", code, of="times") for code in slot.warnings)])


def _answers() -> tuple[casework.meetings.SlotAnswer, ...]:
    found = []
    for name, values in typed_values().items():
        if name.startswith(SLOT) and values:
            try:
                found.append(casework.meetings.SlotAnswer(UUID(name.removeprefix(SLOT)), values[0]))
            except ValueError:
                raise Invalid({"answers": Fault("not_a_choice")}, typed_values()) from None
    return tuple(found)


@pages.post("/meeting-proposals/<uuid:proposal_id>/answers")
@again(times, result=".times")
def answer_times(proposal_id: UUID) -> Response:
    """One's own answers."""
    form = read(AnswerTimes)
    with begin() as tx:
        casework.meetings.answer_times(tx, proposal_id, _answers(), key=form.key)
    return done(url_for(".times", proposal_id=proposal_id), say="answer_sent")


@pages.get("/meeting-proposals/<uuid:proposal_id>/family/<uuid:asked_id>")
def family(proposal_id: UUID, asked_id: UUID) -> Response:
    """Where the holder writes down what a parent or the child answers."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.meetings.proposal(tx, proposal_id)
        casework.cases.head(tx, found.summary.case_id, Permission.CALL_MEETING)
    person = next((one for one in found.asked if one.id == asked_id and not one.practitioner_id), None)
    if person is None:
        raise casework.refusals.NotFound
    return show(
        "meetings/family.html",
        proposal=found,
        person=person,
        when=when,
        answers=words("choice", ANSWERS, of="times"),
        form=entered(AnswerTimes, **{f"{SLOT}{slot}": answer for slot, answer in person.answers.items()}),
    )


@pages.post("/meeting-proposals/<uuid:proposal_id>/family/<uuid:asked_id>")
@again(family, result=".times")
def answer_for_family(proposal_id: UUID, asked_id: UUID) -> Response:
    """Write down what a parent or the child answered."""
    form = read(AnswerTimes)
    with begin() as tx:
        casework.meetings.answer_for_family(tx, proposal_id, asked_id, _answers(), key=form.key)
    return done(url_for(".times", proposal_id=proposal_id), say="answer_written")


@pages.post("/meeting-proposals/<uuid:proposal_id>/pick")
@again(times, result=".one")
def pick(proposal_id: UUID) -> Response:
    """Agree on a time: everybody is called in the same act."""
    form = read(PickTime)
    with begin() as tx:
        meeting_id = casework.meetings.pick(tx, proposal_id, form.slot_id, version=form.version, key=form.key)
    return done(url_for(".one", meeting_id=meeting_id), say="meeting_called")


@pages.get("/meeting-proposals/<uuid:proposal_id>/withdraw")
def withdrawing(proposal_id: UUID) -> Response:
    """Asks once more before the times are taken back."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.meetings.proposal(tx, proposal_id)
        casework.cases.head(tx, found.summary.case_id, Permission.CALL_MEETING)
    form = entered(WithdrawTimes, version=found.summary.version)
    return show("meetings/withdraw.html", proposal=found, form=form)


@pages.post("/meeting-proposals/<uuid:proposal_id>/withdraw")
@again(withdrawing, result=".times")
def withdraw(proposal_id: UUID) -> Response:
    """Take them back; everybody asked is told."""
    form = read(WithdrawTimes)
    with begin() as tx:
        casework.meetings.withdraw(tx, proposal_id, reason=form.reason, version=form.version, key=form.key)
    return done(url_for(".times", proposal_id=proposal_id), say="times_withdrawn")
