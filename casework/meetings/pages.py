"""Meetings as their pages and the workflows see them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import relations
from casework.access import Permission
from casework.meetings import agendas, together
from casework.meetings.together import Together
from casework.transactions import Transaction
from records.cases import Case
from records.meetings import Meeting


@dataclass(frozen=True, slots=True)
class MeetingSummary:
    """A meeting as shown in its case; `beside_id` is the same one in a sibling's file that calls the actor too."""

    id: UUID
    case_id: UUID
    kind: str
    state: str
    starts_at: datetime
    ends_at: datetime
    place: str
    video_link: str
    sequence: int
    called: int
    coming: int
    version: int
    beside_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody called to a meeting, and the answer."""

    id: UUID
    practitioner_id: UUID | None
    guardian_id: UUID | None
    the_child: bool
    name: str
    answer: str
    came: bool | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A measure decided in a meeting."""

    id: UUID
    title: str
    goal: str
    responsible_name: str
    evaluate_on: date


@dataclass(frozen=True, slots=True)
class Busy:
    """A meeting as a calendar shows it to anybody: no child, no topic, no place that somebody wrote."""

    id: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class MeetingDetails:
    """A meeting with who is called, what is to be spoken of and what was said.

    `beside` are those called to it in a sibling's file alone, for whoever holds it in both.
    """

    summary: MeetingSummary
    child_name: str
    case_number: str
    called: tuple[Called, ...]
    decided: tuple[Decided, ...]
    agenda: tuple[dict[str, Any], ...]
    minutes: str
    decisions: tuple[str, ...]
    cancelled_reason: str
    may_write: bool
    may_call: bool
    together: Together | None = None
    beside: tuple[Called, ...] = ()


def summons(tx: Transaction, meeting_id: UUID) -> list[UUID]:
    """The notices of a meeting that still wait to be sent. For jobs."""
    found = tx.session.execute(
        text("SELECT id FROM notices WHERE subject_id = :meeting AND state = 'written' ORDER BY id"),
        {"meeting": meeting_id},
    )
    return list(found.scalars())


_SUMMARY = """
    SELECT m.id, m.case_id, m.kind, m.state, m.starts_at, m.ends_at, m.place, m.video_link, m.sequence,
      (SELECT count(*) FROM attendances a WHERE a.meeting_id = m.id) AS called,
      (SELECT count(*) FROM attendances a WHERE a.meeting_id = m.id AND a.answer = 'yes') AS coming,
      m.version
    FROM meetings m
"""
_OF_CASE = text(_SUMMARY + " WHERE m.case_id = :case ORDER BY m.starts_at DESC")
_ONE = text(_SUMMARY + " WHERE m.id = :meeting")
_CALLED = text(
    """
    SELECT a.id, a.practitioner_id, a.guardian_id, a.the_child, coalesce(p.name, g.name, '') AS name,
      a.answer, a.came
    FROM attendances a
    LEFT JOIN practitioners p ON p.id = a.practitioner_id
    LEFT JOIN guardians g ON g.id = a.guardian_id
    WHERE a.meeting_id = :meeting
    ORDER BY a.the_child DESC, a.guardian_id IS NULL, name
    """
)
# One who is called for two siblings at once meets once: the leading meeting stands for both.
_MINE = text(
    f"""
    WITH mine AS ({_SUMMARY}
      JOIN attendances a ON a.meeting_id = m.id AND a.practitioner_id = :actor
      WHERE m.state = 'summoned' AND m.ends_at >= :now),
    pairs AS (
      SELECT x.meeting_id, x.other_meeting_id FROM sibling_shares x
      JOIN mine f ON f.id = x.meeting_id JOIN mine s ON s.id = x.other_meeting_id WHERE x.parted_at IS NULL)
    SELECT mine.*, p.other_meeting_id AS beside_id FROM mine LEFT JOIN pairs p ON p.meeting_id = mine.id
    WHERE mine.id NOT IN (SELECT other_meeting_id FROM pairs) ORDER BY starts_at
    """
)


