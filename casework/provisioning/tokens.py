"""Keys for the identity provider: made and revoked by the administrator, shown once, kept as hashes."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from casework.access import Actor
from casework.refusals import Invalid, NotFound
from casework.staff import home
from casework.transactions import Transaction
from records.municipalities import Practitioner
from records.provisioning import ProvisioningToken

LONGEST_DAYS = 730
PREFIX = "stfp_"
SEEN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenSummary:
    """A key without the key."""

    id: UUID
    name: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    holds: bool


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(tx: Transaction, *, name: str, days: int = 365, key: str | None = None) -> str:
    """A key for the municipality's identity provider, shown this once. Raises NotFound or Invalid."""
    tx.once(key, "make_provisioning_token", name=name)
    town = home(tx)
    errors = {} if name.strip() else {"name": "write_something"}
    if not 1 <= days <= LONGEST_DAYS:
        errors["days"] = "days_out_of_range"
    if errors:
        raise Invalid(errors)
    token = PREFIX + secrets.token_urlsafe(32)
    row = ProvisioningToken(
        municipality_id=town,
        token_hash=_hashed(token),
        name=name.strip(),
        made_by_id=tx.actor.id,
        made_at=tx.now,
        expires_at=tx.now + timedelta(days=days),
    )
    tx.add(row)
    tx.note("provisioning", row.id, "make_provisioning_token", municipality_id=town)
    tx.result(token_id=row.id)
    return token


def tokens(tx: Transaction) -> list[TokenSummary]:
    """The municipality's keys, the newest first; raises NotFound to anybody but its administrator."""
    found = tx.rows(
        select(ProvisioningToken, Practitioner.name)
        .join(Practitioner, col(Practitioner.id) == col(ProvisioningToken.made_by_id))
        .where(ProvisioningToken.municipality_id == home(tx))
        .order_by(col(ProvisioningToken.made_at).desc(), col(ProvisioningToken.id))
    )
    return [
        TokenSummary(t.id, t.name, made_by, t.made_at, t.expires_at, t.revoked_at, t.used_at, _holds(tx, t))
        for t, made_by in found
    ]


def revoke_token(tx: Transaction, token_id: UUID, *, key: str | None = None) -> UUID:
    """End a key from now on; ending one that has ended is no fault. Raises NotFound."""
    tx.once(key, "revoke_provisioning_token", token=token_id)
    town = home(tx)
    row = tx.lock(ProvisioningToken, token_id)
    if row.municipality_id != town:
        raise NotFound
    row.revoked_at = row.revoked_at or tx.now
    tx.note("provisioning", row.id, "revoke_provisioning_token", municipality_id=town)
    tx.result(token_id=row.id)
    return row.id


def bearer(tx: Transaction, token: str) -> Actor | None:
    """Who a key acts as, or None; for the door, which also notes that it is in use."""
    wanted = select(ProvisioningToken).where(ProvisioningToken.token_hash == _hashed(token))
    row = tx.session.exec(wanted).first()
    if row is None or not _holds(tx, row):
        return None
    if row.used_at is None or tx.now - row.used_at > SEEN:
        row.used_at = tx.now
        tx.without_trail()
    return Actor(id=row.id, name=row.name, way="provisioning")


def _holds(tx: Transaction, row: ProvisioningToken) -> bool:
    return row.revoked_at is None and row.expires_at > tx.now
