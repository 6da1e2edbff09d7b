"""Ties the registers show: considered by whoever they are about, before taking part (forvaltningsloven §§ 6 and 8)."""

from typing import Any
from uuid import UUID

from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.disqualifications import TieSign


def signs(tx: Transaction, child_id: UUID, practitioner_id: UUID | None = None) -> tuple[TieSign, ...]:
    """What may tie the actor, or somebody else, to a child's family, the heaviest first: to be considered by whoever
    it is about. None once somebody has decided that it means nothing, nor for somebody outside every case of the child.
    """
    sql = "SELECT app.tie_signs(:person, :child)"
    found = tx.scalar(sql, person=practitioner_id or tx.actor.id, child=child_id)
    return tuple(TieSign(one) for one in found or ())


def consider(
    tx: Transaction, child_id: UUID, practitioner_id: UUID | None = None, *, considered: bool
) -> dict[str, Any]:
    """What the trail says about signs of a tie when somebody takes part all the same: that they were considered, and
    which, as codes; nothing where there are none.

    `practitioner_id` for somebody the actor chooses. Raises Invalid when nobody has said that they were considered.
    """
    found = signs(tx, child_id, practitioner_id)
    if found and not considered:
        raise Invalid({"considered": "consider_tie"})
    return {"considered": True, "signs": [sign.value for sign in found]} if found else {}
