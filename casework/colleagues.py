"""Who works in a unit today: whoever may hold a baton there, or be named as its contact."""

from collections.abc import Iterable
from uuid import UUID

from casework.access import PRACTICE, Role
from casework.transactions import Transaction

_IN_UNIT = """
    SELECT DISTINCT p.id, p.name, p.title FROM practitioners p JOIN assignments a ON a.practitioner_id = p.id
    WHERE (a.service_id = :unit OR p.id = :also) AND a.role = ANY (:roles) AND p.left_on IS NULL
      AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
      AND NOT app.is_barred(p.id, CAST(:child AS uuid))
"""


def in_unit(
    tx: Transaction,
    unit_id: UUID,
    *,
    roles: Iterable[Role] = PRACTICE,
    also: UUID | None = None,
    child_id: UUID | None = None,
) -> list[tuple[UUID, str, str]]:
    """Id, name and title of everybody there who meets children, or has another of the roles; the actor first.

    `also` comes along from wherever they work. Nobody is there who is kept away from the child.
    """
    values = {
        "unit": unit_id,
        "also": also,
        "child": child_id,
        "roles": [role.value for role in roles],
        "today": tx.today,
    }
    found = [(row.id, row.name, row.title) for row in tx.ask(_IN_UNIT, values)]
    return sorted(found, key=lambda one: (one[0] != tx.actor.id, one[1]))
