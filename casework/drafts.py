"""Drafts: what somebody has typed but not saved, kept for that person alone and for a short while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from casework.refusals import Invalid
from casework.transactions import Transaction
from records.base import new_id
from records.drafts import Draft

KEPT = timedelta(days=14)
LARGEST = 60_000
SECRET = ("csrf", "key", "version", "_draft")


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft and when it was saved."""

    values: dict[str, Any]
    saved_at: datetime


def keep(tx: Transaction, form: str, values: dict[str, Any]) -> datetime:
    """Save what is typed in a form, replacing what was kept of it before; raises Invalid when it is too much."""
    typed = {name: value for name, value in values.items() if name not in SECRET}
    if len(form) > 200 or len(str(typed)) > LARGEST:
        raise Invalid({"form": "too_long"})
    row = insert(Draft).values(id=new_id(), owner_id=tx.actor.id, form=form, values=typed, saved_at=tx.now)
    tx.session.execute(
        row.on_conflict_do_update(
            index_elements=["owner_id", "form"], set_={"values": typed, "saved_at": tx.now}
        )
    )
    tx.without_trail()
    return tx.now


def names(tx: Transaction) -> frozenset[str]:
    """The forms of which the actor has a draft."""
    found = tx.ask("SELECT form FROM drafts WHERE owner_id = :actor", {"actor": tx.actor.id})
    return frozenset(row.form for row in found)


def kept(tx: Transaction, form: str) -> Kept | None:
    """What the actor last typed in a form, unless it is too old."""
    row = tx.session.exec(select(Draft).where(Draft.owner_id == tx.actor.id, Draft.form == form)).first()
    if row is None or row.saved_at < tx.now - KEPT:
        return None
    return Kept(row.values, row.saved_at)


def drop(tx: Transaction, form: str) -> None:
    """Forget a draft: its text has been saved for good, or thrown away."""
    tx.session.execute(delete(Draft).where(col(Draft.owner_id) == tx.actor.id, col(Draft.form) == form))
    tx.without_trail()


def sweep(tx: Transaction) -> int:
    """Delete drafts nobody came back to. For jobs; answers how many."""
    gone = tx.session.execute(delete(Draft).where(col(Draft.saved_at) < tx.now - KEPT))
    tx.without_trail()
    return int(gone.rowcount)  # type: ignore[attr-defined]
