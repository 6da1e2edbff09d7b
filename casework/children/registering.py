"""Putting a child in the register of one's own unit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from casework import identities
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from records.children import Child
from records.municipalities import Service

LONGEST = 100


@dataclass(frozen=True, slots=True)
class RegisterChild:
    """A child to put in the register of one's own unit; `another` when one of the same name is there already."""

    unit_id: UUID
    first_name: str
    last_name: str
    born_on: date
    group_name: str = ""
    identity_number: str = ""
    language: str = ""
    interpreter: bool = False
    another: bool = False


def units(tx: Transaction) -> list[tuple[UUID, str]]:
    """The units in whose register the actor may put a child; raises NotFound to whoever meets no children."""
    found = {one.service_id: one.service_name for one in tx.actor.practice()}
    if not found:
        raise NotFound
    return list(found.items())


def register(
    tx: Transaction, wanted: RegisterChild, *, keys: identities.IdentityKeys, key: str | None = None
) -> UUID:
    """Put a child in the register of the actor's own unit.

    Raises NotFound for a unit that is not the actor's, Invalid for a wrong name, date or identity number, and
    for a child that seems to be there already.
    """
    names = {"first": wanted.first_name, "last": wanted.last_name}
    tx.once(key, "register_child", unit=wanted.unit_id, born=wanted.born_on, another=wanted.another, **names)
    if wanted.unit_id not in dict(units(tx)):
        raise NotFound
    child = enrol(tx, wanted, keys=keys)
    tx.result(child_id=child.id)
    return child.id


def enrol(tx: Transaction, wanted: RegisterChild, *, keys: identities.IdentityKeys) -> Child:
    """Put a child in the register of a unit. The caller has asked whether the actor may. Raises Invalid."""
    number = _checked(tx, wanted)
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
    _claim_number(tx)
    tx.note("child", child.id, "register_child", municipality_id=unit.municipality_id, unit=unit.id)
    return child


def _checked(tx: Transaction, wanted: RegisterChild) -> str | None:
    """The identity number when there is one; raises Invalid with everything that must be mended."""
    number, errors = None, _faults(wanted)
    if wanted.born_on > tx.today:
        errors["born_on"] = "not_in_the_future"
    try:
        number = identities.checked(wanted.identity_number) if wanted.identity_number.strip() else None
    except Invalid as wrong:
        errors |= wrong.errors
    if not errors and not wanted.another and _is_there(tx, wanted):
        errors["another"] = "child_is_there"
    if errors:
        raise Invalid(errors)
    return number


def _faults(wanted: RegisterChild) -> dict[str, str]:
    errors = {}
    for name in ("first_name", "last_name", "group_name", "language"):
        if len(getattr(wanted, name)) > LONGEST:
            errors[name] = "too_long"
    for name in ("first_name", "last_name"):
        if not getattr(wanted, name).strip():
            errors[name] = "write_something"
    return errors


def _is_there(tx: Transaction, wanted: RegisterChild) -> bool:
    sql = (
        "SELECT EXISTS (SELECT 1 FROM children WHERE unit_id = :unit AND born_on = :born"
        " AND app.fold(first_name) = app.fold(:first) AND app.fold(last_name) = app.fold(:last))"
    )
    first, last = wanted.first_name.strip(), wanted.last_name.strip()
    return bool(tx.scalar(sql, unit=wanted.unit_id, born=wanted.born_on, first=first, last=last))


def _claim_number(tx: Transaction) -> None:
    """The database alone knows of every number, also those of other units: it refuses the second."""
    try:
        tx.session.flush()
    except IntegrityError as error:
        raise Invalid({"identity_number": "identity_number_taken"}) from error
