"""Flows waiting for the courier. A row is claimed, handed over, and done; a lost hand-over is found again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select

from casework.transactions import Transaction
from records.outbox import Outgoing

CLAIM = timedelta(seconds=30)
LATE = timedelta(minutes=2)
MOST_DOUBLINGS = 6  # of the time a handed-over row is waited for: two minutes become two hours


@dataclass(frozen=True, slots=True)
class Carried:
    """A flow to hand over: its name, its opaque ids, and how often it has been handed over before."""

    id: UUID
    flow: str
    ids: dict[str, str]
    handover: int


@dataclass(frozen=True, slots=True)
class State:
    """How the outbox stands, for the operator."""

    waiting: int
    unfinished: int
    oldest_at: datetime | None


def claim(tx: Transaction, *, limit: int = 50) -> list[Carried]:
    """Take waiting rows for half a minute; rows another courier holds are left to it."""
    wanted = (
        select(Outgoing)
        .where(col(Outgoing.carried_at).is_(None), Outgoing.not_before <= tx.now)
        .where(col(Outgoing.claimed_until).is_(None) | (col(Outgoing.claimed_until) < tx.now))
        .order_by(col(Outgoing.not_before), col(Outgoing.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows: list[Outgoing] = tx.rows(wanted)
    for row in rows:
        row.claimed_until = tx.now + CLAIM
        row.attempts += 1
    tx.without_trail()
    return [Carried(row.id, row.flow, row.ids, row.handovers) for row in rows]


def mark_carried(tx: Transaction, row_id: UUID, run: str) -> None:
    """Prefect has taken it; `run` is its id there."""
    row = tx.lock(Outgoing, row_id)
    row.carried_at, row.carried_run, row.claimed_until, row.last_error = tx.now, run, None, None
    tx.without_trail()


def mark_failed(tx: Transaction, row_id: UUID, code: str) -> None:
    """Prefect could not be reached: the row waits, a little longer each time, and is never lost."""
    row = tx.lock(Outgoing, row_id)
    row.claimed_until = tx.now + timedelta(seconds=min(60, 2 ** min(row.attempts, 6)))
    row.last_error = code
    tx.without_trail()


def mark_done(tx: Transaction, row_id: UUID) -> None:
    """The flow has done its work."""
    row = tx.session.get(Outgoing, row_id)
    if row is not None and row.done_at is None:
        row.done_at = tx.now
    tx.without_trail()


def hand_over_again(tx: Transaction, *, older_than: timedelta = LATE, limit: int = 100) -> int:
    """Find rows handed over but never done, as when a worker died, and let them be carried anew.

    Each is waited for twice as long as the time before, and goes behind what is new: a worker that is merely
    behind would otherwise be given the same work over and over, and get further behind.
    """
    patience = older_than * func.power(2, func.least(Outgoing.handovers, MOST_DOUBLINGS))
    wanted = (
        select(Outgoing)
        .where(col(Outgoing.done_at).is_(None), col(Outgoing.carried_at) < tx.now - patience)
        .order_by(col(Outgoing.carried_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows: list[Outgoing] = tx.rows(wanted)
    for row in rows:
        row.carried_at, row.carried_run, row.claimed_until = None, None, None
        row.handovers, row.not_before = row.handovers + 1, tx.now
    tx.without_trail()
    return len(rows)


def state(tx: Transaction) -> State:
    """How many wait, how many are under way, and since when the oldest has waited."""
    row = tx.session.execute(
        text(
            "SELECT count(*) FILTER (WHERE carried_at IS NULL), count(*) FILTER (WHERE done_at IS NULL),"
            " min(created_at) FILTER (WHERE carried_at IS NULL) FROM outbox"
        )
    ).one()
    return State(*row)


def oldest_age(tx: Transaction) -> timedelta | None:
    """How long the oldest waiting row has waited."""
    oldest = state(tx).oldest_at
    return tx.now - oldest if oldest else None
