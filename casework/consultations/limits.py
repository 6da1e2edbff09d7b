"""Limits of advice: how soon it is given, how long kept, and how much may be written, as a municipality chooses."""

import json
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from casework.access import Role
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.consultations import BOUNDS, SETTING, Limits, limits_of
from records.municipalities import Municipality


@dataclass(frozen=True, slots=True)
class ChooseLimits:
    """Working days, months, and signs."""

    answer_workdays: int
    kept_months: int
    longest: int
    key: str | None = field(default=None, compare=False)


def in_town(tx: Transaction, municipality_id: UUID) -> Limits:
    """The limits of a municipality."""
    return limits_of(tx.get(Municipality, municipality_id).settings)


def limits(tx: Transaction) -> Limits:
    """The limits where the actor administers; raises NotFound to anybody else."""
    return in_town(tx, _home(tx))


def _home(tx: Transaction) -> UUID:
    towns, home = tx.actor.municipalities_as(Role.ADMINISTRATOR), tx.actor.membership
    if not towns:
        raise NotFound
    return home.municipality_id if home and home.municipality_id in towns else min(towns)


def choose_limits(tx: Transaction, wanted: ChooseLimits) -> UUID:
    """Choose them, within the bounds, for what is asked and written from now on; answers the municipality.

    Raises NotFound or Invalid.
    """
    chosen = {name: getattr(wanted, name) for name in BOUNDS}
    tx.once(wanted.key, "choose_advice_limits", **chosen)
    town = _home(tx)
    outside = [name for name, (least, most) in BOUNDS.items() if not least <= chosen[name] <= most]
    if outside:
        raise Invalid(dict.fromkeys(outside, "out_of_bounds"))
    named = json.dumps({SETTING.format(name): value for name, value in chosen.items()})
    tx.scalar("SELECT app.choose_advice_limits(:town, CAST(:chosen AS jsonb))", town=town, chosen=named)
    tx.note("advice", uuid5(town, "advice"), "choose_advice_limits", municipality_id=town, **chosen)
    tx.result(municipality_id=town)
    return town
