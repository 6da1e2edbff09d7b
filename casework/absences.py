"""Away from work: set for oneself or by the leader, with somebody who stands in, and no word of why."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import substitutes
from casework.access import PRACTICE
from casework.away import Away, all_of, of, of_cases
from casework.refusals import Invalid, NotFound, Stale
from casework.sign_ins import actor_for
from casework.transactions import Transaction
from records.absences import Absence
from records.municipalities import Practitioner

__all__ = [
    "AbsenceDetails",
    "Away",
    "Colleague",
    "SetAbsence",
    "all_of",
    "change",
    "colleagues",
    "end",
    "mine",
    "of",
    "of_cases",
    "of_colleague",
    "one",
    "register",
]
LONGEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class SetAbsence:
    """From which day, until which, and who stands in. The note is for colleagues and says nothing of why."""

    from_on: date
    until_on: date
    substitute_id: UUID | None = None
    note: str = ""
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AbsenceDetails:
    """An absence as the person, the substitute and the leader see it."""

    id: UUID
    practitioner_id: UUID
    name: str
    from_on: date
    until_on: date
    substitute_id: UUID | None
    substitute_name: str
    note: str
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may stand in."""

    practitioner_id: UUID
    name: str
    title: str


_COLLEAGUES = text(
    """
    SELECT DISTINCT p.id, p.name, p.title FROM practitioners p
    JOIN assignments a ON a.practitioner_id = p.id AND a.role = ANY (:roles)
      AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
    WHERE p.id <> :person AND p.left_on IS NULL AND a.service_id IN (
      SELECT m.service_id FROM assignments m WHERE m.practitioner_id = :person
        AND m.since <= :today AND (m.until IS NULL OR m.until >= :today)
      UNION SELECT r.unit_id FROM service_reaches r JOIN assignments m ON m.service_id = r.service_id
        WHERE m.practitioner_id = :person AND r.unit_id IS NOT NULL
      UNION SELECT r.service_id FROM service_reaches r JOIN assignments m ON m.service_id = r.unit_id
        WHERE m.practitioner_id = :person
    )
    ORDER BY p.name
    """
)


def mine(tx: Transaction) -> list[AbsenceDetails]:
    """The actor's own absences that are not over, the next first."""
    return _listed(tx, tx.actor.id)


def of_colleague(tx: Transaction, practitioner_id: UUID) -> tuple[str, list[AbsenceDetails]]:
    """The name and the standing absences of somebody the actor leads; raises NotFound."""
    _require_leader(tx, practitioner_id)
    return tx.get(Practitioner, practitioner_id).name, _listed(tx, practitioner_id)


def one(tx: Transaction, absence_id: UUID) -> AbsenceDetails:
    """One absence, to whoever may change it; raises NotFound."""
    row = tx.get(Absence, absence_id)
    _require_leader(tx, row.practitioner_id)
    return _details(tx, row)


def colleagues(tx: Transaction, practitioner_id: UUID) -> list[Colleague]:
    """People beside somebody who may stand in: of the same services, and of those they reach."""
    values = {"person": practitioner_id, "today": tx.today, "roles": [role.value for role in PRACTICE]}
    return [Colleague(*row) for row in tx.session.execute(_COLLEAGUES, values)]


def _listed(tx: Transaction, practitioner_id: UUID) -> list[AbsenceDetails]:
    wanted = (
        select(Absence)
        .where(Absence.practitioner_id == practitioner_id, col(Absence.ended_at).is_(None))
        .where(col(Absence.until_on) >= tx.today)
        .order_by(col(Absence.from_on))
    )
    return [_details(tx, row) for row in tx.rows(wanted)]


def _details(tx: Transaction, row: Absence) -> AbsenceDetails:
    substitute = tx.get(Practitioner, row.substitute_id).name if row.substitute_id else ""
    over = row.ended_at is not None or row.until_on < tx.today
    return AbsenceDetails(
        row.id,
        row.practitioner_id,
        tx.get(Practitioner, row.practitioner_id).name,
        row.from_on,
        row.until_on,
        row.substitute_id,
        substitute,
        row.note,
        "over" if over else "ahead" if row.from_on > tx.today else "now",
        row.version,
    )


def _require_leader(tx: Transaction, practitioner_id: UUID) -> None:
    """Oneself, or somebody one leads; to everybody else there is no such person."""
    if practitioner_id != tx.actor.id and not tx.scalar("SELECT app.leads(:person)", person=practitioner_id):
        raise NotFound


