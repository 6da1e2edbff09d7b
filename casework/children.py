"""Children: finding the right one, and knowing no more than the work needs."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import identities
from casework.access import PRACTICE
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from records.children import RELATIONS, Child, Guardian
from records.municipalities import Service
from records.signals import Signal

SHORTEST = 2


@dataclass(frozen=True, slots=True)
class ChildSummary:
    """A child as shown in a list: no number, no address."""

    id: UUID
    first_name: str
    last_name: str
    born_on: date
    unit_id: UUID | None
    unit_name: str
    group_name: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def short_name(self) -> str:
        """First name and the first letter of the last: enough on a phone others may see."""
        return f"{self.first_name} {self.last_name[:1]}."

    def age(self, on: date) -> int:
        """Whole years."""
        return on.year - self.born_on.year - ((on.month, on.day) < (self.born_on.month, self.born_on.day))


@dataclass(frozen=True, slots=True)
class GuardianSummary:
    """A parent or other guardian."""

    id: UUID
    name: str
    relation: str
    responsible: bool
    phone: str
    email: str
    language: str
    protected_address: bool


@dataclass(frozen=True, slots=True)
class RegisterChild:
    """A child to put in the register of one's own unit."""

    unit_id: UUID
    first_name: str
    last_name: str
    born_on: date
    group_name: str = ""
    identity_number: str = ""
    language: str = ""
    interpreter: bool = False


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
    )


def _summaries(tx: Transaction, wanted: list[UUID]) -> list[ChildSummary]:
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
    return _summaries(tx, [row[0] for row in found])


def suggestions(tx: Transaction, *, limit: int = 4) -> list[ChildSummary]:
    """The children the actor has written about last: the chips above the search field."""
    recent = tx.rows(
        select(Signal.child_id)
        .where(Signal.author_id == tx.actor.id)
        .order_by(col(Signal.noted_at).desc())
        .limit(limit * 3)
    )
    return _summaries(tx, list(dict.fromkeys(recent))[:limit])


def one(tx: Transaction, child_id: UUID) -> ChildSummary:
    """One child; raises NotFound for somebody outside the actor's work."""
    found = _summaries(tx, [child_id])
    if not found:
        raise NotFound
    return found[0]


def guardians(tx: Transaction, child_id: UUID) -> list[GuardianSummary]:
    """The child's guardians, those with parental responsibility first."""
    found = tx.rows(
        select(Guardian)
        .where(Guardian.child_id == child_id)
        .order_by(col(Guardian.responsible).desc(), col(Guardian.name))
    )
    return [
        GuardianSummary(
            g.id, g.name, g.relation, g.responsible, g.phone, g.email, g.language, g.protected_address
        )
        for g in found
    ]


def register(
    tx: Transaction, wanted: RegisterChild, *, keys: identities.IdentityKeys, key: str | None = None
) -> UUID:
    """Put a child in the register of the actor's own unit.

    Raises NotFound for a unit that is not the actor's, Invalid for a wrong name, date or identity number.
    """
    tx.once(key, "register_child", unit=wanted.unit_id, name=wanted.last_name, born=wanted.born_on)
    _require_practice(tx, wanted.unit_id)
    errors = {
        name: "write_something" for name in ("first_name", "last_name") if not getattr(wanted, name).strip()
    }
    if wanted.born_on > tx.today:
        errors["born_on"] = "not_in_the_future"
    if errors:
        raise Invalid(errors)
    number = identities.checked(wanted.identity_number) if wanted.identity_number else None
    unit = tx.get(Service, wanted.unit_id)
    child = Child(
        municipality_id=unit.municipality_id,
        unit_id=unit.id,
        first_name=wanted.first_name.strip(),
        last_name=wanted.last_name.strip(),
        born_on=wanted.born_on,
        group_name=wanted.group_name.strip(),
        language=wanted.language,
        interpreter=wanted.interpreter,
        identity_cipher=keys.encrypt(number) if number else None,
        identity_index=keys.index(number) if number else None,
    )
    tx.add(child)
    tx.note("child", child.id, "register_child", municipality_id=unit.municipality_id, unit=unit.id)
    tx.result(child_id=child.id)
    return child.id


def add_guardian(
    tx: Transaction,
    child_id: UUID,
    *,
    name: str,
    relation: str,
    responsible: bool = True,
    phone: str = "",
    email: str = "",
    language: str = "",
    protected_address: bool = False,
) -> UUID:
    """Write down a guardian of a child in the actor's unit; raises NotFound or Invalid."""
    child = tx.get(Child, child_id)
    if not name.strip() or relation not in RELATIONS:
        raise Invalid({"name": "write_something"} if not name.strip() else {"relation": "choose_one"})
    row = Guardian(
        child_id=child.id,
        municipality_id=child.municipality_id,
        name=name.strip(),
        relation=relation,
        responsible=responsible,
        phone=phone,
        email=email,
        language=language,
        protected_address=protected_address,
    )
    tx.add(row)
    tx.note("child", child.id, "add_guardian", municipality_id=child.municipality_id, guardian=row.id)
    return row.id


def _require_practice(tx: Transaction, unit_id: UUID) -> None:
    mine = {m.service_id for m in tx.actor.memberships if m.role in PRACTICE}
    if unit_id not in mine:
        raise NotFound
