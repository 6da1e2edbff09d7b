"""Offering a case to where the family moves, and writing down what they answered there."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from casework import consents, deadlines, logs, notices, partings, relations
from casework.access import Permission
from casework.cases import leave
from casework.refusals import Invalid, Refused
from casework.relocations import attaching, packing
from casework.transactions import Transaction
from levels import workdays
from levels.charts import move, start
from levels.relocations import Part, RelocationChart, RelocationFacts
from records.cases import Case
from records.deadlines import Deadline
from records.relocations import Relocation

ANSWER_WORKDAYS = 10
# Where children are met every day, or by appointment, and a case can begin.
TAKE_CASES = ("school", "kindergarten", "health_station", "school_health")
_UNITS = """
    SELECT s.id, s.name AS unit_name, m.id AS municipality_id, m.name AS municipality_name, s.leader_id
    FROM services s JOIN municipalities m ON m.id = s.municipality_id
    WHERE m.id <> :town AND s.leader_id IS NOT NULL AND s.closed_on IS NULL AND s.kind = ANY (:kinds)
    ORDER BY m.name, s.name
"""


@dataclass(frozen=True, slots=True)
class OfferCase:
    """Where the family moves and when, what may be handed over, and who said yes; without a guardian, the youth.

    `unit_id` is a unit of another municipality in this house, whose leader is asked here; `receiver` names any other.
    `attachments` are the documents that go along by the same yes.
    """

    receiver: str = ""
    parts: tuple[Part, ...] = ()
    agreed: tuple[UUID | None, ...] = ()
    moves_on: date | None = None
    unit_id: UUID | None = None
    attachments: tuple[UUID, ...] = ()
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """What the other municipality answered: who took the case and its number there, or why not."""

    taken: bool
    taken_by: str = ""
    reference_there: str = ""
    reason: str = ""
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RelocationSummary:
    """One hand-over, as the case's page shows it."""

    id: UUID
    state: str
    receiver: str
    moves_on: date | None
    parts: list[str]
    attachments: list[str]
    offered_at: datetime
    answer_by: date
    taken_by: str
    reference_there: str
    reason: str
    to_unit_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class UnitElsewhere:
    """A unit of another municipality in this house, and who is asked there."""

    id: UUID
    unit_name: str
    municipality_id: UUID
    municipality_name: str
    leader_id: UUID


