"""Flows waiting for the courier. A row is claimed, handed over, and done; a lost hand-over is found again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text, update
from sqlmodel import col, select

from casework.transactions import Transaction
from records.outbox import Outgoing

CLAIM = timedelta(seconds=30)
# One run does what every row of these asks for: a second one beside it would only look at the same letters.
TOGETHER = frozenset({"send-notices"})
LATE = timedelta(minutes=2)
MOST_LATE = 200  # rows looked at in one go
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
    """Take waiting rows for half a minute; rows another courier holds are left to it.

    Of a flow whose one run serves all, only one row is taken, and none while a run is under way.
    """
    rows = _due(tx, col(Outgoing.flow).not_in(TOGETHER), limit)
    for flow in sorted(TOGETHER):
        if not _under_way(tx, flow):
            rows += _due(tx, Outgoing.flow == flow, 1)
    for row in rows:
        row.claimed_until = tx.now + CLAIM
        row.attempts += 1
    tx.without_trail()
    return [Carried(row.id, row.flow, row.ids, row.handovers) for row in rows]


def _due(tx: Transaction, which: Any, limit: int) -> list[Outgoing]:
    wanted = (
        select(Outgoing)
        .where(which, col(Outgoing.carried_at).is_(None), Outgoing.not_before <= tx.now)
        .where(col(Outgoing.done_at).is_(None))
        .where(col(Outgoing.claimed_until).is_(None) | (col(Outgoing.claimed_until) < tx.now))
        .order_by(col(Outgoing.not_before), col(Outgoing.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tx.rows(wanted)


def _under_way(tx: Transaction, flow: str) -> bool:
    wanted = select(Outgoing.id).where(Outgoing.flow == flow, col(Outgoing.done_at).is_(None))
    taken = col(Outgoing.carried_at).is_not(None) | (col(Outgoing.claimed_until) > tx.now)
    return tx.session.exec(wanted.where(taken).limit(1)).first() is not None


def asked(tx: Transaction, flow: str) -> list[UUID]:
    """Every row that asks for this flow by now and is not done: what one run does for all of them."""
    tx.without_trail()
    wanted = select(Outgoing.id).where(Outgoing.flow == flow, col(Outgoing.done_at).is_(None))
    return tx.rows(wanted.where(Outgoing.not_before <= tx.now))


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


def mark_done(tx: Transaction, *row_ids: UUID) -> None:
    """A flow has done what these rows asked for."""
    tx.without_trail()
    if row_ids:
        unfinished = col(Outgoing.id).in_(row_ids) & col(Outgoing.done_at).is_(None)
        tx.session.execute(update(Outgoing).where(unfinished).values(done_at=tx.now))


def ask_later(tx: Transaction, flow: str, at: datetime) -> None:
    """Ask for a flow at a later time, unless somebody has asked for it by then already."""
    tx.without_trail()
    wanted = select(Outgoing.id).where(Outgoing.flow == flow, col(Outgoing.carried_at).is_(None))
    wanted = wanted.where(col(Outgoing.done_at).is_(None), Outgoing.not_before <= at)
    if tx.session.exec(wanted.limit(1)).first() is None:
        tx.start_flow(flow, not_before=at)


def late(tx: Transaction, *, older_than: timedelta = LATE, limit: int = MOST_LATE) -> dict[UUID, str]:
    """Rows handed over but not done in time, and the run each was given to; the oldest first.

    Each is waited for twice as long as the time before: a worker that is merely behind would otherwise be given
    the same work over and over, and get further behind.
    """
    tx.without_trail()
    patience = older_than * func.power(2, func.least(Outgoing.handovers, MOST_DOUBLINGS))
    wanted = (
        select(Outgoing.id, Outgoing.carried_run)
        .where(col(Outgoing.done_at).is_(None), col(Outgoing.carried_at) < tx.now - patience)
        .order_by(col(Outgoing.carried_at))
        .limit(limit)
    )
    return {row_id: run or "" for row_id, run in tx.session.execute(wanted)}


def hand_over_again(tx: Transaction, given: Mapping[UUID, str]) -> int:
    """Let rows be carried anew that are still with the run they were given to; they go behind what is new."""
    wanted = select(Outgoing).where(col(Outgoing.id).in_(given), col(Outgoing.done_at).is_(None))
    rows: list[Outgoing] = tx.rows(wanted.with_for_update(skip_locked=True))
    lost = [row for row in rows if row.carried_at and (row.carried_run or "") == given[row.id]]
    for row in lost:
        row.carried_at, row.carried_run, row.claimed_until = None, None, None
        row.handovers, row.not_before = row.handovers + 1, tx.now
    tx.without_trail()
    return len(lost)


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
