"""Putting a child in the register of one's own unit."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from casework import homes, identities
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.children import About, fault_of_birth, fault_of_expected
from levels.homes import Home, fault_of
from records.children import Child, Guardian
from records.municipalities import Service

LONGEST, LONGEST_PHONE = 100, 40


@dataclass(frozen=True, slots=True)
class RegisterChild:
    """A child to put in the register of one's own unit; `another` when one of the same name is there already.

    `street` and `postal_code` are compared and never kept (see `levels.homes`).
    """

    unit_id: UUID
    first_name: str
    last_name: str
    born_on: date
    group_name: str = ""
    identity_number: str = ""
    language: str = ""
    interpreter: bool = False
    another: bool = False
    street: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RegisterPregnancy:
    """A child not yet born: the pregnant woman's name, and the day it is expected."""

    unit_id: UUID
    first_name: str
    last_name: str
    expected_on: date
    phone: str = ""
    another: bool = False


@dataclass(frozen=True, slots=True)
class RegisterGroup:
    """A class or a department, by its name alone: nobody in it is named."""

    unit_id: UUID
    name: str


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


def register_pregnancy(tx: Transaction, wanted: RegisterPregnancy, *, key: str | None = None) -> UUID:
    """Put a child not yet born in the register of the actor's own unit, with the pregnant woman as the one who answers.

    Nobody else has parental responsibility before birth (see `levels.children`). Raises NotFound for a unit that is not
    the actor's, and Invalid.
    """
    tx.once(key, "register_pregnancy", wanted=wanted)
    if wanted.unit_id not in dict(units(tx)):
        raise NotFound
    _check_pregnancy(tx, wanted)
    first, last = _called(wanted)
    row = _kept(
        tx, wanted.unit_id, About.UNBORN, first_name=first, last_name=last, born_on=wanted.expected_on
    )
    woman = Guardian(
        child_id=row.id,
        municipality_id=row.municipality_id,
        name=f"{first} {last}",
        relation="mother",
        phone=wanted.phone.strip(),
    )
    tx.add(woman)
    tx.note("child", row.id, "register_pregnancy", municipality_id=row.municipality_id, guardian=woman.id)
    tx.result(child_id=row.id)
    return row.id


def _check_pregnancy(tx: Transaction, wanted: RegisterPregnancy) -> None:
    errors = unnamed(wanted.first_name, wanted.last_name)
    if fault := fault_of_expected(wanted.expected_on, tx.today):
        errors["expected_on"] = fault
    if len(wanted.phone) > LONGEST_PHONE:
        errors["phone"] = "too_long"
    here = (wanted.unit_id, *_called(wanted), wanted.expected_on)
    if not errors and not wanted.another and _is_there(tx, *here):
        errors["another"] = "child_is_there"
    if errors:
        raise Invalid(errors)


def register_group(tx: Transaction, wanted: RegisterGroup, *, key: str | None = None) -> UUID:
    """Put a class or a department in the register of the actor's own unit, so that a file can be about it.

    Raises NotFound for a unit that is not the actor's, and Invalid, also for a group that is there already.
    """
    tx.once(key, "register_group", wanted=wanted)
    if wanted.unit_id not in dict(units(tx)):
        raise NotFound
    name = wanted.name.strip()
    errors = {"name": "write_something"} if not name else {"name": "too_long"} if len(name) > LONGEST else {}
    if not errors and _is_there(tx, wanted.unit_id, name, "", None):
        errors["name"] = "group_is_there"
    if errors:
        raise Invalid(errors)
    row = _kept(tx, wanted.unit_id, About.GROUP, first_name=name, last_name="")
    tx.note("child", row.id, "register_group", municipality_id=row.municipality_id, unit=wanted.unit_id)
    tx.result(child_id=row.id)
    return row.id


def _kept(tx: Transaction, unit_id: UUID, kind: About, **particulars: Any) -> Child:
    unit = tx.get(Service, unit_id)
    row = Child(municipality_id=unit.municipality_id, unit_id=unit.id, kind=kind.value, **particulars)
    tx.add(row)
    tx.session.flush()
    return row


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
    claim_number(tx)
    home = Home(wanted.street, wanted.postal_code)
    homes.keep(tx, keys, unit.municipality_id, home, child_id=child.id)
    tx.note("child", child.id, "register_child", municipality_id=unit.municipality_id, unit=unit.id)
    return child


def _checked(tx: Transaction, wanted: RegisterChild) -> str | None:
    """The identity number when there is one; raises Invalid with everything that must be mended."""
    number, errors = None, _faults(wanted)
    if fault := fault_of_birth(wanted.born_on, tx.today):
        errors["born_on"] = fault
    errors |= fault_of(Home(wanted.street, wanted.postal_code))
    try:
        number = identities.checked(wanted.identity_number) if wanted.identity_number.strip() else None
    except Invalid as wrong:
        errors |= wrong.errors
    if not errors and not wanted.another and _is_there(tx, wanted.unit_id, *_called(wanted), wanted.born_on):
        errors["another"] = "child_is_there"
    if errors:
        raise Invalid(errors)
    return number


def _called(wanted: RegisterChild | RegisterPregnancy) -> tuple[str, str]:
    return wanted.first_name.strip(), wanted.last_name.strip()


def _faults(wanted: RegisterChild) -> dict[str, str]:
    more = {
        name: "too_long"
        for name in ("group_name", "language", "street")
        if len(getattr(wanted, name)) > LONGEST
    }
    return {**more, **unnamed(wanted.first_name, wanted.last_name)}


def unnamed(first_name: str, last_name: str) -> dict[str, str]:
    """What is wrong with a name, by field."""
    names = {"first_name": first_name, "last_name": last_name}
    errors = {name: "too_long" for name, said in names.items() if len(said) > LONGEST}
    return errors | {name: "write_something" for name, said in names.items() if not said.strip()}


def _is_there(tx: Transaction, unit_id: UUID, first: str, last: str, born_on: date | None) -> bool:
    sql = (
        "SELECT EXISTS (SELECT 1 FROM children WHERE unit_id = :unit"
        " AND born_on IS NOT DISTINCT FROM CAST(:born AS date)"
        " AND app.fold(first_name) = app.fold(:first) AND app.fold(last_name) = app.fold(:last))"
    )
    return bool(tx.scalar(sql, unit=unit_id, born=born_on, first=first, last=last))


def claim_number(tx: Transaction) -> None:
    """The database alone knows of every number, also those of other units: it refuses the second."""
    try:
        tx.session.flush()
    except IntegrityError as error:
        raise Invalid({"identity_number": "identity_number_taken"}) from error
