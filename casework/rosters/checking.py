"""A roster's rows put to the test of the house: national numbers, units, and nobody twice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from casework import identities
from casework.refusals import Invalid
from levels.children import fault_of_birth
from levels.rosters import Colleague, Fault, Parent, Pupil, Roster, same, whole_name

Row = TypeVar("Row", Pupil, Colleague)


@dataclass(frozen=True, slots=True)
class Placed:
    """A pupil whose unit, birth date and number are known to be right."""

    pupil: Pupil
    unit_id: UUID
    born_on: date


@dataclass(frozen=True, slots=True)
class Employed:
    """A colleague whose unit is known."""

    colleague: Colleague
    unit_id: UUID


class _Wrong(Exception):
    def __init__(self, code: str, column: str = "") -> None:
        self.code, self.column = code, column


@dataclass
class Checked:
    """The rows that can be used, and what is wrong with the others."""

    pupils: list[Placed]
    colleagues: list[Employed]
    faults: list[Fault]


def check(
    roster: Roster, units: dict[str, UUID], *, unit_id: UUID | None, synthetic_only: bool, today: date
) -> Checked:
    """Sort the rows. `units` by their compared name; `unit_id` is where rows without a unit belong."""
    found = Checked([], [], list(roster.faults))
    seen: set[object] = set()

    def unit_of(row: Pupil | Colleague) -> UUID:
        if not row.unit or unit_id is not None:
            if unit_id is None:
                raise _Wrong("unit_missing")
            return unit_id
        if same(row.unit) not in units:
            raise _Wrong("unit_unknown", row.unit)
        return units[same(row.unit)]

    def placed(pupil: Pupil) -> Placed:
        number = _number(pupil.number, synthetic_only)
        parents = tuple(_parent(one, synthetic_only) for one in pupil.parents)
        born = pupil.born_on or (identities.born_on(number) if number else None)
        if born is None:
            raise _Wrong("born_on_missing")
        if number and pupil.born_on and _differ(number, pupil.born_on):
            raise _Wrong("number_and_birth_date_differ")
        if fault := fault_of_birth(born, today):
            raise _Wrong("born_in_the_future" if fault == "not_in_the_future" else fault)
        known = {("number", number)} if number else {("name", same(whole_name(pupil)), born)}
        if known & seen:
            raise _Wrong("twice_in_the_file")
        seen.update(known)
        return Placed(replace(pupil, number=number, parents=parents), unit_of(pupil), born)

    def employed(colleague: Colleague) -> Employed:
        made = Employed(colleague, unit_of(colleague))
        known = (colleague.email, made.unit_id, colleague.role)
        if known in seen:
            raise _Wrong("twice_in_the_file")
        seen.add(known)
        return made

    found.pupils = _kept(roster.pupils, placed, found.faults)
    found.colleagues = _kept(roster.colleagues, employed, found.faults)
    found.faults.sort(key=lambda fault: fault.line)
    return found


Made = TypeVar("Made")


def _kept(rows: tuple[Row, ...], made: Callable[[Row], Made], faults: list[Fault]) -> list[Made]:
    kept = []
    for row in rows:
        try:
            kept.append(made(row))
        except _Wrong as wrong:
            name = whole_name(row) if isinstance(row, Pupil) else row.name
            faults.append(Fault(row.line, wrong.code, name, wrong.column))
    return kept


def _number(written: str, synthetic_only: bool) -> str:
    """The eleven digits; in a house that guards nothing real, only those no real person can hold."""
    if not written:
        return ""
    try:
        number = identities.checked(written)
    except Invalid as wrong:
        raise _Wrong("number_wrong") from wrong
    if identities.born_on(number) is None:
        raise _Wrong("number_wrong")
    if synthetic_only and not identities.is_synthetic(number):
        raise _Wrong("number_real")
    return number


def _parent(parent: Parent, synthetic_only: bool) -> Parent:
    return replace(parent, number=_number(parent.number, synthetic_only))


def _differ(number: str, born: date) -> bool:
    said = identities.born_on(number)
    return said is not None and (said.day, said.month, said.year % 100) != (
        born.day,
        born.month,
        born.year % 100,
    )
