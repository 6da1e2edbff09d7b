"""What the machinery tells about itself: signs of life, how Prefect's flows stand, what has been stopped. For jobs."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from casework.transactions import Transaction
from records.base import new_id
from records.operations import Contact, FlowReport, OperatorAct

FORGOTTEN = timedelta(days=1)
LAST_ASKED = (
    "SELECT DISTINCT ON (flow) flow, kind, done_at FROM operator_acts"
    " WHERE kind IN ('pause', 'resume') ORDER BY flow, asked_at DESC, id DESC"
)
_CODE = re.compile(r"[A-Za-z0-9_.]{1,60}")


@dataclass(frozen=True, slots=True)
class Report:
    """What Prefect says about one flow: counts, times, and the class of the last failure."""

    flow: str
    running: int = 0
    waiting: int = 0
    failed: int = 0
    oldest_at: datetime | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str | None = None
    scheduled: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """A flow whose clock is to stop or go, as an operator asked."""

    id: UUID
    flow: str
    paused: bool


def contacted(tx: Transaction, name: str, ok: bool, code: str = "", *, place: str = "") -> None:
    """Tell that something outside was reached, or was not and by which code. For jobs."""
    if code and not _CODE.fullmatch(code):
        code = "unknown"
    told: dict[str, Any] = (
        {"succeeded_at": tx.now} if ok else {"failed_at": tx.now, "code": code or "unknown"}
    )
    row = insert(Contact).values(id=new_id(), name=name, place=place, **told)
    tx.session.execute(row.on_conflict_do_update(index_elements=["name", "place"], set_=told))
    tx.without_trail()


def reported(tx: Transaction, reports: list[Report]) -> None:
    """Keep what Prefect says about its flows; what it no longer remembers stays as it was. For jobs."""
    for each in reports:
        told: dict[str, Any] = {
            name: getattr(each, name)
            for name in ("running", "waiting", "failed", "oldest_at", "scheduled", "paused")
        }
        told["reported_at"] = tx.now
        if each.succeeded_at is not None:
            told["succeeded_at"] = each.succeeded_at
        if each.failed_at is not None:
            told |= {"failed_at": each.failed_at, "failure": each.failure}
        row = insert(FlowReport).values(id=new_id(), flow=each.flow, **told)
        tx.session.execute(row.on_conflict_do_update(index_elements=["flow"], set_=told))
    before = tx.now - FORGOTTEN
    tx.session.execute(delete(FlowReport).where(col(FlowReport.reported_at) < before))
    tx.session.execute(delete(Contact).where(col(Contact.place) != "", col(Contact.succeeded_at) < before))
    tx.without_trail()


def stops(tx: Transaction) -> list[Stop]:
    """Stops and starts that have been asked for and not yet carried out, oldest first. For jobs."""
    wanted = (
        select(OperatorAct)
        .where(col(OperatorAct.kind).in_(("pause", "resume")), col(OperatorAct.done_at).is_(None))
        .order_by(col(OperatorAct.asked_at))
    )
    return [Stop(row.id, row.flow or "", row.kind == "pause") for row in tx.rows(wanted)]


def stopped(tx: Transaction, act_id: UUID) -> None:
    """The flow's clock has been stopped, or set going. For jobs."""
    row = tx.lock(OperatorAct, act_id)
    row.done_at = tx.now
    tx.without_trail()


def paused(tx: Transaction) -> frozenset[str]:
    """Flows whose clocks are to stand still: the last that was asked of each. For jobs."""
    found = tx.session.execute(text(LAST_ASKED))
    return frozenset(row.flow for row in found if row.kind == "pause")
