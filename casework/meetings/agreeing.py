"""Agreeing on a time: one is picked and the meeting is summoned, or all are taken back; the silent are reminded."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from casework.access import Permission
from casework.meetings.calling import CallMeeting, call, family_of
from casework.meetings.proposing import opened_proposal, slots_of, take_proposal, tell_asked, told_of_times
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.charts import move
from levels.meetings import MeetingProposalChart, ProposalFacts
from records.cases import Case
from records.meetings import Attendance, MeetingProposal, ProposalAnswer, ProposalSlot


def pick(
    tx: Transaction, proposal_id: UUID, slot_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Agree on one of the times: the meeting is summoned in the same act; answers the meeting's id.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused when the time is past or already agreed on.
    """
    tx.once(key, "pick_time", proposal=proposal_id, slot=slot_id)
    case, proposal = opened_proposal(tx, proposal_id, Permission.CALL_MEETING, version)
    slot = next((one for one in slots_of(tx, proposal) if one.id == slot_id), None)
    if slot is None:
        raise Invalid({"slot_id": "choose_one"})
    ahead = slot.starts_at > tx.now
    # Asked of the chart before anything is called, and moved when the meeting stands.
    move(MeetingProposalChart, proposal.state, "agree", ProposalFacts(time_chosen=True, time_is_ahead=ahead))
    asked = tx.rows(select(ProposalAnswer).where(ProposalAnswer.proposal_id == proposal.id))
    proposal.meeting_id = _summon(tx, case, proposal, slot, asked)
    proposal.settled_at = tx.now
    proposal.version += 1
    take_proposal(tx, case, proposal, "agree", ProposalFacts(time_chosen=True, time_is_ahead=ahead))
    tx.note("case", case.id, "agree_on_time", municipality_id=case.municipality_id, proposal=proposal.id)
    tx.result(meeting_id=proposal.meeting_id, proposal_id=proposal.id, case_id=case.id)
    return proposal.meeting_id


def _summon(
    tx: Transaction,
    case: Case,
    proposal: MeetingProposal,
    slot: ProposalSlot,
    asked: list[ProposalAnswer],
) -> UUID:
    """Call those who are still inside, with what they answered to this time as their answer."""
    inside = set(
        tx.session.execute(
            text("SELECT practitioner_id FROM participations WHERE case_id = :case AND until IS NULL"),
            {"case": case.id},
        ).scalars()
    )
    family = family_of(tx, case)
    meeting_id = call(
        tx,
        case.id,
        CallMeeting(
            proposal.kind,
            slot.starts_at,
            slot.ends_at,
            tuple(p for one in asked if (p := one.practitioner_id) and p in inside),
            guardian_ids=tuple(one.guardian_id for one in asked if one.guardian_id in family),
            the_child=any(one.the_child for one in asked),
            place=proposal.place,
            video_link=proposal.video_link,
            agenda=tuple(point["text"] for point in proposal.agenda),
        ),
    )
    answers = {(one.practitioner_id, one.guardian_id): one.answers.get(str(slot.id)) for one in asked}
    for called in tx.rows(select(Attendance).where(Attendance.meeting_id == meeting_id)):
        called.answer = answers.get((called.practitioner_id, called.guardian_id)) or "none"
    return meeting_id


def withdraw(
    tx: Transaction,
    proposal_id: UUID,
    *,
    reason: str = "",
    version: int | None = None,
    key: str | None = None,
) -> UUID:
    """Take the proposed times back; everybody asked is told. Raises NotFound, NotPermitted, Stale, Refused."""
    tx.once(key, "withdraw_times", proposal=proposal_id)
    case, proposal = opened_proposal(tx, proposal_id, Permission.CALL_MEETING, version)
    take_back(tx, case, proposal, reason)
    tx.result(proposal_id=proposal.id, case_id=case.id)
    return proposal.id


def take_back(tx: Transaction, case: Case, proposal: MeetingProposal, reason: str) -> None:
    """Take proposed times back inside an act on their case; everybody asked is told."""
    proposal.settled_at, proposal.withdrawn_reason = tx.now, reason.strip()
    proposal.version += 1
    take_proposal(tx, case, proposal, "withdraw", ProposalFacts())
    tell_asked(tx, proposal, "times_withdrawn")
    told_of_times(tx, case, proposal, "times_withdrawn")


_SILENT = text(
    """
    SELECT p.id FROM meeting_proposals p
    JOIN deadlines d ON d.subject_id = p.id AND d.due = 'times' AND d.settled_at IS NULL
    WHERE p.state = 'proposed' AND p.reminded_at IS NULL
      AND coalesce(d.remind_at, d.due_at - interval '1 day') <= :now
    ORDER BY p.answer_by LIMIT :limit
    FOR UPDATE OF p SKIP LOCKED
    """
)


def remind_silent(tx: Transaction, *, limit: int = 200) -> int:
    """Remind everybody at work who has not answered the times, once each; answers of how many proposals.

    For jobs. A proposal another sweep is at work on is left to it.
    """
    found = tx.session.execute(_SILENT, {"now": tx.now, "limit": limit}).scalars().all()
    for proposal_id in found:
        proposal = tx.get(MeetingProposal, proposal_id)
        proposal.reminded_at = tx.now
        reminded = tell_asked(tx, proposal, "times_reminder", silent_only=True, edition=1)
        tx.note(
            "case",
            proposal.case_id,
            "remind_times",
            municipality_id=proposal.municipality_id,
            proposal=proposal.id,
            reminded=reminded,
        )
    return len(found)