def of_case(tx: Transaction, case_id: UUID) -> list[RelocationSummary]:
    """The case's hand-overs, newest first; raises NotFound or NotPermitted."""
    case = tx.get(Case, case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    found = tx.rows(
        select(Relocation).where(Relocation.case_id == case_id).order_by(col(Relocation.offered_at).desc())
    )
    return [
        RelocationSummary(**{name: getattr(row, name) for name in RelocationSummary.__dataclass_fields__})
        for row in found
    ]


def offer(tx: Transaction, case_id: UUID, wanted: OfferCase) -> UUID:
    """Offer the case to the municipality the family moves to; the baton stays here until it is taken there.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused when somebody's yes is missing.
    """
    tx.once(
        wanted.key,
        "offer_case",
        case=case_id,
        receiver=wanted.receiver,
        unit=wanted.unit_id,
        along=sorted(map(str, wanted.attachments)),
    )
    case = _opened(tx, case_id)
    logs.fresh(tx, case, wanted.version)
    if any(one not in tuple(Part) for one in wanted.parts):
        raise Invalid({"parts": "choose_one"})
    unit = _asked(tx, case, wanted)
    receiver = f"{unit.unit_name}, {unit.municipality_name}" if unit else wanted.receiver.strip()
    needed = set(consents.consenters(tx, case.id))
    facts = RelocationFacts(
        case_open=case.state != "closed",
        receiver_named=bool(receiver),
        family_consents=bool(needed) and needed <= set(wanted.agreed),
    )
    row = Relocation(
        municipality_id=case.municipality_id,
        case_id=case.id,
        state=move(RelocationChart, start(RelocationChart), "offer", facts).after,
        receiver=receiver,
        to_unit_id=wanted.unit_id,
        moves_on=wanted.moves_on,
        parts=[one for one in Part if one in wanted.parts],
        attachments=[],
        agreed=[str(one) if one else None for one in sorted(needed, key=str)],
        offered_by_id=tx.actor.id,
        offered_at=tx.now,
        answer_by=workdays.add_workdays(tx.today, ANSWER_WORKDAYS),
    )
    attaching.choose(tx, case, row, wanted.attachments)
    if unit is not None:
        row.pack = packing.frozen(packing.packed(tx, case, row, wanted.attachments))
    tx.add(row, _deadline(tx, case, row))
    told(tx, case, row, "case_offered")
    if unit is not None:
        tx.session.flush()
        _ask_leader(tx, row, unit)
    tx.result(relocation_id=row.id, case_id=case.id)
    return row.id


def units_elsewhere(tx: Transaction, case_id: UUID) -> list[UnitElsewhere]:
    """The units in other municipalities of this house that can be asked, by municipality and name.

    Raises NotFound or NotPermitted.
    """
    case = tx.get(Case, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    return tx.ask_for(UnitElsewhere, _UNITS, {"town": case.municipality_id, "kinds": list(TAKE_CASES)})


def _asked(tx: Transaction, case: Case, wanted: OfferCase) -> UnitElsewhere | None:
    if wanted.unit_id is None:
        return None
    found = [one for one in units_elsewhere(tx, case.id) if one.id == wanted.unit_id]
    if not found:
        raise Invalid({"unit_id": "choose_one"})
    return found[0]


def _ask_leader(tx: Transaction, row: Relocation, unit: UnitElsewhere) -> None:
    notices.write(
        tx,
        "case_offered_here",
        municipality_id=unit.municipality_id,
        subject=("relocation", row.id),
        practitioner_id=unit.leader_id,
    )


def _opened(tx: Transaction, case_id: UUID) -> Case:
    case = partings.locked(tx, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    return case


def _deadline(tx: Transaction, case: Case, row: Relocation) -> Deadline:
    return Deadline(
        municipality_id=case.municipality_id,
        case_id=case.id,
        subject_kind="relocation",
        subject_id=row.id,
        clock="agreed",
        source="agreement",
        due="relocation",
        owner_id=case.holder_id,
        started_at=tx.now,
        target_on=row.answer_by,
        due_at=deadlines.end_of(row.answer_by),
        remind_at=None,
        suspensions=[],
    )


def told(
    tx: Transaction, case: Case, row: Relocation, code: str, *, author_id: UUID | None = None, **facts: str
) -> None:
    """Write in the log what became of an offer, and in the trail.

    Where an address is protected the log does not say where the family moves: the other parent reads it too.
    """
    kept: dict[str, str] = {"receiver": row.receiver, **facts} if named(tx, case) else {}
    worded = code if kept else f"{code}_unnamed"
    logs.tell_of(tx, case, "decision", worded, kept, author_id=author_id)
    logs.touch(tx, case)
    tx.note("case", case.id, code, municipality_id=case.municipality_id, relocation=row.id)


def named(tx: Transaction, case: Case) -> bool:
    """Whether the log, and what is read like it, may say where the family moves."""
    return not tx.scalar("SELECT app.is_protected(:case)", case=case.id)


def _held(tx: Transaction, relocation_id: UUID, version: int | None) -> tuple[Case, Relocation]:
    case = _opened(tx, tx.get(Relocation, relocation_id).case_id)
    return case, tx.lock(Relocation, relocation_id, version=version)


def settle(tx: Transaction, row: Relocation, event: str, facts: RelocationFacts) -> None:
    """End an offer; what was shown of the case while it stood is gone with it."""
    row.state = move(RelocationChart, row.state, event, facts).after
    row.settled_at, row.pack = tx.now, None
    row.version += 1
    deadlines.stop(tx, row.id, "relocation")


def record(tx: Transaction, relocation_id: UUID, wanted: RecordAnswer) -> UUID:
    """Write down what they answered. Taken: the case closes here with a reference, and its file is kept. Not taken:
    it goes on here as before.

    Raises NotFound, NotPermitted, Stale or Refused; a baton on its way to somebody is settled first.
    """
    tx.once(wanted.key, "record_relocation", relocation=relocation_id, taken=wanted.taken)
    case, row = _held(tx, relocation_id, wanted.version)
    if row.to_unit_id is not None:
        raise Refused("RelocationChart", row.state, "accept", ("answered_there",))
    facts = RelocationFacts(
        taken_by_somebody=bool(wanted.taken_by.strip()), reason_given=bool(wanted.reason.strip())
    )
    row.reason = wanted.reason.strip()
    if wanted.taken:
        row.taken_by, row.reference_there = wanted.taken_by.strip(), wanted.reference_there.strip()
        settle(tx, row, "accept", facts)
        told(tx, case, row, "case_taken", by=row.taken_by, number=row.reference_there)
        where = row.receiver if named(tx, case) else ""
        leave(tx, case, reason=where, reference=row.reference_there)
    else:
        settle(tx, row, "decline", facts)
        told(tx, case, row, "case_not_taken", reason=row.reason)
    tx.result(relocation_id=row.id, case_id=case.id)
    return case.id


def withdraw(
    tx: Transaction, relocation_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Take the offer back, as when the family does not move after all.

    Raises NotFound, NotPermitted, Stale or Refused.
    """
    tx.once(key, "withdraw_relocation", relocation=relocation_id)
    case, row = _held(tx, relocation_id, version)
    settle(tx, row, "withdraw", RelocationFacts())
    told(tx, case, row, "case_offer_withdrawn")
    tx.result(relocation_id=row.id, case_id=case.id)
    return case.id


def lapse_due(tx: Transaction, *, limit: int = 200) -> int:
    """Offers nobody answered in time come back: the case goes on here with its holder. For jobs."""
    wanted = (
        select(Relocation)
        .where(Relocation.state == "offered", Relocation.answer_by < tx.today)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [row for row in tx.rows(wanted) if tx.hold(Case, row.case_id)]
    for row in rows:
        case = tx.lock(Case, row.case_id)
        settle(tx, row, "lapse", RelocationFacts(time_is_up=True))
        told(tx, case, row, "case_offer_lapsed")
    return len(rows)


def people(tx: Transaction, case_id: UUID) -> list[tuple[UUID | None, str]]:
    """Who must answer, with their names; None is the youth. For those who may see the case."""
    sql = """
        SELECT n.n, coalesce(g.name, k.first_name || ' ' || k.last_name) FROM app.consenters(:case) AS n(n)
        JOIN cases c ON c.id = :case JOIN children k ON k.id = c.child_id LEFT JOIN guardians g ON g.id = n.n ORDER BY 2
    """
    return [(row[0], row[1]) for row in tx.ask(sql, {"case": case_id})]
