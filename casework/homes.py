"""Where somebody lives is told, compared and forgotten: two keyed hashes are all that is kept of an address."""

from collections.abc import Mapping
from uuid import UUID

from casework.identities import IdentityKeys
from casework.transactions import Transaction
from levels.homes import Home, compared
from records.base import new_id

# Whose home may be known: nobody's with a protected address, no child's whose guardian has one, and no guardian's whose
# child has one. Nor anybody's whom the writer cannot see.
_KNOWABLE = {
    "practitioner_id": "SELECT id FROM practitioners",
    "child_id": """
      SELECT k.id FROM children k WHERE NOT k.protected_address
        AND NOT EXISTS (SELECT 1 FROM guardians g WHERE g.child_id = k.id AND g.protected_address)""",
    "guardian_id": """
      SELECT g.id FROM guardians g JOIN children k ON k.id = g.child_id
      WHERE NOT g.protected_address AND NOT k.protected_address""",
}
# Whoever works in two municipalities has one home, kept by the one that told of it first.
_KEEP = """
    WITH told AS (
      SELECT t.* FROM unnest(CAST(:ids AS uuid[]), CAST(:people AS uuid[]), CAST(:houses AS bytea[]),
        CAST(:roads AS bytea[])) AS t(id, person, house, road)
      WHERE t.person IN ({knowable})
    ), known AS (
      UPDATE homes h SET house = t.house, road = t.road FROM told t WHERE h.{column} = t.person RETURNING t.person
    )
    INSERT INTO homes (id, municipality_id, {column}, house, road)
    SELECT t.id, :town, t.person, t.house, t.road FROM told t WHERE t.person NOT IN (SELECT person FROM known)
    ON CONFLICT ({column}) DO NOTHING
"""
_FORGET_HIDDEN = """
    DELETE FROM homes h USING children k
    WHERE k.id = :child AND (
      (h.child_id = k.id AND (:guarded OR k.protected_address
        OR EXISTS (SELECT 1 FROM guardians g WHERE g.child_id = k.id AND g.protected_address)))
      OR h.guardian_id IN (
        SELECT g.id FROM guardians g WHERE g.child_id = k.id AND (g.protected_address OR k.protected_address)))
"""


def keep(
    tx: Transaction,
    keys: IdentityKeys,
    town: UUID,
    home: Home,
    *,
    practitioner_id: UUID | None = None,
    child_id: UUID | None = None,
    guardian_id: UUID | None = None,
) -> None:
    """Keep what one's home is compared by, of one of the three; nothing of it where the address is protected.

    A home that says too little to be compared leaves what is known. Written by whoever may write about that person.
    """
    whose = dict(zip(_KNOWABLE, (practitioner_id, child_id, guardian_id), strict=True))
    [(column, person)] = [(name, one) for name, one in whose.items() if one is not None]
    settle(tx, keys, town, column, {person: home})


def settle(tx: Transaction, keys: IdentityKeys, town: UUID, column: str, homes: Mapping[UUID, Home]) -> None:
    """Keep many at once; passes over those whose home may not be known."""
    tx.session.flush()
    told = {person: said for person, home in homes.items() if (said := compared(home)) is not None}
    if not told:
        return
    values = {
        "town": town,
        "ids": [new_id() for _person in told],
        "people": [*told],
        "houses": [keys.home(one.house) if one.house else None for one in told.values()],
        "roads": [keys.home(one.road) for one in told.values()],
    }
    tx.ask(_KEEP.format(column=column, knowable=_KNOWABLE[column]), values)


def forget(tx: Transaction, column: str, person: UUID) -> None:
    """Keep nothing of where somebody lives."""
    tx.ask(f"DELETE FROM homes WHERE {column} = :person", {"person": person})  # noqa: S608 - one of three names


def forget_hidden(tx: Transaction, child_id: UUID, *, guarded: bool = False) -> None:
    """Keep nothing of where those of a family live whose home may not be known; `guarded` when a guardian's may not."""
    tx.session.flush()
    tx.ask(_FORGET_HIDDEN, {"child": child_id, "guarded": guarded})
