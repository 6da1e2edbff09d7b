"""Calling, moving, answering and cancelling meetings."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from casework import coordinations, deadlines, partings, relations
from casework.access import Permission
from casework.meetings import together
from casework.meetings.agendas import added
from casework.meetings.moving import opened, take, told
from casework.refusals import Invalid, NotFound, Refused, Stale
from casework.transactions import Transaction
from levels.charts import move
from levels.coordinations import CoordinationChart, CoordinationFacts
from levels.meetings import MeetingFacts
from records.cases import Case
from records.children import Child
from records.meetings import MEETING_KINDS, Attendance, Meeting
from records.sibling_links import SiblingShare

ANSWERS = ("yes", "no", "maybe")


@dataclass(frozen=True, slots=True)
class CallMeeting:
    """A meeting to call."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    practitioner_ids: tuple[UUID, ...]
    guardian_ids: tuple[UUID, ...] = ()
    the_child: bool = False
    place: str = ""
    video_link: str = ""
    agenda: tuple[str, ...] = ()
    key: str | None = field(default=None, compare=False)


def call(tx: Transaction, case_id: UUID, wanted: CallMeeting, *, first: UUID | None = None) -> UUID:
    """Call a meeting: everybody gets a calendar entry without the child's name.

    `first` is the same meeting in a sibling's file, whose letters are not written twice to anybody.
    Raises NotFound, NotPermitted, Invalid, or Refused when somebody called is outside the consent.
    """
    tx.once(wanted.key, "call_meeting", case=case_id, at=wanted.starts_at, kind=wanted.kind)
    case = tx.lock(Case, case_id)
    tx.require(Permission.CALL_MEETING, relations.to_case(tx, case))
    _check(tx, wanted)
    check_place(tx, case, wanted.place)
    check_called(tx, case, wanted.practitioner_ids, wanted.guardian_ids)
    coordination = coordinations.running(tx, case.id)
    meeting = Meeting(
        municipality_id=case.municipality_id,
        case_id=case.id,
        coordination_id=coordination.id if coordination else None,
        kind=wanted.kind,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        place=wanted.place.strip(),
        video_link=wanted.video_link.strip(),
        agenda=added(wanted.agenda),
        decisions=[],
        called_by_id=tx.actor.id,
    )
    tx.add(meeting)
    tx.session.flush()
    _attend(tx, case, meeting, wanted)
    tx.session.flush()
    facts = MeetingFacts(time_set=True, participants_named=bool(wanted.practitioner_ids))
    take(tx, case, meeting, "summon", facts, first=first)
    if coordination is not None and coordination.state in ("gathering", "acting", "meeting"):
        moved = move(
            CoordinationChart, coordination.state, "summon", CoordinationFacts(meeting_time_set=True)
        )
        coordination.state = moved.after
    _start_clock(tx, case, meeting)
    told(tx, case, meeting, "meeting_called")
    tx.result(meeting_id=meeting.id, case_id=case.id)
    return meeting.id


def _start_clock(tx: Transaction, case: Case, meeting: Meeting) -> None:
    deadlines.start(
        tx,
        "meeting_called",
        municipality_id=case.municipality_id,
        guide_id=case.guide_id,
        level_id=case.level_id,
        subject=("meeting", meeting.id),
        case_id=case.id,
        owner_id=case.holder_id,
        agreed_on=deadlines.local(meeting.starts_at),
    )


def call_each(tx: Transaction, wanted: list[tuple[Case, CallMeeting]], link_id: UUID | None) -> list[UUID]:
    """Call the same meeting in the file of one child, or by a link in two siblings', the leading one first."""
    made: list[UUID] = []
    for case, one in wanted:
        made.append(call(tx, case.id, one, first=made[0] if made else None))
    if link_id is not None and len(made) == 2:
        town = wanted[0][0].municipality_id
        share = SiblingShare(
            municipality_id=town, link_id=link_id, meeting_id=made[0], other_meeting_id=made[1]
        )
        tx.add(share)
    return made


def _check(tx: Transaction, wanted: CallMeeting) -> None:
    errors = {}
    if wanted.kind not in MEETING_KINDS:
        errors["kind"] = "choose_one"
    if wanted.starts_at <= tx.now:
        errors["starts_at"] = "choose_a_later_time"
    if wanted.ends_at <= wanted.starts_at:
        errors["ends_at"] = "after_the_start"
    if not wanted.practitioner_ids:
        errors["practitioner_ids"] = "choose_one"
    if errors:
        raise Invalid(errors)


_WORDS = re.compile(r"\w+")
_SERVICES = "SELECT coalesce(string_agg(name, ' '), '') FROM services WHERE municipality_id = :town"


def check_place(tx: Transaction, case: Case, place: str) -> None:
    """A place goes out in everybody's calendar, so it is written without the child's name; raises Invalid.

    A family name that a service bears too, as many schools do, is let pass.
    """
    child = tx.get(Child, case.child_id)
    named = _folded(place) & _folded(f"{child.first_name} {child.last_name}")
    if named and named - _folded(tx.scalar(_SERVICES, town=case.municipality_id)):
        raise Invalid({"place": "without_the_name"})


def _folded(text: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(text)}


def check_called(
    tx: Transaction, case: Case, practitioner_ids: tuple[UUID, ...], guardian_ids: tuple[UUID, ...]
) -> None:
    """Only those inside the case and the child's own family are called; raises Refused or Invalid."""
    inside = set(
        tx.session.execute(
            text("SELECT practitioner_id FROM participations WHERE case_id = :case AND until IS NULL"),
            {"case": case.id},
        ).scalars()
    )
    if set(practitioner_ids) - inside:
        raise Refused("MeetingChart", "planned", "summon", ("consent_reaches",))
    if set(guardian_ids) - family_of(tx, case):
        raise Invalid({"guardian_ids": "choose_one"})


