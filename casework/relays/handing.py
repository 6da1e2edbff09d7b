"""Handing the baton over: the offer, its answers, and the leader who moves it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from casework import away, consents, consequences, deadlines, logs, notices, partings, relations, ties
from casework.access import PRACTICE, Permission
from casework.consequences import Scene
from casework.refusals import Invalid, NotFound, Stale
from casework.sign_ins import actor_for
from casework.transactions import Transaction
from levels.charts import move
from levels.relays import RelayChart, RelayFacts
from records.cases import Case
from records.deadlines import Deadline
from records.municipalities import Practitioner, Service
from records.relays import Handover


@dataclass(frozen=True, slots=True)
class OfferBaton:
    """What the holder says when offering the baton."""

    to_id: UUID
    reason: str = ""
    urgent: str = ""
    family_told_on: date | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def facts_of(tx: Transaction, case: Case, receiver: UUID | None = None, **given: bool) -> RelayFacts:
    """What the chart needs to know about handing this baton to that person."""
    receiver = receiver or case.offered_to_id
    may_hold = receiver is not None and _may_hold(tx, case, receiver)
    return RelayFacts(
        receiver_named=receiver is not None,
        receiver_is_another=receiver != case.holder_id,
        receiver_may_hold=may_hold,
        receiver_at_work=receiver is None or away.of(tx, receiver) is None,
        family_asked_anew=consents.anew.may_go_on(tx, case),
        **given,
    )


def _may_hold(tx: Transaction, case: Case, receiver: UUID) -> bool:
    """At work today, meets children, is not barred, and stands where the family's consent reaches."""
    try:
        person = actor_for(tx, receiver)
    except NotFound:
        return False
    practice = [m for m in person.memberships if m.role in PRACTICE]
    if not practice or relations.is_barred(tx, receiver, case.child_id):
        return False
    own = any(m.service_id == case.unit_id for m in practice)
    return own or any(relations.consent_reaches(tx, case.id, m.service_id) for m in practice)