_DECIDED = text(
    """
    SELECT m.id, m.title, m.goal, coalesce(p.name, s.name, '') AS responsible_name, m.evaluate_on
    FROM measures m
    LEFT JOIN practitioners p ON p.id = m.responsible_id
    LEFT JOIN services s ON s.id = m.responsible_service_id
    WHERE m.decided_in_id = :meeting ORDER BY m.id
    """
)
# One who is called for two siblings at once is busy once.
_BUSY = text(
    """
    SELECT m.id, m.sequence, m.starts_at, m.ends_at, a.answer
    FROM meetings m JOIN attendances a ON a.meeting_id = m.id AND a.practitioner_id = :actor
    WHERE m.state IN ('summoned', 'held') AND a.answer <> 'no' AND m.ends_at >= :since
      AND NOT EXISTS (
        SELECT 1 FROM sibling_shares x
        JOIN attendances b ON b.meeting_id = x.meeting_id AND b.practitioner_id = :actor AND b.answer <> 'no'
        WHERE x.other_meeting_id = m.id AND x.parted_at IS NULL)
    ORDER BY m.starts_at
    """
)


def of_case(tx: Transaction, case_id: UUID) -> list[MeetingSummary]:
    """The case's meetings, newest first."""
    return tx.ask_for(MeetingSummary, _OF_CASE, {"case": case_id})


def mine(tx: Transaction) -> list[MeetingSummary]:
    """Meetings the actor is called to, the nearest first; one that two siblings share stands once."""
    found = tx.session.execute(_MINE, {"actor": tx.actor.id, "now": tx.now}).mappings()
    return [MeetingSummary(**row) for row in found]


def busy(tx: Transaction) -> list[Busy]:
    """The actor's own meetings from a month back and on, for the calendar: those one still may see."""
    values = {"actor": tx.actor.id, "since": tx.now - timedelta(days=30)}
    return [Busy(**row) for row in tx.session.execute(_BUSY, values).mappings()]


def one(tx: Transaction, meeting_id: UUID) -> MeetingDetails:
    """A meeting with its people, agenda and minutes; raises NotFound or NotPermitted."""
    meeting = tx.get(Meeting, meeting_id)
    case = tx.get(Case, meeting.case_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.READ_CASE, standing)
    child = tx.session.execute(
        text("SELECT first_name || ' ' || last_name FROM children WHERE id = :child"),
        {"child": case.child_id},
    ).scalar_one()
    tx.note("case", case.id, "read_meeting", municipality_id=case.municipality_id, meeting=meeting.id)
    row = tx.session.execute(_ONE, {"meeting": meeting_id}).mappings().one()
    both = together.told(tx, meeting, Permission.CALL_MEETING) if meeting.state == "summoned" else None
    return MeetingDetails(
        summary=MeetingSummary(**row),
        child_name=child,
        case_number=case.number,
        called=tuple(_called(tx, meeting_id)),
        decided=tuple(
            Decided(**row) for row in tx.session.execute(_DECIDED, {"meeting": meeting_id}).mappings()
        ),
        agenda=tuple(agendas.written(tx, case, meeting)),
        minutes=meeting.minutes,
        decisions=tuple(meeting.decisions),
        cancelled_reason=meeting.cancelled_reason,
        may_write=Permission.WRITE_MINUTES in relations.granted(standing),
        may_call=Permission.CALL_MEETING in relations.granted(standing),
        together=both,
        beside=_beside(tx, meeting_id) if both and both.in_both else (),
    )


def _called(tx: Transaction, meeting_id: UUID) -> list[Called]:
    return tx.ask_for(Called, _CALLED, {"meeting": meeting_id})


def _beside(tx: Transaction, meeting_id: UUID) -> tuple[Called, ...]:
    other = together.beside(tx, meeting_id)
    if other is None:
        return ()
    here_too = together.seats(tx, meeting_id, other.meeting_id).values()
    return tuple(one for one in _called(tx, other.meeting_id) if one.id not in here_too)


def latest(tx: Transaction, case_id: UUID) -> Meeting | None:
    """The newest meeting that was held at this case."""
    wanted = (
        select(Meeting)
        .where(Meeting.case_id == case_id, Meeting.state == "held")
        .order_by(col(Meeting.held_at).desc())
    )
    found: Meeting | None = tx.session.exec(wanted).first()
    return found
