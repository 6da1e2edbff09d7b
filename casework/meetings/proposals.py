"""Times proposed for a meeting as their pages show them: who can when, and what suits most."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import relations
from casework.access import Permission
from casework.transactions import Transaction
from levels.meetings import OfferedTime, best_time, time_warnings
from records.cases import Case
from records.meetings import MeetingProposal, ProposalSlot


@dataclass(frozen=True, slots=True)
class ProposalSummary:
    """Times proposed, as shown in a list."""

    id: UUID
    case_id: UUID
    kind: str
    state: str
    first_at: datetime
    answer_by: date
    asked: int
    answered: int
    mine_answered: bool
    meeting_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A time with who can, and what speaks against it."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    yes: tuple[str, ...]
    maybe: tuple[str, ...]
    no: tuple[str, ...]
    warnings: tuple[str, ...]
    best: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked, and the answers by slot; a parent's and the child's are written down by the holder."""

    id: UUID
    practitioner_id: UUID | None
    name: str
    the_child: bool
    answers: dict[str, str]
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProposalDetails:
    """Times proposed for a meeting, with everybody's answers."""

    summary: ProposalSummary
    child_name: str
    case_number: str
    place: str
    video_link: str
    withdrawn_reason: str
    slots: tuple[OfferedSlot, ...]
    asked: tuple[Asked, ...]
    mine: Asked | None
    may_call: bool


_SUMMARY = """
    SELECT p.id, p.case_id, p.kind, p.state, p.answer_by, p.meeting_id, p.version,
      (SELECT min(s.starts_at) FROM proposal_slots s WHERE s.proposal_id = p.id) AS first_at,
      (SELECT count(*) FROM proposal_answers a WHERE a.proposal_id = p.id) AS asked,
      (SELECT count(*) FROM proposal_answers a WHERE a.proposal_id = p.id AND a.answered_at IS NOT NULL)
        AS answered,
      EXISTS (SELECT 1 FROM proposal_answers a WHERE a.proposal_id = p.id AND a.practitioner_id = :actor
        AND a.answered_at IS NOT NULL) AS mine_answered
    FROM meeting_proposals p
"""
_OF_CASE = text(_SUMMARY + " WHERE p.case_id = :case ORDER BY p.proposed_at DESC")
_ONE = text(_SUMMARY + " WHERE p.id = :proposal")
TIMES_ASKED_OF_ME = text(
    _SUMMARY
    + """ JOIN cases c ON c.id = p.case_id AND c.state <> 'closed'
    WHERE p.state = 'proposed'
      AND EXISTS (SELECT 1 FROM proposal_answers a WHERE a.proposal_id = p.id AND a.practitioner_id = :actor)
    ORDER BY p.answer_by, first_at"""
)
_WHO = text(
    """
    SELECT a.id, a.practitioner_id, coalesce(p.name, g.name, '') AS name, a.the_child, a.answers, a.answered_at
    FROM proposal_answers a
    LEFT JOIN practitioners p ON p.id = a.practitioner_id
    LEFT JOIN guardians g ON g.id = a.guardian_id
    WHERE a.proposal_id = :proposal
    ORDER BY a.the_child DESC, a.guardian_id IS NULL, name
    """
)


def proposals_of_case(tx: Transaction, case_id: UUID) -> list[ProposalSummary]:
    """The times proposed in a case, newest first."""
    values = {"case": case_id, "actor": tx.actor.id}
    return tx.ask_for(ProposalSummary, _OF_CASE, values)


def times_asked_of_me(tx: Transaction) -> list[ProposalSummary]:
    """The times the actor is asked about and that are not agreed on yet, the most urgent first."""
    return tx.ask_for(ProposalSummary, TIMES_ASKED_OF_ME, {"actor": tx.actor.id})


def proposal(tx: Transaction, proposal_id: UUID) -> ProposalDetails:
    """Times proposed, with everybody's answers; raises NotFound or NotPermitted."""
    row = tx.get(MeetingProposal, proposal_id)
    case = tx.get(Case, row.case_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.READ_CASE, standing)
    tx.note("case", case.id, "read_times", municipality_id=case.municipality_id, proposal=row.id)
    child = tx.scalar("SELECT first_name || ' ' || last_name FROM children WHERE id = :c", c=case.child_id)
    found = tx.session.execute(_WHO, {"proposal": row.id}).mappings()
    asked = tuple(Asked(**{**one, "name": child if one["the_child"] else one["name"]}) for one in found)
    summary = tx.session.execute(_ONE, {"proposal": row.id, "actor": tx.actor.id}).mappings().one()
    return ProposalDetails(
        summary=ProposalSummary(**summary),
        child_name=child,
        case_number=case.number,
        place=row.place,
        video_link=row.video_link,
        withdrawn_reason=row.withdrawn_reason,
        slots=_slots(tx, row.id, asked),
        asked=asked,
        mine=next((one for one in asked if one.practitioner_id == tx.actor.id), None),
        may_call=Permission.CALL_MEETING in relations.granted(standing),
    )


def _slots(tx: Transaction, proposal_id: UUID, asked: tuple[Asked, ...]) -> tuple[OfferedSlot, ...]:
    rows: list[ProposalSlot] = tx.rows(
        select(ProposalSlot)
        .where(ProposalSlot.proposal_id == proposal_id)
        .order_by(col(ProposalSlot.starts_at))
    )
    said = {
        row.id: {answer: _who(asked, row.id, answer) for answer in ("yes", "maybe", "no")} for row in rows
    }
    times = [
        OfferedTime(row.id, row.starts_at, len(said[row.id]["yes"]), len(said[row.id]["maybe"]))
        for row in rows
    ]
    best = best_time(times, now=tx.now)
    return tuple(
        OfferedSlot(
            row.id,
            row.starts_at,
            row.ends_at,
            **said[row.id],
            warnings=time_warnings(row.starts_at, now=tx.now),
            best=best is not None and best.id == row.id,
        )
        for row in rows
    )


def _who(asked: tuple[Asked, ...], slot_id: UUID, answer: str) -> tuple[str, ...]:
    return tuple(one.name for one in asked if one.answers.get(str(slot_id)) == answer)
