"""A family moves: the pack holds what they say yes to, and the case closes here once it is taken there."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from casework import child_views, consents, deadlines, logs, measures, meetings, relations
from casework.access import Permission
from casework.cases import leave
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels import workdays
from levels.charts import move, start
from levels.relocations import Part, RelocationChart, RelocationFacts
from records.cases import Case
from records.children import Child
from records.deadlines import Deadline
from records.relocations import Relocation

ANSWER_WORKDAYS = 10
LOG_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class OfferCase:
    """Where the family moves and when, what may be handed over, and who said yes; without a guardian, the youth."""

    receiver: str
    parts: tuple[Part, ...] = ()
    agreed: tuple[UUID | None, ...] = ()
    moves_on: date | None = None
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
    offered_at: datetime
    answer_by: date
    taken_by: str
    reference_there: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Pack:
    """What is handed over: the little everybody needs, and the parts the family said yes to."""

    child_name: str
    born_on: date
    from_municipality: str
    from_unit: str
    holder_name: str
    case_number: str
    level_rung: int | None
    moves_on: date | None
    made_at: datetime
    measures: list[dict[str, Any]]
    meetings: list[dict[str, Any]]
    child_views: list[dict[str, Any]]
    log: list[dict[str, Any]]


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
    tx.once(wanted.key, "offer_case", case=case_id, receiver=wanted.receiver)
    case = _opened(tx, case_id)
    logs.fresh(tx, case, wanted.version)
    if any(one not in tuple(Part) for one in wanted.parts):
        raise Invalid({"parts": "choose_one"})
    needed = set(consents.consenters(tx, case.id))
    facts = RelocationFacts(
        case_open=case.state != "closed",
        receiver_named=bool(wanted.receiver.strip()),
        family_consents=bool(needed) and needed <= set(wanted.agreed),
    )
    row = Relocation(
        municipality_id=case.municipality_id,
        case_id=case.id,
        state=move(RelocationChart, start(RelocationChart), "offer", facts).after,
        receiver=wanted.receiver.strip(),
        moves_on=wanted.moves_on,
        parts=[one for one in Part if one in wanted.parts],
        agreed=[str(one) if one else None for one in sorted(needed, key=str)],
        offered_by_id=tx.actor.id,
        offered_at=tx.now,
        answer_by=workdays.add_workdays(tx.today, ANSWER_WORKDAYS),
    )
    tx.add(row, _deadline(tx, case, row))
    _told(tx, case, row, "case_offered", receiver=row.receiver)
    tx.result(relocation_id=row.id, case_id=case.id)
    return row.id


def _opened(tx: Transaction, case_id: UUID) -> Case:
    case = tx.lock(Case, case_id)
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


def _told(tx: Transaction, case: Case, row: Relocation, code: str, **facts: str) -> None:
    logs.tell(tx, case, "decision", code, **facts)
    logs.touch(tx, case)
    tx.note("case", case.id, code, municipality_id=case.municipality_id, relocation=row.id)


def _held(tx: Transaction, relocation_id: UUID, version: int | None) -> tuple[Case, Relocation]:
    case = _opened(tx, tx.get(Relocation, relocation_id).case_id)
    return case, tx.lock(Relocation, relocation_id, version=version)


def _settle(tx: Transaction, row: Relocation, event: str, facts: RelocationFacts) -> None:
    row.state = move(RelocationChart, row.state, event, facts).after
    row.settled_at = tx.now
    row.version += 1
    deadlines.stop(tx, row.id, "relocation")


def record(tx: Transaction, relocation_id: UUID, wanted: RecordAnswer) -> UUID:
    """Write down what they answered. Taken: the case closes here with a reference, and its file is kept. Not taken:
    it goes on here as before.

    Raises NotFound, NotPermitted, Stale or Refused; a baton on its way to somebody is settled first.
    """
    tx.once(wanted.key, "record_relocation", relocation=relocation_id, taken=wanted.taken)
    case, row = _held(tx, relocation_id, wanted.version)
    facts = RelocationFacts(
        taken_by_somebody=bool(wanted.taken_by.strip()), reason_given=bool(wanted.reason.strip())
    )
    row.reason = wanted.reason.strip()
    if wanted.taken:
        row.taken_by, row.reference_there = wanted.taken_by.strip(), wanted.reference_there.strip()
        _settle(tx, row, "accept", facts)
        _told(tx, case, row, "case_taken", receiver=row.receiver, by=row.taken_by, number=row.reference_there)
        leave(tx, case, reason=row.receiver, reference=row.reference_there)
    else:
        _settle(tx, row, "decline", facts)
        _told(tx, case, row, "case_not_taken", receiver=row.receiver, reason=row.reason)
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
    _settle(tx, row, "withdraw", RelocationFacts())
    _told(tx, case, row, "case_offer_withdrawn", receiver=row.receiver)
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
        _settle(tx, row, "lapse", RelocationFacts(time_is_up=True))
        _told(tx, case, row, "case_offer_lapsed", receiver=row.receiver)
    return len(rows)


def people(tx: Transaction, case_id: UUID) -> list[tuple[UUID | None, str]]:
    """Who must answer, with their names; None is the youth. For those who may see the case."""
    sql = """
        SELECT n.n, coalesce(g.name, k.first_name || ' ' || k.last_name) FROM app.consenters(:case) AS n(n)
        JOIN cases c ON c.id = :case JOIN children k ON k.id = c.child_id LEFT JOIN guardians g ON g.id = n.n ORDER BY 2
    """
    return [(row[0], row[1]) for row in tx.ask(sql, {"case": case_id})]


def pack(tx: Transaction, relocation_id: UUID) -> Pack:
    """What is handed over, to print or send: nothing the family does not see, and only the parts they said yes to.

    Making it is noted. Raises NotFound for an offer that is over, or NotPermitted.
    """
    row = tx.get(Relocation, relocation_id)
    case = tx.get(Case, row.case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    if row.state != "offered":
        raise NotFound
    tx.note("case", case.id, "make_pack", municipality_id=case.municipality_id, relocation=row.id)
    child = tx.get(Child, case.child_id)
    names = "SELECT m.name AS town, u.name AS unit, h.name AS holder FROM municipalities m, services u, practitioners h"
    [sender] = tx.ask(
        f"{names} WHERE m.id = :town AND u.id = :unit AND h.id = :holder",
        {"town": case.municipality_id, "unit": case.unit_id, "holder": case.holder_id},
    )
    parts = {part: _PARTS[part](tx, case.id) if part in row.parts else [] for part in Part}
    return Pack(
        f"{child.first_name} {child.last_name}",
        child.born_on,
        sender.town,
        sender.unit,
        sender.holder,
        case.number,
        int(case.state[-1]),
        row.moves_on,
        tx.now,
        **{part.value: parts[part] for part in Part},
    )


def _measures(tx: Transaction, case_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "title": one.title,
            "goal": one.goal,
            "state": one.state,
            "result": one.last_result,
            "from": one.starts_on,
            "evaluated": one.evaluate_on,
        }
        for one in measures.of_case(tx, case_id)
    ]


def _meetings(tx: Transaction, case_id: UUID) -> list[dict[str, Any]]:
    minutes = dict(tx.ask("SELECT id, minutes FROM meetings WHERE case_id = :case", {"case": case_id}))
    return [
        {"kind": one.kind, "at": one.starts_at, "minutes": minutes.get(one.id, "")}
        for one in meetings.of_case(tx, case_id)
        if one.state == "held"
    ]


def _child_views(tx: Transaction, case_id: UUID) -> list[dict[str, Any]]:
    return [
        {"on": one.talked_on, "words": one.words, "mood": one.mood, "shown": one.shown}
        for one in child_views.of_case(tx, case_id, limit=LOG_LENGTH)
        if not one.why_not
    ]


def _log(tx: Transaction, case_id: UUID) -> list[dict[str, Any]]:
    """What people wrote and the family may read; the house's own lines are about this municipality's work."""
    return [
        {"at": one.written_at, "by": f"{one.author_name}, {one.author_title}", "text": one.body}
        for one in logs.entries(tx, case_id, limit=LOG_LENGTH)
        if one.for_family and one.code is None and one.corrected_by is None
    ]


_PARTS = {
    Part.MEASURES: _measures,
    Part.MEETINGS: _meetings,
    Part.CHILD_VIEWS: _child_views,
    Part.LOG: _log,
}
