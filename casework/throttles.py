"""How often a guess may be wrong before whoever guesses must wait: codes and keys cannot be tried one after another."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from casework.identities import IdentityKeys
from casework.refusals import TooMany
from casework.transactions import Transaction
from records.base import new_id


@dataclass(frozen=True, slots=True)
class Limit:
    """So many wrong guesses from one place within so long."""

    most: int
    within: timedelta


# A whole school comes from one address: what one person gets wrong must not keep the others out for long.
LIMITS = {
    "family_code": Limit(10, timedelta(minutes=15)),
    "sign_in": Limit(20, timedelta(minutes=5)),
}


def hold_back(tx: Transaction, kind: str, address: str, keys: IdentityKeys) -> None:
    """Raise TooMany when too many guesses of this kind from this address were wrong; for the door."""
    limit = LIMITS[kind]
    values = {
        "hashed": _place(kind, address, keys),
        "at": tx.now,
        "most": limit.most,
        "within": limit.within,
    }
    wait = tx.scalar("SELECT app.wait_for(:hashed, :at, :most, :within)", **values)
    if wait:
        raise TooMany(wait)


def wrong(tx: Transaction, kind: str, address: str, keys: IdentityKeys) -> None:
    """Count one wrong guess. A right one does not take it away: nobody guesses on between their own right answers."""
    values = {
        "fresh": new_id(),
        "hashed": _place(kind, address, keys),
        "at": tx.now,
        "within": LIMITS[kind].within,
    }
    tx.ask("SELECT app.count_try(:fresh, :hashed, :at, :within)", values)
    tx.without_trail()


def forget(tx: Transaction) -> int:
    """Delete counts older than a day. For jobs; answers how many."""
    gone = tx.session.execute(
        text("DELETE FROM tries WHERE since < :then"), {"then": tx.now - timedelta(days=1)}
    )
    tx.without_trail()
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _place(kind: str, address: str, keys: IdentityKeys) -> bytes:
    """A keyed hash of the address; of the network where one household has many addresses (IPv6)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        where = address
    else:
        where = str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
    return keys.index(f"{kind} {where}")
