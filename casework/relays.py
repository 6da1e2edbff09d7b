"""The baton: offered, accepted, declined, taken over, and never on the floor."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import away, consents, consequences, deadlines, logs, notices, partings, relations
from casework.access import PRACTICE, Permission, Standing
from casework.consequences import Scene
from casework.refusals import Invalid, NotFound, Stale
from casework.sign_ins import actor_for
from casework.transactions import Transaction
from levels.charts import Offer, move, offers
from levels.relays import RelayChart, RelayFacts
from records.cases import Case
from records.deadlines import Deadline
from records.municipalities import Practitioner, Service
from records.relays import Handover

_HEAD_COLUMNS = """
    SELECT h.id AS handover_id, c.id AS case_id, c.number AS case_number,
      k.first_name || ' ' || k.last_name AS child_name, u.name AS unit_name, c.level_id, c.state,
      f.name AS from_name, f.title AS from_title, h.to_id, t.name AS to_name, h.reason, h.urgent,
      h.offered_at, h.outcome, c.version
    FROM handovers h
    JOIN cases c ON c.id = h.case_id
    JOIN children k ON k.id = c.child_id
    JOIN services u ON u.id = c.unit_id
    JOIN practitioners f ON f.id = h.from_id
    JOIN practitioners t ON t.id = h.to_id
"""
_HEAD = text(_HEAD_COLUMNS + " WHERE h.id = :handover")
OFFERED = text(_HEAD_COLUMNS + " WHERE h.to_id = :actor AND h.outcome = 'offered' ORDER BY h.offered_at")
_CANDIDATES = text(
    """
    SELECT p.id, p.name, p.title, min(s.name), app.batons_held(p.id), w.until_on
    FROM practitioners p
    LEFT JOIN app.away_now() w ON w.practitioner_id = p.id
    JOIN assignments a ON a.practitioner_id = p.id AND a.role = ANY (:roles)
      AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
    JOIN services s ON s.id = a.service_id
    WHERE (a.service_id = :unit OR app.consent_reaches(:case, a.service_id))
      AND p.id <> :holder AND p.left_on IS NULL AND lower(p.name) LIKE :words
      AND NOT app.is_barred(p.id, (SELECT c.child_id FROM cases c WHERE c.id = :case))
    GROUP BY p.id, p.name, p.title, w.until_on
    ORDER BY p.name
    LIMIT :limit
    """
)


@dataclass(frozen=True, slots=True)
class OfferBaton:
    """What the holder says when offering the baton."""

    to_id: UUID
    reason: str = ""
    urgent: str = ""
    family_told_on: date | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class BatonOffer:
    """An offer as the receiver sees it."""

    handover_id: UUID
    case_id: UUID
    case_number: str
    child_name: str
    unit_name: str
    level_id: str
    state: str
    from_name: str
    from_title: str
    to_id: UUID
    to_name: str
    reason: str
    urgent: str
    offered_at: datetime
    outcome: str
    version: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might take the baton, with how many they hold already."""

    practitioner_id: UUID
    name: str
    title: str
    service_name: str
    holding: int
    away_until: date | None = None


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


def accept(tx: Transaction, handover_id: UUID, *, key: str | None = None) -> UUID:
    """Take the baton. Raises NotFound, NotPermitted, or Refused when the offer is no longer open."""
    tx.once(key, "accept_baton", handover=handover_id)
    case, handover = _answering(tx, handover_id)
    return _settle(tx, case, handover, "accept", "accepted", facts_of(tx, case))


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


def take_over(tx: Transaction, case_id: UUID, *, to_id: UUID, reason: str, key: str | None = None) -> UUID:
    """The leader moves the baton when its holder cannot. Raises NotFound, NotPermitted or Refused."""
    tx.once(key, "take_over_baton", case=case_id, to=to_id)
    case = partings.locked(tx, case_id)
    tx.require(Permission.TAKE_OVER_BATON, relations.to_case(tx, case))
    return give(tx, case, to_id, reason)


def give(tx: Transaction, case: Case, to_id: UUID, reason: str) -> UUID:
    """Put a locked case's baton in somebody's hands at once; an offer still open is taken back first.

    The caller has asked whether the actor may. Raises Refused.
    """
    facts = facts_of(tx, case, to_id, reason_given=bool(reason.strip()))
    move(RelayChart, case.relay_state, "take_over", facts)
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
    return _settle(tx, case, handover, "take_over", "taken_over", facts, reason)


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
) -> UUID:
    moved = move(RelayChart, case.relay_state, event, facts)
    moves_on = event in ("accept", "take_over")
    anew = consents.anew.demanded(tx, case, receiver=handover.to_id) if moves_on else ""
    consequences.carry_out(tx, _scene(tx, case, handover), moved.consequences)
    consents.anew.ask_after(tx, case, anew)
    # Told before the offer is cleared: whoever says no is outside again the moment it is.
    _told(tx, case, handover, f"baton_{outcome}")
    tx.session.flush()
    case.relay_state, case.offered_to_id = moved.after, None
    handover.outcome, handover.settled_at, handover.settled_reason = outcome, tx.now, reason.strip()
    tx.result(handover_id=handover.id, case_id=case.id)
    return handover.id


def _told(tx: Transaction, case: Case, handover: Handover, act: str) -> None:
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
    )


def _names(tx: Transaction, handover: Handover) -> dict[UUID, str]:
    both = (handover.from_id, handover.to_id)
    found = tx.rows(select(Practitioner.id, Practitioner.name).where(col(Practitioner.id).in_(both)))
    return dict(found)


def seen(tx: Transaction, handover_id: UUID) -> BatonOffer:
    """The offer as its receiver, the holder or the leader sees it; raises NotFound."""
    handover = tx.get(Handover, handover_id)
    case = tx.get(Case, handover.case_id)
    tx.require(Permission.READ_CASE_HEAD, relations.to_case(tx, case))
    row = tx.session.execute(_HEAD, {"handover": handover_id}).mappings().one()
    tx.note("case", case.id, "read_offer", municipality_id=case.municipality_id, handover=handover.id)
    return BatonOffer(**row)


def offered_to_me(tx: Transaction) -> list[BatonOffer]:
    """Batons waiting for the actor's answer, oldest first."""
    return tx.ask_for(BatonOffer, OFFERED, {"actor": tx.actor.id})


def open_offer(tx: Transaction, case_id: UUID) -> UUID | None:
    """The case's unanswered offer, if there is one."""
    wanted = select(Handover.id).where(Handover.case_id == case_id, Handover.outcome == "offered")
    return tx.session.exec(wanted).first()


def candidates(
    tx: Transaction, case_id: UUID, *, words: str = "", limit: int = 20, moving: bool = False
) -> list[Candidate]:
    """People who may take the baton: the child's unit and the services inside the case.

    `moving` is the leader's view, who moves it without holding it. Raises NotFound or NotPermitted.
    """
    case = tx.get(Case, case_id)
    needed = Permission.TAKE_OVER_BATON if moving else Permission.OFFER_BATON
    tx.require(needed, relations.to_case(tx, case))
    found = tx.session.execute(
        _CANDIDATES,
        {
            "case": case.id,
            "unit": case.unit_id,
            "holder": case.holder_id,
            "today": tx.today,
            "roles": [role.value for role in PRACTICE],
            "words": f"%{words.strip().lower()}%",
            "limit": limit,
        },
    )
    return [Candidate(*row) for row in found]


def moves(tx: Transaction, case: Case, standing: Standing) -> tuple[Offer, ...]:
    """What can be done with the baton from here, for the buttons."""
    del standing
    return offers(RelayChart, case.relay_state, facts_of(tx, case))
