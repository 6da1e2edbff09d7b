"""Disqualification (inhabilitet): stepping aside ends sight at once; somebody else decides whether it was needed."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from casework import chasing, deadlines, notices, participations, partings, relations, relays, ties
from casework.access import Permission
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.charts import move
from levels.disqualifications import CHOSEN, DisqualificationChart, DisqualificationFacts, Tie
from records.base import new_id
from records.cases import Case
from records.municipalities import Assignment, Service
from records.relays import Handover

LONGEST_REASON = 500
DECISIONS = ("uphold", "clear")
# Colleagues and the family may read why a baton went on; the tie itself only whoever decides reads.
BATON_REASON = "Habilitet"


@dataclass(frozen=True, slots=True)
class Disqualification:
    """A declared tie as whoever assesses it sees it: who, why, and the case's number; no child's name.

    `mine` for one's own, which somebody else decides.
    """

    id: UUID
    practitioner_id: UUID
    name: str
    tie: str
    reason: str
    state: str
    since: datetime
    assessment: str
    assessed_at: datetime | None
    case_id: UUID
    case_number: str
    municipality_id: UUID
    mine: bool
    version: int


@dataclass(frozen=True, slots=True)
class Declare:
    """A tie: one's own, or a colleague's; and who takes the baton when it must change hands.

    `considered` says that a sign of a tie between that stand-in and the family has been considered.
    """

    tie: str
    reason: str
    practitioner_id: UUID | None = None
    stand_in_id: UUID | None = None
    considered: bool = False
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Assess:
    """`uphold`, or `clear`, and why."""

    decision: str
    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def declare(tx: Transaction, case_id: UUID, wanted: Declare) -> UUID:
    """Step aside from a child's files, or have a colleague do so; sight is lost in the same act.

    A baton held goes to the stand-in, or to the unit's leader. Where somebody who leads steps aside, everybody they
    lead does so with them (forvaltningsloven § 6 third paragraph), and a stand-in from elsewhere must be named.
    Raises NotFound, NotPermitted, Invalid, or Refused when the stand-in may not hold the baton.
    """
    tx.once(wanted.key, "disqualify", case=case_id, who=wanted.practitioner_id, tie=wanted.tie)
    case = tx.get(Case, case_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.READ_CASE_HEAD, standing)
    subject = wanted.practitioner_id or tx.actor.id
    if subject != tx.actor.id:
        tx.require(Permission.TAKE_OVER_BATON, standing)
        if subject not in {one.practitioner_id for one in participations.of_case(tx, case_id)}:
            raise NotFound
    _check(wanted)
    out = _all_who_go(tx, subject)
    child_id, town, leader = case.child_id, case.municipality_id, _leader(tx, case)
    receiver = _receiver(wanted, case, out, leader)
    # Whoever is named as stand-in holds the baton at once and is asked nothing; the leader is who § 8 asks in doubt.
    named = receiver if receiver == wanted.stand_in_id else None
    apt = named is not None and relays.facts_of(tx, case, named).receiver_may_hold
    trail = ties.consider(tx, child_id, named, considered=wanted.considered) if apt else {}
    with tx.as_house():
        _let_go(tx, case_id, out, receiver)
    bar_id = _bar(tx, subject, child_id, wanted.tie, wanted.reason)
    for other in out - {subject}:
        _bar(tx, other, child_id, Tie.LEADER.value, wanted.reason)
    tx.note(
        "case",
        case_id,
        "disqualify",
        municipality_id=town,
        who=subject,
        tie=wanted.tie,
        with_them=len(out) - 1,
        **trail,
    )
    with tx.as_house():
        _tell(tx, town, bar_id, None if leader in out else leader)
    tx.result(bar_id=bar_id)
    return bar_id


def _check(wanted: Declare) -> None:
    errors = {}
    if wanted.tie not in CHOSEN:
        errors["tie"] = "choose_one"
    if not wanted.reason.strip():
        errors["reason"] = "write_something"
    if len(wanted.reason) > LONGEST_REASON:
        errors["reason"] = "too_long"
    if errors:
        raise Invalid(errors)


def _all_who_go(tx: Transaction, subject: UUID) -> set[UUID]:
    """The subject, and everybody in the services the subject leads."""
    led = select(Service.id).where(Service.leader_id == subject)
    under = select(Assignment.practitioner_id).where(
        col(Assignment.service_id).in_(led), Assignment.since <= tx.today
    )
    under = under.where(or_(col(Assignment.until).is_(None), col(Assignment.until) >= tx.today))
    return {subject, *tx.rows(under)}


def _leader(tx: Transaction, case: Case) -> UUID | None:
    found: UUID | None = tx.session.exec(select(Service.leader_id).where(Service.id == case.unit_id)).first()
    return found


def _receiver(wanted: Declare, case: Case, out: set[UUID], leader: UUID | None) -> UUID | None:
    """Who gets the baton; None when it stays where it is. Raises Invalid when nobody is left to take it."""
    if case.holder_id not in out or case.state == "closed":
        return None
    if wanted.stand_in_id is not None and wanted.stand_in_id not in out:
        return wanted.stand_in_id
    if wanted.stand_in_id is None and leader is not None and leader not in out:
        return leader
    raise Invalid({"stand_in_id": "choose_somebody_else"})


def _let_go(tx: Transaction, case_id: UUID, out: set[UUID], receiver: UUID | None) -> None:
    case = partings.locked(tx, case_id)
    if receiver is not None:
        relays.give(tx, case, receiver, BATON_REASON)
    elif case.offered_to_id in out:
        offered = select(Handover.id).where(Handover.case_id == case_id, Handover.outcome == "offered")
        for handover_id in tx.rows(offered):
            relays.come_back(tx, handover_id, to_leader=False)
    for person in out:
        participations.leave(tx, case.id, practitioner_id=person)
        deadlines.hand_over(tx, case.id, person, case.holder_id)
    partings.part_unreached(tx, case_id)


def _bar(tx: Transaction, person: UUID, child_id: UUID, tie: str, reason: str) -> UUID:
    values = {
        "id": new_id(),
        "person": person,
        "child": child_id,
        "tie": tie,
        "why": reason.strip(),
        "at": tx.now,
    }
    return UUID(str(tx.scalar("SELECT app.bar(:id, :person, :child, :tie, :why, :at)", **values)))


def _tell(tx: Transaction, town: UUID, bar_id: UUID, leader: UUID | None) -> None:
    """The nearest leader decides; where that is the one in question, those who coordinate the municipality do."""
    assessors = [leader] if leader else chasing.coordinators(tx, town)
    for person in dict.fromkeys(assessors):
        if person != tx.actor.id:
            about = ("disqualification", bar_id)
            notices.write(tx, "disqualified", municipality_id=town, subject=about, practitioner_id=person)


def listed(tx: Transaction) -> list[Disqualification]:
    """What the actor is to decide, and the actor's own; what waits comes first."""
    return tx.ask_for(Disqualification, "SELECT * FROM app.disqualifications()")


