"""What every act on a meeting does: opens it, moves its chart, and is told."""

from typing import Any
from uuid import UUID

from casework import consequences, logs, notices, partings, relations
from casework.access import Permission
from casework.consequences import Scene
from casework.meetings import together
from casework.refusals import Change, Stale
from casework.transactions import Transaction
from levels.charts import Move, move
from levels.meetings import MeetingChart, MeetingFacts
from records.cases import Case
from records.meetings import Meeting
from records.municipalities import Practitioner

_LETTERS = {"summon": "meeting_summons", "move_time": "meeting_moved", "cancel": "meeting_cancelled"}


def opened(
    tx: Transaction, meeting_id: UUID, permission: Permission, version: int | None
) -> tuple[Case, Meeting]:
    """The meeting and its case, both held; raises NotFound, NotPermitted, or Stale with what others wrote."""
    seen = tx.get(Meeting, meeting_id)
    case = partings.locked(tx, seen.case_id)
    meeting = tx.lock(Meeting, meeting_id)
    tx.require(permission, relations.to_case(tx, case))
    if version is not None and version != meeting.version:
        raise Stale(meeting.version, _changes(tx, meeting))
    return case, meeting


def _changes(tx: Transaction, meeting: Meeting) -> tuple[Change, ...]:
    """The minutes as the other writer left them."""
    writer = tx.session.get(Practitioner, meeting.minutes_by_id) if meeting.minutes_by_id else None
    if writer is None or meeting.minutes_at is None:
        return ()
    said = "\n".join([meeting.minutes, *(f"– {one}" for one in meeting.decisions)])
    return (Change("write_minutes", writer.name, meeting.minutes_at, said),)


def take(
    tx: Transaction,
    case: Case,
    meeting: Meeting,
    event: str,
    facts: MeetingFacts,
    *,
    first: UUID | None = None,
) -> Move:
    """Move the meeting's chart, write the letters of the move, and carry out what follows.

    `first` is the same meeting in a sibling's file, called before this one: its letters are these too.
    """
    moved = move(MeetingChart, meeting.state, event, facts)
    meeting.state = moved.after
    if event in _LETTERS:
        notices.about_meeting(tx, meeting, _LETTERS[event], but=together.lettered(tx, meeting.id, first))
    scene = Scene(
        municipality_id=case.municipality_id,
        subject=("meeting", meeting.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=case.holder_id,
    )
    consequences.carry_out(tx, scene, moved.consequences)
    return moved


def told(tx: Transaction, case: Case, meeting: Meeting, act: str, **facts: Any) -> None:
    """Tell the log and the trail."""
    logs.tell(tx, case, "meeting", act, meeting=meeting.id, at=meeting.starts_at.isoformat(), **facts)
    logs.touch(tx, case)
    tx.note("case", case.id, act, municipality_id=case.municipality_id, meeting=meeting.id)
