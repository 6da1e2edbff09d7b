"""Holds: a case that is kept whatever its term, set and lifted by its leader or by the archivist."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from casework import relations
from casework.access import Permission, Role
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.retention import GROUNDS
from records.cases import Case
from records.retention import RetentionHold

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Hold:
    """A case that is kept whatever its term: by its number, with the ground and the reason."""

    id: UUID
    municipality_id: UUID
    case_id: UUID
    number: str
    ground: str
    reason: str
    set_by: str
    set_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SetHold:
    """Why a case must be kept."""

    ground: str
    reason: str
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LiftHold:
    """Why it need not be kept any longer."""

    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class HeldCount:
    """How many worries are kept for one reason: all that is told of them to whoever does not decide about them."""

    ground: str
    number: int


_HOLDS = """
    SELECT h.id, h.municipality_id, h.case_id, h.number, h.ground, h.reason, p.name AS set_by, h.set_at, h.version
    FROM retention_holds h JOIN practitioners p ON p.id = h.set_by_id
"""


def read(tx: Transaction, which: str, key: UUID) -> list[Hold]:
    """The holds that stand, by the case, the municipality or their own id."""
    sql = f"{_HOLDS} WHERE h.lifted_at IS NULL AND {which} ORDER BY h.set_at"
    return tx.ask_for(Hold, sql, {"id": key})


def held_signals(tx: Transaction, municipality_id: UUID) -> list[HeldCount]:
    """How many worries are kept for each reason, for the archivist; nothing else is told of them."""
    sql = "SELECT ground, number FROM app.held_signals(:town)"
    return tx.ask_for(HeldCount, sql, {"town": municipality_id})


def holds_of(tx: Transaction, case_id: UUID) -> list[Hold]:
    """What holds a case, for those inside it."""
    return read(tx, "h.case_id = :id", case_id)


def hold(tx: Transaction, case_id: UUID, wanted: SetHold) -> UUID:
    """Put a case on hold, as the leader of its unit. Raises NotFound, NotPermitted or Invalid."""
    tx.once(wanted.key, "hold_case", case=case_id, ground=wanted.ground, reason=wanted.reason)
    case = tx.get(Case, case_id)
    tx.require(Permission.HOLD_CASE, relations.to_case(tx, case))
    return _hold(tx, case.municipality_id, case.id, case.number, wanted)


def hold_by_number(tx: Transaction, municipality_id: UUID, number: str, wanted: SetHold) -> UUID:
    """Put a case on hold by its number, as the archivist, who does not see it. Raises NotFound or Invalid."""
    tx.once(wanted.key, "hold_case", number=number, ground=wanted.ground, reason=wanted.reason)
    if municipality_id not in tx.actor.municipalities_as(Role.ARCHIVIST):
        raise NotFound
    case_id = tx.scalar(
        "SELECT app.archived_case(:number, :town)", number=number.strip(), town=municipality_id
    )
    if case_id is None:
        raise Invalid({"number": "no_such_case"})
    return _hold(tx, municipality_id, case_id, number.strip(), wanted)


def _hold(tx: Transaction, town: UUID, case_id: UUID, number: str, wanted: SetHold) -> UUID:
    errors = faults(wanted)
    if errors:
        raise Invalid(errors)
    row = RetentionHold(
        municipality_id=town,
        case_id=case_id,
        number=number,
        ground=wanted.ground,
        reason=wanted.reason.strip(),
        set_by_id=tx.actor.id,
        set_at=tx.now,
    )
    tx.add(row)
    tx.note("case", case_id, "hold_case", municipality_id=town, hold=row.id, ground=wanted.ground)
    tx.result(hold_id=row.id)
    return row.id


def faults(wanted: SetHold) -> dict[str, str]:
    """What a hold lacks."""
    ground = {} if wanted.ground in GROUNDS else {"ground": "choose_one"}
    return ground | faults_of_reason(wanted.reason)


def faults_of_reason(reason: str) -> dict[str, str]:
    """What a reason lacks."""
    if not reason.strip():
        return {"reason": "write_something"}
    return {"reason": "too_long"} if len(reason) > LONGEST else {}


def standing(tx: Transaction, hold_id: UUID) -> Hold:
    """A hold the actor may lift; raises NotFound or NotPermitted."""
    found = read(tx, "h.id = :id", hold_id)
    if not found:
        raise NotFound
    if found[0].municipality_id not in tx.actor.municipalities_as(Role.ARCHIVIST):
        case = tx.get(Case, found[0].case_id)
        tx.require(Permission.HOLD_CASE, relations.to_case(tx, case))
    return found[0]


def lift(tx: Transaction, hold_id: UUID, wanted: LiftHold) -> UUID:
    """Let a case follow its term again. Raises NotFound, NotPermitted, Invalid or Stale."""
    tx.once(wanted.key, "lift_hold", hold=hold_id, reason=wanted.reason)
    found = standing(tx, hold_id)
    errors = faults_of_reason(wanted.reason)
    if errors:
        raise Invalid(errors)
    if wanted.version is not None and wanted.version != found.version:
        raise Stale(found.version)
    row = tx.lock(RetentionHold, hold_id, version=found.version)
    row.lifted_at, row.lifted_by_id, row.lift_reason = tx.now, tx.actor.id, wanted.reason.strip()
    row.version += 1
    tx.note("case", found.case_id, "lift_hold", municipality_id=found.municipality_id, hold=hold_id)
    tx.result(hold_id=hold_id)
    return hold_id
