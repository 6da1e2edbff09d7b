"""The address of one's own calendar: made, revoked, and asked whose it is. Only the hash of its token is kept."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from casework.refusals import NotFound
from casework.transactions import Transaction
from records.meetings import CalendarFeed


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _open(tx: Transaction) -> CalendarFeed | None:
    wanted = select(CalendarFeed).where(
        CalendarFeed.practitioner_id == tx.actor.id, col(CalendarFeed.revoked_at).is_(None)
    )
    return tx.session.exec(wanted.with_for_update()).first()


def feed_since(tx: Transaction) -> datetime | None:
    """When the actor's calendar address was made; None when there is none."""
    row = _open(tx)
    return row.made_at if row else None


def make_feed(tx: Transaction) -> str:
    """Make an address for the actor's calendar; the former stops working. The token is shown this once."""
    _revoke(tx)
    token = secrets.token_urlsafe(32)
    tx.add(CalendarFeed(practitioner_id=tx.actor.id, token_hash=_hashed(token), made_at=tx.now))
    _noted(tx, "make_calendar_feed")
    return token


def revoke_feed(tx: Transaction) -> None:
    """Stop the actor's calendar address from working; without one there is nothing to stop."""
    if _revoke(tx):
        _noted(tx, "revoke_calendar_feed")


def _revoke(tx: Transaction) -> bool:
    row = _open(tx)
    if row is None:
        return False
    row.revoked_at = tx.now
    tx.session.flush()
    return True


def _noted(tx: Transaction, act: str) -> None:
    home = tx.actor.membership
    if home is None:
        raise NotFound
    tx.note("staff", tx.actor.id, act, municipality_id=home.municipality_id)


def feed_owner(tx: Transaction, token: str) -> UUID:
    """Whose calendar a token opens, for the door; raises NotFound for an unknown or revoked one."""
    wanted = select(CalendarFeed.practitioner_id).where(
        CalendarFeed.token_hash == _hashed(token), col(CalendarFeed.revoked_at).is_(None)
    )
    found: UUID | None = tx.session.exec(wanted).first()
    if found is None:
        raise NotFound
    return found
