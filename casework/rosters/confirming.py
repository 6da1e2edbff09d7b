"""A roster taken in, all of it or nothing, by the acts that write in the register. A case is never touched.

Whoever left the file is out of the unit's register, and so out of sight of its teachers; an open case stays with
those who take part in it, and the unit's leader is told.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlmodel import col, select

from casework import children, homes, notices, partings, staff
from casework.identities import IdentityKeys
from casework.refusals import Invalid, NotFound, Stale
from casework.rosters.comparing import Change, Comparison
from casework.rosters.reading import preview
from casework.transactions import Transaction
from levels.rosters import Colleague, Parent, Pupil
from records.children import Child, Guardian
from records.municipalities import Practitioner
from records.rosters import RosterDraft

_RECEIPTS = (
    "SELECT a.file_id AS id, a.at, a.body, p.name AS by FROM audit a JOIN practitioners p ON p.id = a.actor_id"
    " WHERE a.act = 'confirm_roster' AND a.file_kind = 'staff' AND a.municipality_id = ANY (CAST(:towns AS uuid[]))"
)
_OPEN_CASE = "SELECT id FROM cases WHERE child_id = :child AND state <> 'closed'"
_LEADER = (
    "SELECT c.id, c.municipality_id, u.leader_id FROM cases c JOIN services u ON u.id = c.unit_id"
    " WHERE c.child_id = :child AND c.state <> 'closed' AND u.leader_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a roster came to: how many of each, and how many rows were left out. Nobody's name."""

    id: UUID
    at: datetime
    by: str
    counts: dict[str, int]
    left_out: int


def confirm(
    tx: Transaction,
    draft_id: UUID,
    *,
    shown: str,
    really: bool = False,
    keys: IdentityKeys,
    key: str | None = None,
) -> UUID:
    """Carry out what was shown, and keep nothing of the file. `really` when many pupils would leave.

    Raises NotFound, Invalid, or Stale when the register has changed since, so that other changes must be shown.
    """
    tx.once(key, "confirm_roster", draft=draft_id)
    town = staff.home(tx)
    tx.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:town))"), {"town": f"rosters {town}"})
    row, found = preview(tx, draft_id, keys=keys)
    if found.fingerprint != shown:
        raise Stale(0)
    if found.many_leave and not really:
        raise Invalid({"really": "many_leave"})
    _carry_out(tx, town, found, keys)
    tx.session.execute(delete(RosterDraft).where(col(RosterDraft.id) == row.id))
    facts = {"counts": found.counts, "left_out": len(found.faults)}
    tx.note("staff", row.id, "confirm_roster", municipality_id=town, **facts)
    tx.result(draft_id=row.id)
    return row.id


def _carry_out(tx: Transaction, town: UUID, found: Comparison, keys: IdentityKeys) -> None:
    with tx.as_house("rosters"):
        for change in found.changes:
            if change.kind in _REGISTER:
                _REGISTER[change.kind](tx, change, keys)
        for whose in ("child_id", "guardian_id"):
            homes.settle(tx, keys, town, whose, found.homes[whose])
    for change in found.changes:
        if change.kind in _STAFF:
            _STAFF[change.kind](tx, change, keys)
    homes.settle(tx, keys, town, "practitioner_id", found.homes["practitioner_id"])


def _new_child(tx: Transaction, change: Change, keys: IdentityKeys) -> None:
    pupil, unit_id, born_on = change.item, change.unit_id, change.born_on
    assert isinstance(pupil, Pupil) and unit_id and born_on  # noqa: S101 - made so by the comparison
    wanted = children.RegisterChild(
        unit_id, pupil.first_name, pupil.last_name, born_on, pupil.group, pupil.number, another=True
    )
    child = children.enrol(tx, wanted, keys=keys)
    homes.keep(tx, keys, child.municipality_id, pupil.home, child_id=child.id)
    for parent in pupil.parents:
        _write_down(tx, child, parent, None, keys)


def _write_down(
    tx: Transaction, child: Child, parent: Parent, case_id: UUID | None, keys: IdentityKeys
) -> None:
    row = children.write_down(tx, child, _guardian(parent), case_id=case_id, keys=keys)
    homes.keep(tx, keys, child.municipality_id, parent.home, guardian_id=row.id)


def _guardian(parent: Parent) -> children.KeepGuardian:
    """Whoever the school has as guardian has parental responsibility unless the file says otherwise."""
    return children.KeepGuardian(
        parent.name,
        parent.relation,
        parent.responsible is not False,
        parent.phone,
        parent.email,
        identity_number=parent.number,
    )


def _new_guardian(tx: Transaction, change: Change, keys: IdentityKeys) -> None:
    child, parent = tx.get(Child, _row(change)), change.item
    assert isinstance(parent, Parent)  # noqa: S101 - made so by the comparison
    case_id = tx.scalar(_OPEN_CASE, child=child.id)
    if case_id is not None:
        partings.locked(tx, case_id)
    _write_down(tx, child, parent, case_id, keys)


