"""Finding the right child, and knowing no more of it than the work needs."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.children import NOT_BORN, About, age_of
from levels.families import OF_AGE
from records.children import Child
from records.municipalities import Service
from records.signals import Signal

SHORTEST = 2


@dataclass(frozen=True, slots=True)
class ChildSummary:
    """A child as shown in a list: no number, no address. Before birth it goes by the woman's name; or it is a group."""

    id: UUID
    first_name: str
    last_name: str
    born_on: date | None
    unit_id: UUID | None
    unit_name: str
    group_name: str
    kind: str = About.CHILD.value

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_group(self) -> bool:
        """Whether it is a group, in which nobody is named."""
        return self.kind == About.GROUP

    @property
    def is_born(self) -> bool:
        """Whether it is no pregnancy."""
        return self.kind not in NOT_BORN

    @property
    def short_name(self) -> str:
        """First name and the first letter of the last: enough on a phone others may see."""
        return f"{self.first_name} {self.last_name[:1]}." if self.last_name else self.first_name

    def has_parents(self, on: date) -> bool:
        """Whether there are parents to ask and tell: not of a group, nor before birth, nor of somebody of age."""
        age = self.age(on)
        return age is not None and age < OF_AGE

    def age(self, on: date) -> int | None:
        """Whole years; None for a group and before birth."""
        return age_of(self.kind, self.born_on, on)


def summary(child: Child, unit_name: str) -> ChildSummary:
    """The list's view of a child row."""
    return ChildSummary(
        child.id,
        child.first_name,
        child.last_name,
        child.born_on,
        child.unit_id,
        unit_name,
        child.group_name,
        child.kind,
    )


def listed(tx: Transaction, wanted: list[UUID]) -> list[ChildSummary]:
    """Those of the children that the actor may know of, in the order they were asked for."""
    found = tx.rows(
        select(Child, Service.name)
        .outerjoin(Service, col(Service.id) == col(Child.unit_id))
        .where(col(Child.id).in_(wanted))
    )
    by_id = {child.id: summary(child, unit or "") for child, unit in found}
    return [by_id[child_id] for child_id in wanted if child_id in by_id]


def search(tx: Transaction, words: str, *, limit: int = 12) -> list[ChildSummary]:
    """Children in the actor's units whose names begin with the words; fewer than two letters find nobody."""
    if len(words.strip()) < SHORTEST:
        return []
    found = tx.session.execute(
        text("SELECT * FROM app.search_children(:words, :most)"), {"words": words.strip(), "most": limit}
    )
    known = listed(tx, [row[0] for row in found])
    if not known:
        tx.note_attempt("search_failed")
    return known


def suggestions(tx: Transaction, *, limit: int = 4) -> list[ChildSummary]:
    """The children the actor has written about last: the chips above the search field."""
    recent = tx.rows(
        select(Signal.child_id)
        .where(Signal.author_id == tx.actor.id)
        .order_by(col(Signal.noted_at).desc())
        .limit(limit * 3)
    )
    return listed(tx, list(dict.fromkeys(recent))[:limit])


def one(tx: Transaction, child_id: UUID) -> ChildSummary:
    """One child; raises NotFound for somebody outside the actor's work."""
    found = listed(tx, [child_id])
    if not found:
        raise NotFound
    return found[0]
