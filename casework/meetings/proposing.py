"""Times for a meeting: some are proposed, and everybody answers each."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import select

from casework import consequences, deadlines, logs, notices, relations
from casework.access import Permission
from casework.consequences import Scene
from casework.meetings.agendas import added
from casework.meetings.calling import check_called, check_place
from casework.refusals import Invalid, NotFound, Refused, Stale
from casework.transactions import Transaction
from levels.charts import Move, move
from levels.meetings import (
    FEWEST_TIMES,
    MOST_TIMES,
    TIME_ANSWERS,
    MeetingProposalChart,
    ProposalFacts,
)
from records.cases import Case
from records.meetings import MEETING_KINDS, MeetingProposal, ProposalAnswer, ProposalSlot

MOST_DAYS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that could suit."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ProposeTimes:
    """Times to choose between, and whom to ask."""

    kind: str
    slots: tuple[Slot, ...]
    practitioner_ids: tuple[UUID, ...]
    answer_by: date
    guardian_ids: tuple[UUID, ...] = ()
    the_child: bool = False
    place: str = ""
    video_link: str = ""
    agenda: tuple[str, ...] = ()
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SlotAnswer:
    """What somebody answers to one time."""

    slot_id: UUID
    answer: str


def propose(tx: Transaction, case_id: UUID, wanted: ProposeTimes) -> UUID:
    """Propose times for a meeting and ask everybody who is to be called, without naming the child.

    Raises NotFound, NotPermitted, Invalid, or Refused when somebody asked is outside the consent.
    """
    tx.once(wanted.key, "propose_times", case=case_id, kind=wanted.kind, first=_first(wanted))
    case = tx.lock(Case, case_id)
    tx.require(Permission.CALL_MEETING, relations.to_case(tx, case))
    _check(tx, wanted)
    check_place(tx, case, wanted.place)
    check_called(tx, case, wanted.practitioner_ids, wanted.guardian_ids)
    proposal = MeetingProposal(
        municipality_id=case.municipality_id,
        case_id=case.id,
        kind=wanted.kind,
        place=wanted.place.strip(),
        video_link=wanted.video_link.strip(),
        agenda=added(wanted.agenda),
        answer_by=wanted.answer_by,
        proposed_by_id=tx.actor.id,
        proposed_at=tx.now,
    )
    tx.add(proposal)
    tx.session.flush()
    _offer(tx, proposal, wanted)
    _ask(tx, proposal, wanted)
    deadlines.start(
        tx,
        "times_proposed",
        municipality_id=case.municipality_id,
        guide_id=case.guide_id,
        level_id=case.level_id,
        subject=("meeting_proposal", proposal.id),
        case_id=case.id,
        owner_id=case.holder_id,
        agreed_on=wanted.answer_by,
    )
    tell_asked(tx, proposal, "times_proposed")
    told_of_times(tx, case, proposal, "times_proposed")
    tx.result(proposal_id=proposal.id, case_id=case.id)
    return proposal.id


def _first(wanted: ProposeTimes) -> datetime | None:
    return min((one.starts_at for one in wanted.slots), default=None)


def _check(tx: Transaction, wanted: ProposeTimes) -> None:
    errors: dict[str, str] = {}
    if wanted.kind not in MEETING_KINDS:
        errors["kind"] = "choose_one"
    if not wanted.practitioner_ids:
        errors["practitioner_ids"] = "choose_one"
    if len(wanted.slots) < FEWEST_TIMES or len({one.starts_at for one in wanted.slots}) < len(wanted.slots):
        errors["slots"] = "two_times_or_more"
    if len(wanted.slots) > MOST_TIMES:
        errors["slots"] = "six_times_at_most"
    for row, one in enumerate(wanted.slots):
        if not tx.now < one.starts_at < tx.now + MOST_DAYS:
            errors[f"starts_at_{row}"] = "choose_a_later_time"
        elif one.ends_at <= one.starts_at:
            errors[f"ends_at_{row}"] = "after_the_start"
    if wanted.answer_by < tx.today:
        errors["answer_by"] = "choose_a_later_day"
    if errors:
        raise Invalid(errors)


def _offer(tx: Transaction, proposal: MeetingProposal, wanted: ProposeTimes) -> None:
    tx.add(
        *(
            ProposalSlot(
                municipality_id=proposal.municipality_id,
                proposal_id=proposal.id,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
            )
            for one in wanted.slots
        )
    )


def _ask(tx: Transaction, proposal: MeetingProposal, wanted: ProposeTimes) -> None:
    def asked(
        person: UUID | None = None, guardian: UUID | None = None, *, child: bool = False
    ) -> ProposalAnswer:
        return ProposalAnswer(
            municipality_id=proposal.municipality_id,
            proposal_id=proposal.id,
            practitioner_id=person,
            guardian_id=guardian,
            the_child=child,
            answers={},
        )

    tx.add(*(asked(person=one) for one in dict.fromkeys(wanted.practitioner_ids)))
    tx.add(*(asked(guardian=one) for one in dict.fromkeys(wanted.guardian_ids)))
    if wanted.the_child:
        tx.add(asked(child=True))
    tx.session.flush()


def tell_asked(
    tx: Transaction, proposal: MeetingProposal, kind: str, *, silent_only: bool = False, edition: int = 0
) -> int:
    """Write to everybody at work who is asked, except whoever acts; answers how many."""
    wanted = select(ProposalAnswer).where(ProposalAnswer.proposal_id == proposal.id)
    told = 0
    for one in tx.rows(wanted):
        if one.practitioner_id in (None, tx.actor.id) or (silent_only and one.answered_at is not None):
            continue
        _write(tx, proposal, kind, one.practitioner_id, edition=edition)
        told += 1
    return told


def _write(tx: Transaction, proposal: MeetingProposal, kind: str, person: UUID, *, edition: int = 0) -> None:
    notices.write(
        tx,
        kind,
        municipality_id=proposal.municipality_id,
        subject=("meeting_proposal", proposal.id),
        practitioner_id=person,
        case_id=proposal.case_id,
        edition=edition,
    )


def told_of_times(tx: Transaction, case: Case, proposal: MeetingProposal, act: str) -> None:
    """Tell the log and the trail."""
    logs.tell(tx, case, "meeting", act, proposal=proposal.id)
    logs.touch(tx, case)
    tx.note("case", case.id, act, municipality_id=case.municipality_id, proposal=proposal.id)


def opened_proposal(
    tx: Transaction, proposal_id: UUID, permission: Permission, version: int | None
) -> tuple[Case, MeetingProposal]:
    """The proposal and its case, both held; raises NotFound, NotPermitted or Stale."""
    seen = tx.get(MeetingProposal, proposal_id)
    case = tx.lock(Case, seen.case_id)
    proposal = tx.lock(MeetingProposal, proposal_id)
    tx.require(permission, relations.to_case(tx, case))
    if version is not None and version != proposal.version:
        raise Stale(proposal.version)
    return case, proposal


def take_proposal(
    tx: Transaction, case: Case, proposal: MeetingProposal, event: str, facts: ProposalFacts
) -> Move:
    """Move the proposal's chart and carry out what follows."""
    moved = move(MeetingProposalChart, proposal.state, event, facts)
    proposal.state = moved.after
    scene = Scene(
        municipality_id=case.municipality_id,
        subject=("meeting_proposal", proposal.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=case.holder_id,
    )
    consequences.carry_out(tx, scene, moved.consequences)
    return moved


def answer_times(
    tx: Transaction, proposal_id: UUID, answers: tuple[SlotAnswer, ...], *, key: str | None = None
) -> UUID:
    """Answer the times for oneself: yes, if need be, or no to each.

    Raises NotFound to somebody who is not asked, Invalid, or Refused when the time is agreed on already.
    """
    tx.once(key, "answer_times", proposal=proposal_id, answers=answers)
    case, proposal = opened_proposal(tx, proposal_id, Permission.READ_CASE, None)
    wanted = select(ProposalAnswer).where(
        ProposalAnswer.proposal_id == proposal.id, ProposalAnswer.practitioner_id == tx.actor.id
    )
    mine = tx.session.exec(wanted).one_or_none()
    if mine is None:
        raise NotFound
    return _answered(tx, case, proposal, mine, answers)


def answer_for_family(
    tx: Transaction,
    proposal_id: UUID,
    asked_id: UUID,
    answers: tuple[SlotAnswer, ...],
    *,
    key: str | None = None,
) -> UUID:
    """Write down what a parent or the child answered to the times.

    Raises NotFound (also for a colleague, who answers alone), NotPermitted, Invalid or Refused.
    """
    tx.once(key, "answer_times_for_family", proposal=proposal_id, person=asked_id, answers=answers)
    case, proposal = opened_proposal(tx, proposal_id, Permission.CALL_MEETING, None)
    row = tx.get(ProposalAnswer, asked_id)
    if row.proposal_id != proposal.id or row.practitioner_id is not None:
        raise NotFound
    return _answered(tx, case, proposal, row, answers)


def _answered(
    tx: Transaction,
    case: Case,
    proposal: MeetingProposal,
    row: ProposalAnswer,
    answers: tuple[SlotAnswer, ...],
) -> UUID:
    if case.state == "closed":
        raise Refused("MeetingProposalChart", proposal.state, "answer_times", ("not_from_here",))
    take_proposal(tx, case, proposal, "answer_times", ProposalFacts())
    slots = {one.id for one in slots_of(tx, proposal)}
    given = {one.slot_id: one.answer for one in answers}
    if not given or set(given) - slots or set(given.values()) - set(TIME_ANSWERS):
        raise Invalid({"answers": "choose_one"})
    if slots - set(given):
        raise Invalid({f"slot_{one}": "choose_one" for one in slots - set(given)})
    row.answers = {str(slot): answer for slot, answer in given.items()}
    row.answered_at = tx.now
    tx.session.flush()
    tx.note("case", case.id, "answer_times", municipality_id=case.municipality_id, proposal=proposal.id)
    _tell_holder(tx, case, proposal)
    tx.result(proposal_id=proposal.id, case_id=case.id)
    return proposal.id


def _tell_holder(tx: Transaction, case: Case, proposal: MeetingProposal) -> None:
    """When the last answer is in, whoever holds the baton can choose; told once."""
    silent = tx.scalar(
        "SELECT count(*) FROM proposal_answers WHERE proposal_id = :p AND answered_at IS NULL", p=proposal.id
    )
    before = tx.scalar(
        "SELECT count(*) FROM notices WHERE subject_id = :p AND kind = 'times_answered'", p=proposal.id
    )
    if not silent and not before and case.holder_id != tx.actor.id:
        _write(tx, proposal, "times_answered", case.holder_id)


def slots_of(tx: Transaction, proposal: MeetingProposal) -> list[ProposalSlot]:
    """The times proposed."""
    return tx.rows(select(ProposalSlot).where(ProposalSlot.proposal_id == proposal.id))