def _changed_guardian(tx: Transaction, change: Change, keys: IdentityKeys) -> None:
    """How a guardian is reached. Whether responsible, kept out or protected is never a school roll's to say."""
    row, parent = tx.lock(Guardian, _row(change)), change.item
    assert isinstance(parent, Parent)  # noqa: S101 - made so by the comparison
    for name, value in change.values:
        setattr(row, name, value)
    if parent.number and row.identity_index is None:
        row.identity_index = keys.index(parent.number)
    row.version += 1
    changed = [name for name, _value in change.values]
    tx.note(
        "child",
        row.child_id,
        "keep_guardian",
        municipality_id=row.municipality_id,
        guardian=row.id,
        changed=changed,
    )


def _changed_child(tx: Transaction, change: Change, keys: IdentityKeys) -> None:
    row, pupil = tx.lock(Child, _row(change)), change.item
    assert isinstance(pupil, Pupil) and change.born_on  # noqa: S101 - made so by the comparison
    row.first_name, row.last_name, row.born_on = pupil.first_name, pupil.last_name, change.born_on
    if pupil.number and row.identity_index is None:
        row.identity_cipher, row.identity_index = keys.encrypt(pupil.number), keys.index(pupil.number)
    _noted(tx, row, "change_child")


def _moved(tx: Transaction, change: Change, _keys: IdentityKeys) -> None:
    row, pupil = tx.lock(Child, _row(change)), change.item
    assert isinstance(pupil, Pupil)  # noqa: S101 - made so by the comparison
    left = row.unit_id != change.unit_id
    row.unit_id, row.group_name = change.unit_id, pupil.group
    _noted(tx, row, "move_child")
    if left:
        _tell_of_leaving(tx, row)


def _left(tx: Transaction, change: Change, _keys: IdentityKeys) -> None:
    row = tx.lock(Child, _row(change))
    row.unit_id, row.group_name = None, ""
    _noted(tx, row, "child_left")
    _tell_of_leaving(tx, row)


def _tell_of_leaving(tx: Transaction, child: Child) -> None:
    """The leader of the unit where the child's case is: nothing of the case has changed by itself."""
    for case in tx.ask(_LEADER, {"child": child.id}):
        notices.write(
            tx,
            "pupil_left",
            municipality_id=case.municipality_id,
            subject=("pupil", case.id),
            practitioner_id=case.leader_id,
            case_id=case.id,
        )


def _noted(tx: Transaction, row: Child, act: str) -> None:
    row.version += 1
    tx.note("child", row.id, act, municipality_id=row.municipality_id)


def _row(change: Change) -> UUID:
    if change.row_id is None:
        raise NotFound
    return change.row_id


def _new_colleague(tx: Transaction, change: Change, keys: IdentityKeys) -> None:
    one = change.item
    assert isinstance(one, Colleague) and change.unit_id  # noqa: S101 - made so by the comparison
    taken_in = tx.rows(select(Practitioner.id).where(Practitioner.email == one.email))
    if taken_in:  # the same file has her in another unit as well
        staff.give_role(tx, taken_in[0], service_id=change.unit_id, role=one.role)
        return
    wanted = staff.AddPerson(one.name, one.email, change.unit_id, one.role, title=one.title, phone=one.phone)
    person = staff.add_person(tx, wanted)
    homes.keep(tx, keys, staff.home(tx), one.home, practitioner_id=person)


def _new_role(tx: Transaction, change: Change, _keys: IdentityKeys) -> None:
    assert isinstance(change.item, Colleague) and change.unit_id  # noqa: S101 - made so by the comparison
    staff.give_role(tx, _row(change), service_id=change.unit_id, role=change.item.role)


def _left_colleague(tx: Transaction, change: Change, _keys: IdentityKeys) -> None:
    staff.drop_role(tx, _row(change))


Carry = Callable[[Transaction, Change, IdentityKeys], None]
_REGISTER: Mapping[str, Carry] = {
    "new_child": _new_child,
    "moved_unit": _moved,
    "moved_class": _moved,
    "changed_child": _changed_child,
    "new_guardian": _new_guardian,
    "changed_guardian": _changed_guardian,
    "left_child": _left,
}
_STAFF: Mapping[str, Carry] = {
    "new_colleague": _new_colleague,
    "new_role": _new_role,
    "left_colleague": _left_colleague,
}


def receipts(tx: Transaction, *, limit: int = 10) -> list[Receipt]:
    """The last rosters taken in, newest first; raises NotFound to anybody but the administrator."""
    values = {"towns": [staff.home(tx)], "limit": limit}
    return [_receipt(row) for row in tx.ask(_RECEIPTS + " ORDER BY a.at DESC LIMIT :limit", values)]


def receipt(tx: Transaction, draft_id: UUID) -> Receipt:
    """What one roster came to, from the trail; raises NotFound."""
    rows = tx.ask(_RECEIPTS + " AND a.file_id = :draft", {"towns": [staff.home(tx)], "draft": draft_id})
    if not rows:
        raise NotFound
    return _receipt(rows[0])


def _receipt(row: Any) -> Receipt:
    said = json.loads(row.body)
    return Receipt(row.id, row.at, row.by, said["counts"], said["left_out"])