def waiting(tx: Transaction) -> int:
    """How many wait for the actor's decision."""
    return sum(one.state == "declared" and not one.mine for one in listed(tx))


def one(tx: Transaction, bar_id: UUID) -> Disqualification:
    """One of those; raises NotFound."""
    for found in listed(tx):
        if found.id == bar_id:
            return found
    raise NotFound


def assess(tx: Transaction, bar_id: UUID, wanted: Assess) -> UUID:
    """Decide about somebody else's tie. Cleared, they may be let in again, which nobody is by this alone.

    Raises NotFound for one's own and for what is not the actor's to decide, Invalid, Stale or Refused.
    """
    tx.once(wanted.key, "assess_disqualification", bar=bar_id, decision=wanted.decision)
    found = one(tx, bar_id)
    if found.mine:
        raise NotFound
    if wanted.decision not in DECISIONS:
        raise Invalid({"decision": "choose_one"})
    if len(wanted.reason) > LONGEST_REASON:
        raise Invalid({"reason": "too_long"})
    if wanted.version is not None and wanted.version != found.version:
        raise Stale(found.version)
    facts = DisqualificationFacts(reason_given=bool(wanted.reason.strip()), assessed_by_another=True)
    moved = move(DisqualificationChart, found.state, wanted.decision, facts)
    values = {"bar": bar_id, "to": moved.after, "why": wanted.reason.strip(), "at": tx.now}
    if not tx.scalar("SELECT app.assess_disqualification(:bar, :to, :why, :at)", **values):
        raise NotFound
    tx.note(
        "case",
        found.case_id,
        "assess_disqualification",
        municipality_id=found.municipality_id,
        bar=bar_id,
        to=moved.after,
    )
    about = ("disqualification", bar_id)
    with tx.as_house():
        notices.write(
            tx, "disqualification_assessed", municipality_id=found.municipality_id, subject=about,
            practitioner_id=found.practitioner_id,
        )  # fmt: skip
    tx.result(bar_id=bar_id)
    return bar_id
