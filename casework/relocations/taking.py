"""A family moves here: the unit's leader sees the pack, and opens the case in the act that closes it where it was."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from casework import away, consents, guides, logs, notices, participations, partings
from casework.access import Actor
from casework.cases import arrive, has_open_case, leave, next_number
from casework.colleagues import in_unit
from casework.refusals import Invalid, NotFound, Refused, Stale
from casework.relocations import attaching, offering
from casework.relocations.packing import Pack, along, frozen, thawed, without_gone
from casework.transactions import Transaction
from levels.cases import CaseChart
from levels.charts import start
from levels.relocations import RelocationFacts
from records.base import new_id
from records.cases import Case
from records.municipalities import Municipality, Practitioner, Service
from records.relocations import Arrival, Relocation

# More ids than any family has guardians and colleagues kept away from it.
FRESH_IDS = 60


@dataclass(frozen=True, slots=True)
class TakeCase:
    """Who holds the baton here."""

    holder_id: UUID
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RefuseCase:
    """Why the case is not taken here; those who offered it read it."""

    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class OfferHere:
    """A family that moves to one's unit, as a list shows it: from where, by when; no name yet."""

    id: UUID
    from_municipality: str
    from_unit: str
    unit_name: str
    moves_on: date | None
    offered_at: datetime
    answer_by: date
    version: int


_HERE = """
    SELECT r.id, r.pack->>'from_municipality' AS from_municipality, r.pack->>'from_unit' AS from_unit,
      s.name AS unit_name, r.moves_on, r.offered_at, r.answer_by, r.version
    FROM relocations r JOIN services s ON s.id = r.to_unit_id
    WHERE r.id = ANY ((SELECT app.offers_here())::uuid[])
    ORDER BY r.answer_by, r.id
"""


def offered_here(tx: Transaction) -> list[OfferHere]:
    """Families that move to a unit the actor leads, those to be answered first."""
    if not any(one.leader_id == tx.actor.id for one in tx.actor.memberships):
        return []
    return tx.ask_for(OfferHere, _HERE)


def seen(tx: Transaction, relocation_id: UUID) -> tuple[OfferHere, Pack]:
    """One of them with what is handed over; reading it is noted where the case is. Raises NotFound."""
    one = _one(tx, relocation_id)
    row = tx.get(Relocation, relocation_id)
    tx.note("case", row.case_id, "read_pack", municipality_id=row.municipality_id, relocation=row.id)
    return one, without_gone(thawed(row.pack or {}), along(tx, relocation_id))


def _one(tx: Transaction, relocation_id: UUID) -> OfferHere:
    found = [one for one in offered_here(tx) if one.id == relocation_id]
    if not found:
        raise NotFound
    return found[0]


def colleagues(tx: Transaction, relocation_id: UUID) -> list[tuple[UUID, str, str]]:
    """Who may hold the baton here: everybody who meets children in the unit, oneself first. Raises NotFound."""
    _one(tx, relocation_id)
    unit_id = tx.get(Relocation, relocation_id).to_unit_id
    assert unit_id is not None  # noqa: S101 - what is offered here names its unit
    return in_unit(tx, unit_id)


def take(tx: Transaction, relocation_id: UUID, wanted: TakeCase) -> UUID:
    """Open the case here with a holder, and close it there, in one act: the baton is never between two municipalities.

    What the family said yes to comes along and stands in the new file, its documents as copies that are the file's own.
    Consent to a shared log and to services is asked anew. Answers the new case. Raises NotFound, Invalid, Stale, or
    Refused when the child has an open case here, or the baton there is on its way to somebody.
    """
    tx.once(wanted.key, "take_case", relocation=relocation_id, holder=wanted.holder_id)
    held_by = _hold(tx, relocation_id, wanted.version)
    if wanted.holder_id not in {one[0] for one in colleagues(tx, relocation_id)}:
        raise Invalid({"holder_id": "choose_one"})
    away.check_at_work(tx, wanted.holder_id)
    row = tx.get(Relocation, relocation_id)
    case, copies = _open(tx, row, wanted.holder_id)
    number, case_id = case.number, case.id
    _close_there(tx, relocation_id, held_by, number, copies)
    tx.result(case_id=case_id)
    return case_id


def refuse(tx: Transaction, relocation_id: UUID, wanted: RefuseCase) -> None:
    """Say no with a reason: the case goes on there with its holder. Raises NotFound, Invalid or Stale."""
    tx.once(wanted.key, "refuse_case", relocation=relocation_id)
    held_by = _hold(tx, relocation_id, wanted.version)
    reason, actor_id = wanted.reason.strip(), tx.actor.id
    if not reason:
        raise Invalid({"reason": "write_why"})
    with tx.as_seen_by(Actor(held_by)):
        case, row = _there(tx, relocation_id)
        row.reason = reason
        offering.settle(tx, row, "decline", RelocationFacts(reason_given=True))
        offering.told(tx, case, row, "case_not_taken", author_id=actor_id, reason=reason)
        _answered(tx, case)
    tx.result(relocation_id=relocation_id)


