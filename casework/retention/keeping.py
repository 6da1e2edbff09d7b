"""How long things are kept: what is past its term goes at night and leaves a count; what is on hold stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlmodel import col, select

from casework.access import Role
from casework.indicators import keep_figures
from casework.refusals import Invalid, NotFound
from casework.retention import holding
from casework.retention.holding import HeldCount, Hold
from casework.transactions import Transaction
from levels import workdays
from levels.retention import TERMS, Kind, Term, may_choose, months
from records.municipalities import Municipality
from records.retention import RetentionCount

# Kinds with a municipality of their own, in the order they go: what is smaller first, trails last.
BY_TOWN = (Kind.PACKAGE, Kind.SIGNAL, Kind.CASE, Kind.NOTICE, Kind.EMERGENCY_READ, Kind.TRAIL)


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
    held_signals: tuple[HeldCount, ...]


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
    holds = tuple(holding.read(tx, "h.municipality_id = :id", town.id))
    return Desk(town.id, town.name, kept, holds, tuple(holding.held_signals(tx, town.id)))


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