def _check(tx: Transaction, practitioner_id: UUID, wanted: SetAbsence, besides: UUID | None = None) -> None:
    errors = {}
    if wanted.until_on < wanted.from_on:
        errors["until_on"] = "ends_before_it_begins"
    elif wanted.until_on < tx.today:
        errors["until_on"] = "not_in_the_past"
    elif wanted.until_on - wanted.from_on > LONGEST:
        errors["until_on"] = "absence_too_long"
    elif _overlaps(tx, practitioner_id, wanted, besides):
        errors["from_on"] = "absence_overlaps"
    if wanted.substitute_id is not None:
        known = {colleague.practitioner_id for colleague in colleagues(tx, practitioner_id)}
        if wanted.substitute_id not in known:
            errors["substitute_id"] = "choose_one"
    if errors:
        raise Invalid(errors)


def _overlaps(tx: Transaction, practitioner_id: UUID, wanted: SetAbsence, besides: UUID | None) -> bool:
    others = select(Absence.id).where(
        Absence.practitioner_id == practitioner_id,
        col(Absence.ended_at).is_(None),
        col(Absence.from_on) <= wanted.until_on,
        col(Absence.until_on) >= wanted.from_on,
    )
    return any(found != besides for found in tx.rows(others))


def register(tx: Transaction, practitioner_id: UUID, wanted: SetAbsence) -> UUID:
    """Be away, or say that a colleague one leads is. What begins today begins at once.

    Raises NotFound or Invalid.
    """
    tx.once(wanted.key, "register_absence", person=practitioner_id, on=wanted.from_on, until=wanted.until_on)
    _require_leader(tx, practitioner_id)
    # Held, so that two who register the same days meet here and not in two rows.
    tx.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:person))"), {"person": str(practitioner_id)}
    )
    _check(tx, practitioner_id, wanted)
    row = Absence(
        municipality_id=_home(tx, practitioner_id),
        practitioner_id=practitioner_id,
        from_on=wanted.from_on,
        until_on=wanted.until_on,
        substitute_id=wanted.substitute_id,
        note=wanted.note.strip(),
        registered_by_id=tx.actor.id,
        registered_at=tx.now,
    )
    tx.add(row)
    _noted(tx, row, "register_absence")
    tx.result(absence_id=row.id)
    _follow(tx, row)
    return row.id


def _home(tx: Transaction, practitioner_id: UUID) -> UUID:
    found = actor_for(tx, practitioner_id).membership
    if found is None:
        raise NotFound
    return found.municipality_id


def change(tx: Transaction, absence_id: UUID, wanted: SetAbsence) -> UUID:
    """Other days, or somebody else who stands in. Raises NotFound, Invalid or Stale."""
    tx.once(wanted.key, "change_absence", absence=absence_id, until=wanted.until_on)
    row = _held(tx, absence_id, wanted.version)
    _check(tx, row.practitioner_id, wanted, besides=row.id)
    row.from_on, row.until_on = wanted.from_on, wanted.until_on
    row.substitute_id, row.note = wanted.substitute_id, wanted.note.strip()
    if row.from_on > tx.today:
        row.begun_at = None
    row.version += 1
    _noted(tx, row, "change_absence")
    tx.result(absence_id=row.id)
    _follow(tx, row)
    return row.id


def end(tx: Transaction, absence_id: UUID, *, version: int | None = None, key: str | None = None) -> UUID:
    """Back at work, or not going away after all. Raises NotFound or Stale."""
    tx.once(key, "end_absence", absence=absence_id)
    row = _held(tx, absence_id, version)
    row.ended_at = tx.now
    row.version += 1
    _noted(tx, row, "end_absence")
    tx.result(absence_id=row.id)
    _follow(tx, row)
    return row.id


def _held(tx: Transaction, absence_id: UUID, version: int | None) -> Absence:
    _require_leader(tx, tx.get(Absence, absence_id).practitioner_id)
    row = tx.lock(Absence, absence_id, version=version)
    if row.ended_at is not None:
        raise Stale(row.version)
    return row


def _noted(tx: Transaction, row: Absence, act: str) -> None:
    tx.note("staff", row.practitioner_id, act, municipality_id=row.municipality_id, absence=row.id)


def _follow(tx: Transaction, row: Absence) -> None:
    """What follows is the house's to carry out, whoever said it; the clock does the same each few minutes."""
    with tx.as_house():
        substitutes.tell(tx, row.id)
        substitutes.turn(tx, absence_id=row.id)
