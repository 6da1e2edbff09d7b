"""What taking a roster in would change. Nothing is written, and nothing of any case is read."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from casework.identities import IdentityKeys
from casework.rosters.checking import Checked, Employed, Placed
from casework.transactions import Transaction
from levels.homes import Home
from levels.rosters import Colleague, Fault, Parent, Pupil, same, whole_name

LEFT = "left_child"
FEW = 5  # pupils who may leave a unit's register without being asked about
SHARE = 5  # one in so many
_PUPILS = """
    SELECT id, unit_id, first_name, last_name, born_on, group_name, identity_index FROM children
    WHERE municipality_id = :town AND kind = 'child' AND (unit_id = ANY (CAST(:units AS uuid[]))
      OR identity_index = ANY (CAST(:indexes AS bytea[])) OR born_on = ANY (CAST(:born AS date[])))
    ORDER BY id
"""
_GUARDIANS = """
    SELECT id, child_id, name, phone, email, identity_index FROM guardians
    WHERE child_id = ANY (CAST(:children AS uuid[])) ORDER BY id
"""
_STAFF = """
    SELECT p.id, p.name, p.email, p.left_on FROM practitioners p WHERE p.email = ANY (CAST(:emails AS text[]))
"""
_ROLES = """
    SELECT a.id, a.practitioner_id, p.name, p.email, a.service_id, a.role,
      s.leader_id = p.id OR EXISTS (SELECT 1 FROM provisioned_members m WHERE m.assignment_id = a.id) AS kept
    FROM assignments a JOIN practitioners p ON p.id = a.practitioner_id JOIN services s ON s.id = a.service_id
    WHERE a.service_id = ANY (CAST(:units AS uuid[])) AND (a.until IS NULL OR a.until >= app.today())
    ORDER BY p.name, a.id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would change; `before` and `after` are what people would read."""

    kind: str
    name: str
    unit: str
    before: str = ""
    after: str = ""
    line: int = 0
    row_id: UUID | None = None
    unit_id: UUID | None = None
    born_on: date | None = None
    item: Pupil | Parent | Colleague | None = None
    values: tuple[tuple[str, str], ...] = ()

    @property
    def mark(self) -> list[str]:
        """What makes it the same change."""
        shown = (self.kind, self.name, self.unit, self.before, self.after, str(self.row_id))
        return [*shown, *(f"{name}={value}" for name, value in self.values)]


def _nobody() -> dict[str, dict[UUID, Home]]:
    return {"child_id": {}, "guardian_id": {}, "practitioner_id": {}}


@dataclass
class Comparison:
    """Everything that would change, what stays as it is, and what is wrong with the rest.

    `homes` is where those already known live, by whose it is and person: no difference to look at, shown to nobody.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    in_units: int = 0
    homes: dict[str, dict[UUID, Home]] = field(default_factory=_nobody)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(one.kind for one in self.changes))

    @property
    def many_leave(self) -> bool:
        """Whether so many would leave that the file is more likely to be half a file."""
        leaving = self.counts.get(LEFT, 0)
        return leaving > FEW and leaving * SHARE > self.in_units

    @property
    def fingerprint(self) -> str:
        """The same for the same changes."""
        marks = sorted(one.mark for one in self.changes)
        return hashlib.sha256(json.dumps(marks, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared: the municipality, its units by id, the checked rows, and whether they are everybody."""

    town: UUID
    units: dict[UUID, str]
    checked: Checked
    whole: bool
    keys: IdentityKeys


def compare(tx: Transaction, sides: Sides) -> Comparison:
    """Pupils and guardians as the register's own way sees them, colleagues as the administrator does."""
    made = Comparison(faults=list(sides.checked.faults))
    with tx.as_house("rosters"):
        _Pupils(tx, sides, made).compare()
    _colleagues(tx, sides, made)
    made.faults.sort(key=lambda fault: fault.line)
    return made


class _Pupils:
    """The pupils of a file against the children of the register."""

    def __init__(self, tx: Transaction, sides: Sides, made: Comparison) -> None:
        self.tx, self.sides, self.made = tx, sides, made
        placed = sides.checked.pupils
        self.indexes = {
            one.pupil.line: sides.keys.index(one.pupil.number) for one in placed if one.pupil.number
        }
        self.units = sorted({one.unit_id for one in placed})
        values = {"indexes": [*self.indexes.values()], "born": [one.born_on for one in placed]}
        self.rows = tx.ask(_PUPILS, {"town": sides.town, "units": self.units, **values})

    def compare(self) -> None:
        """Match every pupil, then see who is left over."""
        known = {one.pupil.line: row for one in self.sides.checked.pupils if (row := self._match(one))}
        theirs: dict[UUID, list[Any]] = {}
        for row in self.tx.ask(_GUARDIANS, {"children": [row.id for row in known.values()]}):
            theirs.setdefault(row.child_id, []).append(row)
        faulty = {fault.line for fault in self.made.faults}
        for one in self.sides.checked.pupils:
            if one.pupil.line in faulty:
                continue
            row = known.get(one.pupil.line)
            found = [*self._of(one, row, theirs.get(row.id, []) if row else [])]
            self.made.changes += found
            self.made.unchanged += not found
        if self.sides.whole:
            self._left({row.id for row in known.values()})

    def _match(self, one: Placed) -> Any:
        """The same child in the register: by number, else by name and birth date when no number says otherwise."""
        index = self.indexes.get(one.pupil.line)
        by_number = [row for row in self.rows if index and row.identity_index == index]
        if by_number:
            return by_number[0]
        name = same(whole_name(one.pupil))
        alike = [
            row
            for row in self.rows
            if row.born_on == one.born_on and same(f"{row.first_name} {row.last_name}") == name
        ]
        if index and any(row.identity_index for row in alike):
            return self._wrong(one, "number_differs")
        return self._wrong(one, "two_with_that_name") if len(alike) > 1 else next(iter(alike), None)

    def _wrong(self, one: Placed, code: str) -> None:
        self.made.faults.append(Fault(one.pupil.line, code, whole_name(one.pupil)))

    def _of(self, one: Placed, row: Any, theirs: list[Any]) -> Iterator[Change]:
        pupil, name, unit = one.pupil, whole_name(one.pupil), self.sides.units[one.unit_id]
        base = Change("", name, unit, line=pupil.line, unit_id=one.unit_id, born_on=one.born_on, item=pupil)
        if row is None:
            guardians = ", ".join(parent.name for parent in pupil.parents)
            yield replace(base, kind="new_child", before=guardians, after=pupil.group)
            return
        base = replace(base, row_id=row.id)
        self.made.homes["child_id"][row.id] = pupil.home
        if row.unit_id != one.unit_id:
            yield replace(base, kind="moved_unit", before=self.sides.units.get(row.unit_id, ""), after=unit)
        elif pupil.group and row.group_name != pupil.group:
            yield replace(base, kind="moved_class", before=row.group_name, after=pupil.group)
        before = f"{row.first_name} {row.last_name}, {row.born_on:%d.%m.%Y}"
        after = f"{name}, {one.born_on:%d.%m.%Y}"
        if same(before) != same(after):
            yield replace(base, kind="changed_child", before=before, after=after)
        elif self.indexes.get(pupil.line) and row.identity_index is None:
            yield replace(base, kind="changed_child")
        for parent in pupil.parents:
            yield from self._guardian(replace(base, name=parent.name, item=parent), name, parent, theirs)

    def _guardian(self, base: Change, pupil: str, parent: Parent, theirs: list[Any]) -> Iterator[Change]:
        index = self.sides.keys.index(parent.number) if parent.number else None
        alike = [one for one in theirs if same(one.name) == same(parent.name)]
        known = [one for one in theirs if index and one.identity_index == index]
        known += [one for one in alike if not (index and one.identity_index)]
        if not known:
            yield replace(base, kind="new_guardian", after=pupil)
            return
        row = known[0]
        self.made.homes["guardian_id"][row.id] = parent.home
        said = (("phone", parent.phone), ("email", parent.email))
        news = tuple((name, value) for name, value in said if value and value != getattr(row, name))
        if news or (index and row.identity_index is None):
            before = ", ".join(getattr(row, name) for name, _value in news if getattr(row, name))
            after = ", ".join(value for _name, value in news)
            yield replace(
                base, kind="changed_guardian", row_id=row.id, before=before, after=after, values=news
            )

    def _left(self, known: set[UUID]) -> None:
        """Those in the units' register whom the file does not have, unless a faulty row may be them."""
        doubtful = {same(fault.name) for fault in self.made.faults}
        here = [row for row in self.rows if row.unit_id in self.units]
        self.made.in_units = len(here)
        for row in here:
            name = f"{row.first_name} {row.last_name}"
            if row.id not in known and same(name) not in doubtful:
                unit = self.sides.units[row.unit_id]
                self.made.changes.append(Change(LEFT, name, unit, row.group_name, "", row_id=row.id))


def _colleagues(tx: Transaction, sides: Sides, made: Comparison) -> None:
    employed = sides.checked.colleagues
    if not employed:
        return
    units = sorted({one.unit_id for one in employed})
    people = {row.email: row for row in tx.ask(_STAFF, {"emails": [one.colleague.email for one in employed]})}
    roles = tx.ask(_ROLES, {"units": units})
    held = {(row.email, row.service_id, row.role) for row in roles}
    for one in employed:
        found = _colleague(tx, one, people.get(one.colleague.email), held, sides.units[one.unit_id], made)
        made.changes += found
        made.unchanged += not found
    if not sides.whole:
        return
    doubtful = {same(fault.name) for fault in made.faults}
    named = {(one.colleague.email, one.unit_id) for one in employed}
    for row in roles:
        gone = row.role == "educator" and not row.kept and (row.email, row.service_id) not in named
        if gone and same(row.name) not in doubtful:
            unit = sides.units[row.service_id]
            made.changes.append(Change("left_colleague", row.name, unit, row.email, "", row_id=row.id))


def _colleague(
    tx: Transaction, one: Employed, person: Any, held: set[tuple[str, UUID, str]], unit: str, made: Comparison
) -> list[Change]:
    colleague = one.colleague
    base = Change(
        "", colleague.name, unit, "", colleague.role, colleague.line, None, one.unit_id, item=colleague
    )
    if person is None:
        return [replace(base, kind="new_colleague")]
    if person.left_on is not None and person.left_on < tx.today:
        made.faults.append(Fault(colleague.line, "colleague_left", colleague.name))
        return []
    made.homes["practitioner_id"][person.id] = colleague.home
    if (colleague.email, one.unit_id, colleague.role) in held:
        return []
    return [replace(base, kind="new_role", name=person.name, row_id=person.id)]
