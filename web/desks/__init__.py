"""Desks: a role's home page and the menu above it. Every module here with a `desk` is found by itself."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import LazyString

from casework import drafts
from casework.access import Actor
from casework.transactions import Transaction
from web.identity import begin


@dataclass(frozen=True, slots=True)
class Nav:
    """One place in a desk's menu; `hot` marks its number as something that waits."""

    endpoint: str
    label: LazyString
    icon: str
    hot: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the menu as the page shows it."""

    href: str
    label: LazyString
    icon: str
    current: bool
    count: int
    hot: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What a role has in front of it: its start page, its menu, and how many things wait in each place."""

    roles: frozenset[str]
    home: str
    nav: tuple[Nav, ...]
    counts: Callable[[Transaction], Mapping[str, int]] | None = None


@functools.cache
def desks() -> dict[str, Desk]:
    """Every desk by role."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    return {role: module.desk for module in modules if hasattr(module, "desk") for role in module.desk.roles}


def desk_of(actor: Actor | None) -> Desk | None:
    """The desk of the role somebody acts in."""
    home = actor.membership if actor else None
    return desks().get(home.role.value) if home else None


def menu() -> list[Place]:
    """The present desk's menu with its numbers, for the page's head; empty for somebody without one.

    What the rest of the page would ask for by itself is asked along: which drafts there are, and whether a message is
    unseen.
    """
    desk = desk_of(g.get("actor"))
    if desk is None:
        return []
    counts: Mapping[str, int] = {}
    if desk.counts is not None:
        with begin() as tx:
            counts = desk.counts(tx)
            g.drafts = drafts.names(tx)
    g.unseen = counts.get("notices.mine")
    return [_place(each, counts.get(each.endpoint, 0)) for each in desk.nav]


def _place(each: Nav, count: int) -> Place:
    here = g.get("menu_place") or request.endpoint
    return Place(url_for(each.endpoint), each.label, each.icon, here == each.endpoint, count, each.hot)


def belongs_to(endpoint: str) -> None:
    """Say which place in the menu the present page belongs to, when it is not a place itself."""
    g.menu_place = endpoint
