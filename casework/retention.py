"""How long things are kept: what is past its term goes at night and leaves a count; what is on hold stays."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlmodel import col, select

from casework import relations
from casework.access import Permission, Role
from casework.indicators import keep_figures
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels import workdays
from levels.retention import GROUNDS, TERMS, Kind, Term, may_choose, months
from records.cases import Case
from records.municipalities import Municipality
from records.retention import RetentionCount, RetentionHold

LONGEST = 500
# Kinds with a municipality of their own, in the order they go: what is smaller first, trails last.
BY_TOWN = (Kind.PACKAGE, Kind.SIGNAL, Kind.CASE, Kind.NOTICE, Kind.EMERGENCY_READ, Kind.TRAIL)


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
class Kept:
    """One kind: its term, the municipality's own number, and how many are past it by now and within a month."""

    term: Term
    months: int
    now: int
    next_month: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What the archivist has in front of them in one municipality; nobody's name is in it."""

    municipality_id: UUID
    municipality_name: str
    kept: tuple[Kept, ...]
    holds: tuple[Hold, ...]


def desks(tx: Transaction) -> list[Desk]:
    """Terms, forecast and holds, one for each municipality; raises NotFound to anybody but an archivist."""
    towns = tx.actor.municipalities_as(Role.ARCHIVIST)
    if not towns:
        raise NotFound
    found = tx.rows(select(Municipality).where(col(Municipality.id).in_(towns)).order_by(Municipality.name))
    return [_desk(tx, town) for town in found]


def _desk(tx: Transaction, town: Municipality) -> Desk:
    ahead = workdays.add_months(tx.today, 1)
    now, later = (_forecast(tx, town, at) for at in (tx.now, tx.now + (ahead - tx.today)))
    gone = _deleted(tx, town.id)
    tx.note("retention", trail_of(town.id), "read_retention", municipality_id=town.id)
    kept = tuple(
        Kept(
            term,
            months(kind, town.settings),
            now.get(kind, 0),
            later.get(kind, 0) - now.get(kind, 0),
            gone.get(kind, 0),
        )
        for kind, term in TERMS.items()
    )
    return Desk(town.id, town.name, kept, tuple(_holds(tx, "h.municipality_id = :id", town.id)))


def _forecast(tx: Transaction, town: Municipality, at: datetime) -> dict[Kind, int]:
    sql = "SELECT * FROM app.retention_forecast(:town, :at, CAST(:terms AS jsonb))"
    terms = {kind.value: months(kind, town.settings) for kind in BY_TOWN}
    return {
        Kind(row.kind): row.number
        for row in tx.session.execute(text(sql), {"town": town.id, "at": at, "terms": _json(terms)})
    }


def _json(values: dict[str, int]) -> str:
    return "{" + ", ".join(f'"{name}": {number}' for name, number in values.items()) + "}"


def _deleted(tx: Transaction, town: UUID) -> dict[Kind, int]:
    """How many went in the last year; what belongs to no municipality is counted for the whole house."""
    sql = """
        SELECT kind, sum(number)::integer AS number FROM retention_counts
        WHERE (municipality_id = :town OR municipality_id IS NULL) AND day > :since GROUP BY kind
    """
    found = tx.ask(sql, {"town": town, "since": tx.today - timedelta(days=365)})
    return {Kind(row.kind): row.number for row in found}


_HOLDS = """
    SELECT h.id, h.municipality_id, h.case_id, h.number, h.ground, h.reason, p.name AS set_by, h.set_at, h.version
    FROM retention_holds h JOIN practitioners p ON p.id = h.set_by_id
"""


def _holds(tx: Transaction, which: str, key: UUID) -> list[Hold]:
    sql = f"{_HOLDS} WHERE h.lifted_at IS NULL AND {which} ORDER BY h.set_at"
    return tx.ask_for(Hold, sql, {"id": key})