def _scene(tx: Transaction, case: Case, handover: Handover) -> Scene:
    leader = tx.get(Service, case.unit_id).leader_id or case.holder_id
    return Scene(
        municipality_id=case.municipality_id,
        subject=("handover", handover.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=handover.to_id,
        people={
            "receiver": (handover.to_id,),
            "holder": (case.holder_id,),
            "former_holder": (case.holder_id,),
            "leader": (leader,),
        },
    )


def offer(tx: Transaction, case_id: UUID, wanted: OfferBaton) -> UUID:
    """Offer the baton; the holder keeps it until the receiver has accepted (Gloppen's routine).

    Raises NotFound, NotPermitted, Stale, or Refused with everything that is missing.
    """
    tx.once(wanted.key, "offer_baton", case=case_id, to=wanted.to_id)
    case = tx.lock(Case, case_id)
    tx.require(Permission.OFFER_BATON, relations.to_case(tx, case))
    logs.fresh(tx, case, wanted.version)
    if wanted.family_told_on and wanted.family_told_on > tx.today:
        raise Invalid({"family_told_on": "not_in_the_future"})
    told = bool(wanted.family_told_on) or relations.is_about_group(tx, case)
    facts = facts_of(tx, case, wanted.to_id, family_told=told)
    moved = move(RelayChart, case.relay_state, "offer", facts)
    handover = Handover(
        municipality_id=case.municipality_id,
        case_id=case.id,
        from_id=case.holder_id,
        to_id=wanted.to_id,
        outcome="offered",
        reason=wanted.reason.strip(),
        urgent=wanted.urgent.strip(),
        family_told_on=wanted.family_told_on,
        offered_at=tx.now,
    )
    tx.add(handover)
    case.relay_state, case.offered_to_id = moved.after, wanted.to_id
    consequences.carry_out(tx, _scene(tx, case, handover), moved.consequences)
    _told(tx, case, handover, "baton_offered")
    consents.anew.ask_before(tx, case, receiver=wanted.to_id)
    tx.result(handover_id=handover.id, case_id=case.id)
    return handover.id


def accept(tx: Transaction, handover_id: UUID, *, considered: bool = False, key: str | None = None) -> UUID:
    """Take the baton. `considered` says that a sign of a tie to the family has been considered.

    Raises NotFound, NotPermitted, Invalid when there is one and it has not, or Refused when the offer is not open.
    """
    tx.once(key, "accept_baton", handover=handover_id)
    case, handover = _answering(tx, handover_id)
    trail = ties.consider(tx, case.child_id, considered=considered)
    return _settle(tx, case, handover, "accept", "accepted", facts_of(tx, case), **trail)


def decline(tx: Transaction, handover_id: UUID, *, reason: str, key: str | None = None) -> UUID:
    """Say no, with a reason; the holder keeps the baton. Raises NotFound, NotPermitted or Refused."""
    tx.once(key, "decline_baton", handover=handover_id)
    case, handover = _answering(tx, handover_id)
    facts = facts_of(tx, case, reason_given=bool(reason.strip()))
    return _settle(tx, case, handover, "decline", "declined", facts, reason)


def withdraw(tx: Transaction, handover_id: UUID, *, key: str | None = None) -> UUID:
    """Take an offer back before it is answered. Raises NotFound, NotPermitted or Refused."""
    tx.once(key, "withdraw_baton", handover=handover_id)
    case, handover = _held(tx, handover_id)
    tx.require(Permission.OFFER_BATON, relations.to_case(tx, case))
    _still_open(handover)
    return _settle(tx, case, handover, "withdraw", "withdrawn", facts_of(tx, case))


def take_over(
    tx: Transaction,
    case_id: UUID,
    *,
    to_id: UUID,
    reason: str,
    considered: bool = False,
    key: str | None = None,
) -> UUID:
    """The leader moves the baton when its holder cannot. `considered` says that a sign of a tie between the new holder
    and the family has been considered: the new holder is not asked.

    Raises NotFound, NotPermitted, Invalid when there is one and it has not, or Refused.
    """
    tx.once(key, "take_over_baton", case=case_id, to=to_id)
    case = partings.locked(tx, case_id)
    tx.require(Permission.TAKE_OVER_BATON, relations.to_case(tx, case))
    return give(tx, case, to_id, reason, considered=considered)


def give(tx: Transaction, case: Case, to_id: UUID, reason: str, *, considered: bool | None = None) -> UUID:
    """Put a locked case's baton in somebody's hands at once; an offer still open is taken back first.

    The caller has asked whether the actor may. `considered` is None where nobody is asked about a tie. Raises Refused,
    or Invalid when a sign of a tie has not been considered.
    """
    facts = facts_of(tx, case, to_id, reason_given=bool(reason.strip()))
    move(RelayChart, case.relay_state, "take_over", facts)
    # After the guards: nothing is said about somebody who may not hold it anyway.
    asked = considered is not None
    trail = ties.consider(tx, case.child_id, to_id, considered=bool(considered)) if asked else {}
    _take_back(tx, case)
    handover = Handover(
        municipality_id=case.municipality_id,
        case_id=case.id,
        from_id=case.holder_id,
        to_id=to_id,
        outcome="taken_over",
        reason=reason.strip(),
        offered_at=tx.now,
    )
    tx.add(handover)
    if to_id != tx.actor.id:
        notices.write(
            tx,
            "baton_given",
            municipality_id=case.municipality_id,
            subject=("case", case.id),
            practitioner_id=to_id,
            case_id=case.id,
        )
    return _settle(tx, case, handover, "take_over", "taken_over", facts, reason, **trail)


def _take_back(tx: Transaction, case: Case) -> None:
    """Whoever was offered the baton is told that it went elsewhere, and has nothing left to answer."""
    wanted = select(Handover).where(Handover.case_id == case.id, Handover.outcome == "offered")
    for former in tx.rows(wanted):
        former.outcome, former.settled_at = "withdrawn", tx.now
        deadlines.stop(tx, former.id, "acceptance")
        notices.write(
            tx,
            "baton_withdrawn",
            municipality_id=case.municipality_id,
            subject=("handover", former.id),
            practitioner_id=former.to_id,
            case_id=case.id,
        )


def come_back(tx: Transaction, handover_id: UUID, *, to_leader: bool) -> UUID:
    """An offer nobody is there to answer: to the leader of the unit, or back to the holder. For jobs and leave."""
    case, handover = _held(tx, handover_id)
    _still_open(handover)
    leader = tx.get(Service, case.unit_id).leader_id
    apt = leader is not None and leader != handover.to_id and away.of(tx, leader) is None
    if to_leader and leader is not None and apt and _may_hold(tx, case, leader):
        return _settle(tx, case, handover, "lapse", "lapsed", facts_of(tx, case, time_is_up=True))
    notices.write(
        tx,
        "baton_came_back",
        municipality_id=case.municipality_id,
        subject=("case", case.id),
        practitioner_id=case.holder_id,
        case_id=case.id,
    )
    return _settle(tx, case, handover, "withdraw", "withdrawn", facts_of(tx, case))


def lapse(tx: Transaction, handover_id: UUID) -> UUID:
    """Nobody answered in time: the baton goes to the holder's leader, by the clock. For jobs only."""
    case, handover = _held(tx, handover_id)
    _still_open(handover)
    waiting = select(Deadline.due_at).where(Deadline.subject_id == handover_id, Deadline.due == "acceptance")
    due_at = tx.session.exec(waiting).first()
    facts = facts_of(tx, case, time_is_up=due_at is not None and due_at <= tx.now)
    return _settle(tx, case, handover, "lapse", "lapsed", facts)


def _held(tx: Transaction, handover_id: UUID) -> tuple[Case, Handover]:
    """An offer and its case, the case first, as they are once nobody else is at work on them."""
    case = partings.locked(tx, tx.get(Handover, handover_id).case_id)
    return case, tx.lock(Handover, handover_id)


def _answering(tx: Transaction, handover_id: UUID) -> tuple[Case, Handover]:
    case, handover = _held(tx, handover_id)
    standing = relations.to_case(tx, case)
    if handover.to_id == tx.actor.id and not standing.barred and handover.outcome != "offered":
        raise Stale(case.version)
    tx.require(Permission.ANSWER_BATON, standing)
    _still_open(handover)
    return case, handover


def _still_open(handover: Handover) -> None:
    if handover.outcome != "offered":
        raise Stale(0)


def _settle(
    tx: Transaction,
    case: Case,
    handover: Handover,
    event: str,
    outcome: str,
    facts: RelayFacts,
    reason: str = "",
    **trail: Any,
) -> UUID:
    moved = move(RelayChart, case.relay_state, event, facts)
    moves_on = event in ("accept", "take_over")
    anew = consents.anew.demanded(tx, case, receiver=handover.to_id) if moves_on else ""
    consequences.carry_out(tx, _scene(tx, case, handover), moved.consequences)
    consents.anew.ask_after(tx, case, anew)
    # Told before the offer is cleared: whoever says no is outside again the moment it is.
    _told(tx, case, handover, f"baton_{outcome}", **trail)
    tx.session.flush()
    case.relay_state, case.offered_to_id = moved.after, None
    handover.outcome, handover.settled_at, handover.settled_reason = outcome, tx.now, reason.strip()
    tx.result(handover_id=handover.id, case_id=case.id)
    return handover.id


def _told(tx: Transaction, case: Case, handover: Handover, act: str, **trail: Any) -> None:
    names = _names(tx, handover)
    logs.tell(tx, case, "baton", act, giver=names[handover.from_id], receiver=names[handover.to_id])
    logs.touch(tx, case)
    tx.note(
        "case",
        case.id,
        act,
        municipality_id=case.municipality_id,
        handover=handover.id,
        holder=case.holder_id,
        **trail,
    )


def _names(tx: Transaction, handover: Handover) -> dict[UUID, str]:
    both = (handover.from_id, handover.to_id)
    found = tx.rows(select(Practitioner.id, Practitioner.name).where(col(Practitioner.id).in_(both)))
    return dict(found)