def _hold(tx: Transaction, relocation_id: UUID, version: int | None) -> UUID:
    """Hold the case there and then the offer, as every act does; answers who holds the baton there."""
    one = _one(tx, relocation_id)
    if version is not None and version != one.version:
        raise Stale(one.version)
    case_id = tx.get(Relocation, relocation_id).case_id
    with tx.as_house():
        held_by = partings.locked(tx, case_id).holder_id
        row = tx.lock(Relocation, relocation_id)
        if row.state != "offered":
            raise Stale(row.version)
    return held_by


def _there(tx: Transaction, relocation_id: UUID) -> tuple[Case, Relocation]:
    case = tx.lock(Case, tx.get(Relocation, relocation_id).case_id)
    return case, tx.lock(Relocation, relocation_id)


def _open(tx: Transaction, row: Relocation, holder_id: UUID) -> tuple[Case, list[attaching.Copied]]:
    unit = tx.get(Service, row.to_unit_id)  # type: ignore[arg-type]
    fresh = [new_id() for _ in range(FRESH_IDS)]
    child_id = tx.scalar("SELECT app.take_in_child(:row, :fresh)", row=row.id, fresh=fresh)
    if tx.scalar("SELECT app.is_barred(:person, :child)", person=holder_id, child=child_id):
        raise Invalid({"holder_id": "choose_one"})
    if has_open_case(tx, child_id):
        raise Refused("RelocationChart", row.state, "accept", ("no_open_case",))
    pack = thawed(row.pack or {})
    case = _new(tx, unit, child_id, holder_id, pack)
    tx.add(case)
    tx.session.flush()
    tx.note("child", child_id, "take_in_child", municipality_id=unit.municipality_id, unit=unit.id)
    participations.join(tx, case, tx.actor.id, "leader")
    participations.join(tx, case, holder_id, "holder")
    copies, came = attaching.take_in(tx, row, case, pack)
    tx.add(
        Arrival(
            municipality_id=unit.municipality_id,
            case_id=case.id,
            pack=frozen(came),
            taken_in_by_id=tx.actor.id,
            taken_in_at=tx.now,
        )
    )
    _begin(tx, case, pack, copies)
    return case, copies


def _new(tx: Transaction, unit: Service, child_id: UUID, holder_id: UUID, pack: Pack) -> Case:
    guide = guides.current(tx, unit.municipality_id, guides.sector_of(unit.kind))
    return Case(
        municipality_id=unit.municipality_id,
        number=next_number(tx, unit.municipality_id),
        child_id=child_id,
        unit_id=unit.id,
        guide_id=guide.id,
        level_id=guide.first.level_id,
        step_id=guide.first.step_id,
        state=start(CaseChart),
        level_since=tx.now,
        holder_id=holder_id,
        holder_since=tx.now,
        opened_at=tx.now,
        last_activity_at=tx.now,
        came_from=pack.from_municipality,
    )


def _begin(tx: Transaction, case: Case, pack: Pack, copies: list[attaching.Copied]) -> None:
    """The first level, the first line in the log, and the family asked whether there is to be a shared one here."""
    arrive(tx, case, reason=pack.from_municipality)
    logs.tell(tx, case, "system", "case_taken_in", town=pack.from_municipality, number=pack.case_number)
    attaching.tell(tx, case, copies, pack.from_municipality)
    consents.ask_about_log(tx, case)
    if case.holder_id != tx.actor.id:
        notices.write(
            tx,
            "baton_given",
            municipality_id=case.municipality_id,
            subject=("case", case.id),
            practitioner_id=case.holder_id,
            case_id=case.id,
        )
    tx.note("case", case.id, "take_in_case", municipality_id=case.municipality_id)


def _close_there(
    tx: Transaction, relocation_id: UUID, held_by: UUID, number: str, copies: list[attaching.Copied]
) -> None:
    """The holder offered it, and this is the answer: what follows there is done as theirs, by the one who answered."""
    actor_id = tx.actor.id
    unit = tx.get(Service, tx.get(Relocation, relocation_id).to_unit_id)  # type: ignore[arg-type]
    by = f"{tx.get(Practitioner, actor_id).name}, {unit.name}, {tx.get(Municipality, unit.municipality_id).name}"
    with tx.as_seen_by(Actor(held_by)):
        case, row = _there(tx, relocation_id)
        row.taken_by, row.reference_there = by, number
        offering.settle(tx, row, "accept", RelocationFacts(taken_by_somebody=True))
        offering.told(tx, case, row, "case_taken", author_id=actor_id, by=by, number=number)
        attaching.handed_over(tx, case, row, [one.source_id for one in copies])
        where = row.receiver if offering.named(tx, case) else ""
        leave(tx, case, reason=where, reference=number, by=actor_id)
        _answered(tx, case)


def _answered(tx: Transaction, case: Case) -> None:
    notices.write(
        tx,
        "case_offer_answered",
        municipality_id=case.municipality_id,
        subject=("case", case.id),
        practitioner_id=case.holder_id,
        case_id=case.id,
    )