def holds_of(tx: Transaction, case_id: UUID) -> list[Hold]:
    """What holds a case, for those inside it."""
    return _holds(tx, "h.case_id = :id", case_id)


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
    errors = {}
    if wanted.ground not in GROUNDS:
        errors["ground"] = "choose_one"
    errors |= _checked(wanted.reason)
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


def _checked(reason: str) -> dict[str, str]:
    if not reason.strip():
        return {"reason": "write_something"}
    return {"reason": "too_long"} if len(reason) > LONGEST else {}


def standing(tx: Transaction, hold_id: UUID) -> Hold:
    """A hold the actor may lift; raises NotFound or NotPermitted."""
    found = _holds(tx, "h.id = :id", hold_id)
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
    errors = _checked(wanted.reason)
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


def choose(tx: Transaction, municipality_id: UUID, kind: str, number: int, *, key: str | None = None) -> None:
    """Set the municipality's own term for a kind, within what the law lets. Raises NotFound or Invalid."""
    tx.once(key, "choose_term", town=municipality_id, kind=kind, months=number)
    if municipality_id not in tx.actor.municipalities_as(Role.ARCHIVIST):
        raise NotFound
    if not may_choose(kind, number):
        raise Invalid({"months": "outside_the_bounds"})
    setting = TERMS[Kind(kind)].setting
    tx.ask(
        "SELECT app.choose_term(:town, :setting, :months)",
        {"town": municipality_id, "setting": setting, "months": number},
    )
    tx.note(
        "retention",
        trail_of(municipality_id),
        "choose_term",
        municipality_id=municipality_id,
        kind=kind,
        months=number,
    )
    tx.result(kind=kind)


def trail_of(municipality_id: UUID) -> UUID:
    """The file in whose trail a municipality's deletions stand."""
    return uuid5(municipality_id, "retention")


# What goes of each kind, given the ids that are past their term. A case goes through the one function that may.
_GOES = {
    Kind.NOTICE: "DELETE FROM notices WHERE id = ANY (:gone)",
    Kind.EMERGENCY_READ: "DELETE FROM broken_glasses WHERE id = ANY (:gone)",
    Kind.PACKAGE: "UPDATE archive_deliveries SET package = NULL WHERE id = ANY (:gone)",
    Kind.SIGNAL: """
        WITH deadlines_of AS (DELETE FROM deadlines WHERE signal_id = ANY (:gone))
        DELETE FROM signals WHERE id = ANY (:gone)
    """,
}
# Kinds that are somebody's own file leave a last line in its trail.
_LAST_WORD = {Kind.SIGNAL: ("signal", "forget_signal"), Kind.CASE: ("case", "forget_case")}
_LOCKED = {Kind.SIGNAL: "signals", Kind.CASE: "cases"}


def forget(tx: Transaction, municipality_id: UUID, kind: Kind, *, limit: int = 200) -> int:
    """Delete what of one kind is past a municipality's term, and count it; answers how many. For jobs.

    The months' figures are kept first. Each file's trail says that it is gone, and holds no more than it ever did.
    """
    if kind is Kind.TRAIL:
        number = _forget_trails(tx, municipality_id, limit)
    else:
        gone = _past(tx, municipality_id, kind, limit)
        number = len(gone)
        if gone and kind in _LAST_WORD:
            keep_figures(tx)
        _let_go(tx, municipality_id, kind, gone)
    if number:
        _count(tx, municipality_id, kind, number)
        tx.note(
            "retention",
            trail_of(municipality_id),
            "delete_expired",
            municipality_id=municipality_id,
            kind=kind.value,
            number=number,
        )
    else:
        tx.without_trail()
    return number


