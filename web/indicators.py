"""Figures for management and coordinators: whether prevention works, never a child in a small number."""

from datetime import date

from flask import Blueprint, Response, g

import casework.indicators
from casework.access import Role
from casework.refusals import NotFound
from web.htmx import show
from web.identity import begin
from web.texts import word

pages = Blueprint("indicators", __name__)


@pages.get("/figures")
def shown() -> Response:
    """The latest month of each figure, and the months before it."""
    towns = {m.municipality_id for m in g.actor.memberships if m.role in (Role.MANAGER, Role.COORDINATOR)}
    if not towns:
        raise NotFound
    home = g.actor.membership.municipality_id
    with begin() as tx:
        found = casework.indicators.of_municipality(tx, home if home in towns else min(towns))
    return show("indicators/figures.html", tables=[_table(key, found) for key in _keys(found)])


def _keys(found: list[casework.indicators.Shown]) -> list[str]:
    there = {one.key for one in found}
    return [one.key for one in casework.indicators.INDICATORS if one.key in there]


def _table(
    key: str, found: list[casework.indicators.Shown]
) -> tuple[str, bool, list[str], list[tuple[date, list[casework.indicators.Cell | None]]]]:
    """A figure's rows, newest month first, with one cell per part."""
    months = [one for one in found if one.key == key]
    parts = list(dict.fromkeys(part for one in months for part, _cell in one.parts))
    rows = [(one.month, [dict(one.parts).get(part) for part in parts]) for one in months]
    context = "not_asked" if key == "child_not_asked" else "state"
    heads = [word(context, part, of=key) if part else word("indicator", key) for part in parts]
    return key, months[0].is_share, heads, rows
