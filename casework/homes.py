"""Where somebody lives is told, compared and forgotten: two keyed hashes are all that is kept of an address."""

from uuid import UUID

from casework.identities import IdentityKeys
from casework.transactions import Transaction
from levels.homes import Home, compared
from records.base import new_id

_WHOSE = ("practitioner_id", "child_id", "guardian_id")


def keep(
    tx: Transaction,
    keys: IdentityKeys,
    town: UUID,
    home: Home,
    *,
    practitioner_id: UUID | None = None,
    child_id: UUID | None = None,
    guardian_id: UUID | None = None,
    protected: bool = False,
) -> None:
    """Keep what one's home is compared by, of one of the three; nothing of it where the address is protected.

    A home that says too little to be compared leaves what is known. Written by whoever may write about that person.
    """
    whose = dict(zip(_WHOSE, (practitioner_id, child_id, guardian_id), strict=True))
    [(column, person)] = [(name, one) for name, one in whose.items() if one is not None]
    tx.session.flush()
    if protected:
        forget(tx, column, person)
        return
    told = compared(home)
    if told is None:
        return
    tx.ask(
        f"INSERT INTO homes (id, municipality_id, {column}, house, road) VALUES (:id, :town, :person, :house, :road)"  # noqa: S608 - one of three names
        f" ON CONFLICT ({column}) DO UPDATE SET house = excluded.house, road = excluded.road",
        {
            "id": new_id(),
            "town": town,
            "person": person,
            "house": keys.home(told.house) if told.house else None,
            "road": keys.home(told.road),
        },
    )


def forget(tx: Transaction, column: str, person: UUID) -> None:
    """Keep nothing of where somebody lives."""
    tx.ask(f"DELETE FROM homes WHERE {column} = :person", {"person": person})  # noqa: S608 - one of three names