def _past(tx: Transaction, town: UUID, kind: Kind, limit: int) -> list[UUID]:
    values = {
        "town": town,
        "kind": kind.value,
        "at": tx.now,
        "months": _months(tx, town, kind),
        "most": limit,
    }
    if kind not in _LOCKED:
        sql = "SELECT e AS id FROM app.expired(:town, :kind, :at, :months) AS e LIMIT :most"
    else:  # somebody may be at work on one of them: it is left until tomorrow
        sql = f"""
            SELECT t.id FROM {_LOCKED[kind]} t
            WHERE t.id IN (SELECT app.expired(:town, :kind, :at, :months))
            ORDER BY t.id LIMIT :most FOR UPDATE OF t SKIP LOCKED
        """
    return [row.id for row in tx.ask(sql, values)]


def _months(tx: Transaction, town: UUID, kind: Kind) -> int:
    settings: Any = tx.scalar("SELECT settings FROM municipalities WHERE id = :town", town=town)
    return months(kind, settings or {})


def _let_go(tx: Transaction, town: UUID, kind: Kind, gone: list[UUID]) -> None:
    if kind is Kind.CASE:
        for case_id in gone:
            tx.ask("SELECT app.forget_case(:case)", {"case": case_id})
    elif gone:
        tx.ask(_GOES[kind], {"gone": gone})
    if kind in _LAST_WORD:
        file_kind, act = _LAST_WORD[kind]
        for file_id in gone:
            tx.note(file_kind, file_id, act, municipality_id=town)


def _forget_trails(tx: Transaction, town: UUID, limit: int) -> int:
    values = {"town": town, "at": tx.now, "months": _months(tx, town, Kind.TRAIL), "most": limit}
    return int(tx.scalar("SELECT app.forget_trails(:town, :at, :months, :most)", **values))


def _count(tx: Transaction, town: UUID | None, kind: Kind, number: int) -> None:
    tx.add(
        RetentionCount(
            municipality_id=town, day=tx.today, kind=kind.value, number=number, source=TERMS[kind].source
        )
    )


def towns(tx: Transaction) -> list[UUID]:
    """Every municipality, for the night's round."""
    return [row.id for row in tx.ask("SELECT id FROM municipalities ORDER BY id")]


# Small things with no municipality of their own.
_SWEPT: tuple[tuple[Kind, str], ...] = (
    (Kind.DRAFT, "DELETE FROM drafts WHERE saved_at < :before RETURNING id"),
    (Kind.SIGN_IN, "DELETE FROM sign_ins WHERE seen_at < :before RETURNING id"),
    (Kind.DONE_ACT, "DELETE FROM done_acts WHERE at < :before RETURNING id"),
    (Kind.OUTGOING, "DELETE FROM outbox WHERE done_at < :before RETURNING id"),
    (Kind.FAMILY_CODE, "DELETE FROM family_codes WHERE expires_at < :before RETURNING id"),
    (Kind.CALENDAR_FEED, "DELETE FROM calendar_feeds WHERE revoked_at < :before RETURNING id"),
)


def sweep(tx: Transaction) -> int:
    """Delete what nobody needs any more and nobody is named in: drafts, ended visits, used codes. For jobs."""
    total = 0
    for kind, sql in _SWEPT:
        number = len(tx.ask(sql, {"before": tx.now - timedelta(days=TERMS[kind].days)}))
        if number:
            _count(tx, None, kind, number)
        total += number
    tx.without_trail()
    return total


def night(begin: Callable[[], Any], *, batch: int = 200, most: int = 50) -> dict[tuple[UUID, Kind], int]:
    """The night's round: every municipality, every kind, batch after batch, each its own transaction."""
    done: dict[tuple[UUID, Kind], int] = {}
    with begin() as tx:
        everywhere = towns(tx)
    for town in everywhere:
        for kind in BY_TOWN:
            for _ in range(most):
                with begin() as tx:
                    number = forget(tx, town, kind, limit=batch)
                done[town, kind] = done.get((town, kind), 0) + number
                if number < batch:
                    break
    return done


__all__ = [
    "Desk", "Hold", "Kept", "LiftHold", "SetHold", "choose", "desks", "forget", "hold", "hold_by_number", "holds_of",
    "lift", "night", "standing", "sweep", "towns", "trail_of",
]  # fmt: skip