_FAMILY = """
    SELECT g.id FROM guardians g JOIN children k ON k.id = g.child_id
    WHERE k.id = :child AND NOT (k.kind = 'child' AND k.born_on <= app.today() - interval '18 years')
"""


def family_of(tx: Transaction, case: Case) -> set[UUID]:
    """The guardians who may be called: of somebody who is of age, none."""
    return {row.id for row in tx.ask(_FAMILY, {"child": case.child_id})}


def _attend(tx: Transaction, case: Case, meeting: Meeting, wanted: CallMeeting) -> None:
    tx.add(
        *(
            Attendance(municipality_id=case.municipality_id, meeting_id=meeting.id, practitioner_id=person)
            for person in dict.fromkeys(wanted.practitioner_ids)
        ),
        *(
            Attendance(municipality_id=case.municipality_id, meeting_id=meeting.id, guardian_id=guardian)
            for guardian in dict.fromkeys(wanted.guardian_ids)
        ),
    )
    if wanted.the_child:
        tx.add(Attendance(municipality_id=case.municipality_id, meeting_id=meeting.id, the_child=True))


def move_time(
    tx: Transaction,
    meeting_id: UUID,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    version: int | None = None,
    key: str | None = None,
) -> UUID:
    """Move a meeting: the same calendar entry goes out with a higher edition, and answers are asked anew.

    A sibling's moves along.
    Raises NotFound, NotPermitted, Invalid, Stale or Refused.
    """
    tx.once(key, "move_meeting", meeting=meeting_id, at=starts_at)
    case, meeting = opened(tx, meeting_id, Permission.CALL_MEETING, version)
    if starts_at <= tx.now or ends_at <= starts_at:
        raise Invalid(
            {"starts_at": "choose_a_later_time"} if starts_at <= tx.now else {"ends_at": "after_the_start"}
        )
    for file, one in together.reached(tx, case, meeting, Permission.CALL_MEETING, "move_time"):
        one.starts_at, one.ends_at = starts_at, ends_at
        _moved(tx, file, one, reason)
    tx.result(meeting_id=meeting.id, case_id=case.id)
    return meeting.id


def _moved(tx: Transaction, case: Case, meeting: Meeting, reason: str) -> None:
    meeting.sequence += 1
    meeting.version += 1
    for attendance in tx.rows(select(Attendance).where(Attendance.meeting_id == meeting.id)):
        attendance.answer = "none"
    take(tx, case, meeting, "move_time", MeetingFacts(time_set=True, reason_given=bool(reason.strip())))
    deadlines.move(tx, meeting.id, "meeting", to=deadlines.local(meeting.starts_at))
    told(tx, case, meeting, "meeting_moved")


def cancel(
    tx: Transaction, meeting_id: UUID, *, reason: str, version: int | None = None, key: str | None = None
) -> UUID:
    """Call a meeting off, with a reason, and a sibling's with it. Raises NotFound, NotPermitted, Stale or Refused."""
    tx.once(key, "cancel_meeting", meeting=meeting_id)
    case, meeting = opened(tx, meeting_id, Permission.CALL_MEETING, version)
    for file, one in together.reached(tx, case, meeting, Permission.CALL_MEETING, "cancel"):
        call_off(tx, file, one, reason)
    tx.result(meeting_id=meeting.id, case_id=case.id)
    return meeting.id


def call_off(tx: Transaction, case: Case, meeting: Meeting, reason: str) -> None:
    """Call a meeting off inside an act on its case: everybody called is told, and its deadline is gone."""
    meeting.sequence += 1
    meeting.version += 1
    meeting.cancelled_reason = reason.strip()
    take(tx, case, meeting, "cancel", MeetingFacts(reason_given=bool(reason.strip())))
    deadlines.stop(tx, meeting.id, "meeting")
    told(tx, case, meeting, "meeting_cancelled")


def answer(tx: Transaction, meeting_id: UUID, *, coming: str, key: str | None = None) -> UUID:
    """Say whether one comes. Raises NotFound to somebody who is not called, Invalid, or Stale."""
    tx.once(key, "answer_meeting", meeting=meeting_id, coming=coming)
    if coming not in ANSWERS:
        raise Invalid({"coming": "choose_one"})
    meeting = tx.get(Meeting, meeting_id)
    partings.hold(tx, meeting.case_id)
    wanted = select(Attendance).where(
        Attendance.meeting_id == meeting_id, Attendance.practitioner_id == tx.actor.id
    )
    mine = tx.session.exec(wanted.with_for_update()).one_or_none()
    if mine is None:
        raise NotFound
    if meeting.state != "summoned":
        raise Stale(meeting.version)
    mine.answer = coming
    note_answer(tx, meeting)
    answered_beside(tx, meeting, mine)
    tx.result(meeting_id=meeting.id)
    return meeting.id


def note_answer(tx: Transaction, meeting: Meeting, **facts: Any) -> None:
    """Tell the trail that somebody has answered."""
    tx.note(
        "case",
        meeting.case_id,
        "answer_meeting",
        municipality_id=meeting.municipality_id,
        meeting=meeting.id,
        **facts,
    )


def answered_beside(tx: Transaction, meeting: Meeting, seat: Attendance, **facts: Any) -> None:
    """Who is called to the same meeting in a sibling's file, and got one letter for both, has answered both."""
    found = together.beside(tx, meeting.id)
    if found is None:
        return
    other = together.seats(tx, meeting.id, found.meeting_id).get(seat.id)
    there = tx.session.get(Meeting, found.meeting_id)
    if other is None or there is None or there.state != "summoned":
        return
    tx.lock(Attendance, other).answer = seat.answer
    note_answer(tx, there, **facts)
