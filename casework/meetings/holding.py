"""Minutes written while the meeting goes on, and the meeting held: decisions become measures."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from casework import coordinations, logs, measures
from casework.access import Permission
from casework.meetings import agendas, together
from casework.meetings.calling import CallMeeting, call_each, family_of
from casework.meetings.moving import opened, take, told
from casework.refusals import Invalid, Refused
from casework.transactions import Transaction
from levels.charts import move
from levels.child_views import SayView
from levels.coordinations import CoordinationChart, CoordinationFacts
from levels.meetings import MeetingFacts
from records.cases import Case
from records.meetings import Attendance, Meeting


@dataclass(frozen=True, slots=True)
class DecidedMeasure:
    """A decision that becomes a measure: what, to reach what, who answers for it, when it is looked at."""

    title: str
    goal: str
    responsible_id: UUID | None = None
    evaluate_on: date | None = None


@dataclass(frozen=True, slots=True)
class HoldMeeting:
    """What was said and decided, what is tried from now on, and when to meet again.

    `came` are seats: this meeting's, and a sibling's where it is held with it.
    """

    minutes: str
    decisions: tuple[str, ...] = ()
    came: tuple[UUID, ...] = ()
    measures: tuple[DecidedMeasure, ...] = ()
    child: SayView | None = None
    next_starts_at: datetime | None = None
    next_ends_at: datetime | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def write_minutes(
    tx: Transaction,
    meeting_id: UUID,
    *,
    minutes: str,
    decisions: tuple[str, ...] = (),
    version: int | None = None,
) -> int:
    """Keep the minutes while the meeting goes on; answers the version to write the next time.

    Raises NotFound, NotPermitted, Stale with what the other wrote, or Refused when the meeting is over.
    """
    case, meeting = opened(tx, meeting_id, Permission.WRITE_MINUTES, version)
    if meeting.state not in ("planned", "summoned"):
        raise Refused("MeetingChart", meeting.state, "hold", ("not_from_here",))
    _minutes(tx, meeting, minutes, decisions)
    tx.note("case", case.id, "write_minutes", municipality_id=case.municipality_id, meeting=meeting.id)
    return meeting.version


def _minutes(tx: Transaction, meeting: Meeting, minutes: str, decisions: tuple[str, ...]) -> None:
    meeting.minutes = minutes.strip()
    meeting.decisions = [d.strip() for d in decisions if d.strip()]
    meeting.minutes_by_id, meeting.minutes_at = tx.actor.id, tx.now
    meeting.version += 1


def hold(tx: Transaction, meeting_id: UUID, wanted: HoldMeeting) -> UUID:
    """The meeting has been held: its minutes go into the log as one entry, with who was there.

    Each decided measure is planned and started, when the child's view is known, and the next meeting called, in the
    same act. A sibling's meeting is held with it.
    Raises NotFound, NotPermitted, Invalid, Stale or Refused.
    """
    tx.once(wanted.key, "hold_meeting", meeting=meeting_id)
    case, meeting = opened(tx, meeting_id, Permission.WRITE_MINUTES, wanted.version)
    both = together.reached(tx, case, meeting, Permission.WRITE_MINUTES, "hold")
    came = _held(tx, case, meeting, wanted)
    if wanted.child is not None and wanted.child.given:
        logs.keep_child_view(tx, case, wanted.child, at="child_")
    _plan(tx, case, meeting, wanted.measures)
    _tell(tx, case, meeting, wanted, came)
    for there, other in both:
        if other is not meeting:
            _held_beside(tx, (case, meeting), (there, other), wanted)
    _meet_again(tx, both, meeting, wanted)
    tx.result(meeting_id=meeting.id, case_id=case.id)
    return meeting.id


def _held(tx: Transaction, case: Case, meeting: Meeting, wanted: HoldMeeting) -> int:
    """Held in one file; answers how many came of those called there."""
    if meeting.state in ("planned", "summoned"):
        meeting.agenda = agendas.written(tx, case, meeting)
    _minutes(tx, meeting, wanted.minutes, wanted.decisions)
    meeting.held_at = tx.now
    called = tx.rows(select(Attendance).where(Attendance.meeting_id == meeting.id))
    for attendance in called:
        attendance.came = attendance.id in wanted.came
    take(tx, case, meeting, "hold", MeetingFacts(minutes_written=bool(meeting.minutes)))
    coordination = coordinations.running(tx, case.id)
    if coordination is not None and coordination.state == "meeting":
        coordination.state = move(
            CoordinationChart, "meeting", "hold", CoordinationFacts(minutes_written=True)
        ).after
    return sum(attendance.came for attendance in called)


def _tell(tx: Transaction, case: Case, meeting: Meeting, wanted: HoldMeeting, came: int) -> None:
    tried = [f"{one.title.strip()}: {one.goal.strip()}" for one in wanted.measures]
    said = "\n".join([meeting.minutes, *(f"– {one}" for one in [*meeting.decisions, *tried])])
    told(tx, case, meeting, "meeting_held", body=said, came=came)


def _held_beside(tx: Transaction, mine: together.Filed, theirs: together.Filed, wanted: HoldMeeting) -> None:
    """Held in the sibling's file too: with the minutes written there, or with the same words if they name nobody.

    What a child says, and measures, belong to the file they are written in.
    """
    case, meeting = theirs
    said = meeting.minutes, tuple(meeting.decisions)
    if not meeting.minutes:
        said = wanted.minutes, wanted.decisions
        words = {"minutes": wanted.minutes, "decisions": "\n".join(wanted.decisions)}
        together.check_unnamed(tx, mine[0], case, words)
    seats = together.seats(tx, mine[1].id, meeting.id)
    there = HoldMeeting(*said, came=tuple(seats.get(one, one) for one in wanted.came))
    _tell(tx, case, meeting, there, _held(tx, case, meeting, there))


def _plan(tx: Transaction, case: Case, meeting: Meeting, decided: tuple[DecidedMeasure, ...]) -> None:
    """Every decided measure by the same rules as any other; all that is wrong is said at once, row by row."""
    errors: dict[str, str] = {}
    for row, one in enumerate(decided):
        plan = measures.PlanMeasure(
            one.title,
            one.goal,
            responsible_id=one.responsible_id,
            evaluate_on=one.evaluate_on,
            decided_in_id=meeting.id,
        )
        try:
            measures.plan(tx, case.id, plan)
        except Invalid as refusal:
            errors |= {f"{name}_{row}": code for name, code in refusal.errors.items()}
    if errors:
        raise Invalid(errors)


def _meet_again(tx: Transaction, both: list[together.Filed], meeting: Meeting, wanted: HoldMeeting) -> None:
    """Call everybody who was called and is still inside to the next meeting, in every file it was held in."""
    if wanted.next_starts_at is None or wanted.next_ends_at is None:
        return
    times = wanted.next_starts_at, wanted.next_ends_at
    link = together.beside(tx, meeting.id)
    try:
        call_each(
            tx, [(case, _again(tx, case, one, *times)) for case, one in both], link.link_id if link else None
        )
    except Invalid as refusal:
        raise Invalid({f"next_{name}": code for name, code in refusal.errors.items()}) from None


def _again(
    tx: Transaction, case: Case, meeting: Meeting, starts_at: datetime, ends_at: datetime
) -> CallMeeting:
    attending = tx.rows(select(Attendance).where(Attendance.meeting_id == meeting.id))
    inside = tx.session.execute(
        text("SELECT practitioner_id FROM participations WHERE case_id = :case AND until IS NULL"),
        {"case": case.id},
    ).scalars()
    still, family = set(inside), family_of(tx, case)
    return CallMeeting(
        meeting.kind,
        starts_at,
        ends_at,
        tuple(p for one in attending if (p := one.practitioner_id) and p in still),
        guardian_ids=tuple(one.guardian_id for one in attending if one.guardian_id in family),
        the_child=any(one.the_child for one in attending),
        place=meeting.place,
        video_link=meeting.video_link,
    )
