"""Groups of the identity provider. An administrator says what one stands for; its members then hold that role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from casework import leavers
from casework.refusals import Invalid, NotFound
from casework.staff import home
from casework.transactions import Transaction
from records.municipalities import Assignment, Service
from records.provisioning import GIVEN_ROLES, ProvisionedGroup, ProvisionedMember

LONGEST = 200


@dataclass(frozen=True, slots=True)
class KeepGroup:
    """A group's name and everybody in it."""

    name: str
    external_id: str | None = None
    members: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """A group as the identity provider meets it."""

    id: UUID
    name: str
    external_id: str | None
    members: tuple[UUID, ...]
    made_at: datetime
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Mapped:
    """A group as the administrator sees it: how many are in it, and what it stands for."""

    id: UUID
    name: str
    members: int
    service_id: UUID | None
    service_name: str
    role: str | None
    version: int


_FROM = " FROM provisioned_groups g WHERE g.municipality_id = app.provisioned_municipality()"
_COLUMNS = """
    SELECT g.id, g.name, g.external_id, g.made_at, g.changed_at, g.version,
      ARRAY(SELECT m.practitioner_id FROM provisioned_members m WHERE m.group_id = g.id
        ORDER BY m.practitioner_id) AS members
"""
_WHERE = {
    "id": " AND g.id::text = lower(:id)",
    "name": " AND lower(g.name) = lower(:name)",
    "external_id": " AND g.external_id = :external_id",
    "member": " AND EXISTS (SELECT 1 FROM provisioned_members m WHERE m.group_id = g.id"
    " AND m.practitioner_id::text = lower(:member))",
}


def find_groups(
    tx: Transaction, wanted: Mapping[str, str], *, start: int = 1, count: int = 100
) -> tuple[int, list[GroupDetails]]:
    """How many groups match, and a page of them counted from `start` = 1; raises KeyError for an unknown field."""
    where = _FROM + "".join(_WHERE[name] for name in wanted)
    total, rows = page_of(tx, f"{_COLUMNS} {where} ORDER BY g.id", where, wanted, start=start, count=count)
    return total, [_read(row) for row in rows]


def page_of(
    tx: Transaction, listed: str, where: str, wanted: Mapping[str, str], *, start: int, count: int
) -> tuple[int, list[Any]]:
    """How many rows `where` finds, and `count` of those `listed`, counted from `start` = 1."""
    total = int(tx.scalar(f"SELECT count(*) {where}", **wanted))  # noqa: S608 - from a closed table
    page = f"{listed} LIMIT :count OFFSET :skip"
    return total, tx.ask(page, {**wanted, "count": count, "skip": start - 1}) if count else []


def group(tx: Transaction, group_id: UUID) -> GroupDetails:
    """One group; raises NotFound."""
    rows = tx.ask(_COLUMNS + _FROM + _WHERE["id"], {"id": str(group_id)})
    if not rows:
        raise NotFound
    return _read(rows[0])


def _read(row: Any) -> GroupDetails:
    return GroupDetails(**{**row._asdict(), "members": tuple(row.members)})


def make_group(tx: Transaction, wanted: KeepGroup) -> UUID:
    """A new group, which gives nothing until an administrator has said what it stands for. Raises Invalid."""
    town: UUID = tx.scalar("SELECT app.provisioned_municipality()")
    _check(tx, wanted)
    row = ProvisionedGroup(
        municipality_id=town,
        name=wanted.name.strip(),
        external_id=wanted.external_id,
        made_at=tx.now,
        changed_at=tx.now,
    )
    tx.add(row)
    tx.session.flush()
    _members(tx, row, wanted.members)
    tx.note("provisioning", row.id, "make_group", municipality_id=town)
    return row.id


def keep_group(tx: Transaction, group_id: UUID, wanted: KeepGroup, *, version: int | None = None) -> int:
    """Keep a group as the provider says: who is new gets the role, who is out loses it at once.

    Answers the version that came of it. Raises NotFound, Stale or Invalid.
    """
    before = group(tx, group_id)
    row = tx.lock(ProvisionedGroup, group_id, version=version)
    _check(tx, wanted, besides=row.id)
    same = (before.name, before.external_id, set(before.members))
    if same == (wanted.name.strip(), wanted.external_id, set(wanted.members)):
        tx.without_trail()
        return row.version
    row.name, row.external_id = wanted.name.strip(), wanted.external_id
    row.changed_at, row.version = tx.now, row.version + 1
    _members(tx, row, wanted.members)
    tx.note("provisioning", row.id, "keep_group", municipality_id=row.municipality_id, version=row.version)
    return row.version


def forget_group(tx: Transaction, group_id: UUID, *, version: int | None = None) -> None:
    """The provider deletes a group; its members lose what it gave. Raises NotFound or Stale."""
    group(tx, group_id)
    row = tx.lock(ProvisionedGroup, group_id, version=version)
    _members(tx, row, ())
    tx.session.delete(row)
    tx.note("provisioning", row.id, "forget_group", municipality_id=row.municipality_id)


def leave_groups(tx: Transaction, practitioner_id: UUID) -> None:
    """Somebody deleted by the provider is in no group of it."""
    for member in tx.rows(
        select(ProvisionedMember).where(ProvisionedMember.practitioner_id == practitioner_id)
    ):
        tx.session.delete(member)
    tx.session.flush()


def _check(tx: Transaction, wanted: KeepGroup, besides: UUID | None = None) -> None:
    errors = {}
    if not wanted.name.strip():
        errors["name"] = "write_something"
    elif len(wanted.name) > LONGEST:
        errors["name"] = "too_long"
    elif any(one.id != besides for one in find_groups(tx, {"name": wanted.name.strip()})[1]):
        errors["name"] = "group_name_taken"
    known = set(tx.scalar("SELECT app.provisionable()"))
    if not known.issuperset(wanted.members):
        errors["members"] = "not_a_choice"
    if errors:
        raise Invalid(errors)


def _members(tx: Transaction, row: ProvisionedGroup, wanted: tuple[UUID, ...]) -> None:
    standing = {one.practitioner_id: one for one in _of(tx, row.id)}
    for person in sorted(standing.keys() - set(wanted)):
        _take(tx, standing[person])
        tx.session.execute(delete(ProvisionedMember).where(col(ProvisionedMember.id) == standing[person].id))
        leavers.tell(tx, person)
    for person in sorted(set(wanted) - standing.keys()):
        member = ProvisionedMember(group_id=row.id, practitioner_id=person)
        tx.add(member)
        _give(tx, row, member)


def _of(tx: Transaction, group_id: UUID) -> list[ProvisionedMember]:
    return tx.rows(select(ProvisionedMember).where(ProvisionedMember.group_id == group_id))


def _give(tx: Transaction, row: ProvisionedGroup, member: ProvisionedMember) -> None:
    """The role the group stands for; one that is held already is taken as the group's."""
    if row.service_id is None or row.role is None:
        return
    standing = col(Assignment.until).is_(None) | (col(Assignment.until) >= tx.today)
    wanted = select(Assignment).where(
        Assignment.practitioner_id == member.practitioner_id,
        Assignment.service_id == row.service_id,
        Assignment.role == row.role,
        standing,
    )
    held: Assignment | None = tx.session.exec(wanted).first()
    if held is None:
        held = Assignment(
            practitioner_id=member.practitioner_id, service_id=row.service_id, role=row.role, since=tx.today
        )
        tx.add(held)
        tx.session.flush()
    member.assignment_id = held.id
    tx.session.flush()


def _take(tx: Transaction, member: ProvisionedMember) -> None:
    """The role ends at once, unless another group gives it as well."""
    given, member.assignment_id = member.assignment_id, None
    tx.session.flush()
    others = select(ProvisionedMember.id).where(ProvisionedMember.assignment_id == given)
    if given is None or tx.session.exec(others.limit(1)).first() is not None:
        return
    held = tx.session.get(Assignment, given)
    if held is not None and (held.until is None or held.until >= tx.today):
        held.until = min(tx.today, held.since) - timedelta(days=1)
        tx.session.flush()


def groups(tx: Transaction) -> list[Mapped]:
    """The municipality's groups for its administrator, by name; raises NotFound to anybody else."""
    found = tx.rows(
        select(ProvisionedGroup, Service.name)
        .outerjoin(Service, col(Service.id) == col(ProvisionedGroup.service_id))
        .where(ProvisionedGroup.municipality_id == home(tx))
        .order_by(col(ProvisionedGroup.name))
    )
    return [
        Mapped(g.id, g.name, len(_of(tx, g.id)), g.service_id, service or "", g.role, g.version)
        for g, service in found
    ]


def mapped(tx: Transaction, group_id: UUID) -> Mapped:
    """One of them; raises NotFound."""
    found = next((one for one in groups(tx) if one.id == group_id), None)
    if found is None:
        raise NotFound
    return found


def map_group(
    tx: Transaction,
    group_id: UUID,
    *,
    service_id: UUID | None,
    role: str | None,
    version: int | None = None,
    key: str | None = None,
) -> UUID:
    """Say what a group stands for, or that it stands for nothing: its members' roles end and begin accordingly.

    An administrator's or operator's role is given by hand alone. Raises NotFound, Stale or Invalid.
    """
    tx.once(key, "map_group", group=group_id, service=service_id, role=role)
    town = home(tx)
    row = tx.lock(ProvisionedGroup, group_id, version=version)
    if row.municipality_id != town:
        raise NotFound
    if (service_id is None) != (role is None) or (role is not None and role not in GIVEN_ROLES):
        raise Invalid({"role": "choose_one"})
    if service_id is not None and tx.get(Service, service_id).municipality_id != town:
        raise Invalid({"service_id": "choose_one"})
    members = _of(tx, row.id)
    for member in members:
        _take(tx, member)
    row.service_id, row.role, row.version = service_id, role, row.version + 1
    row.changed_at = tx.now
    for member in members:
        _give(tx, row, member)
    tx.note("provisioning", row.id, "map_group", municipality_id=town, service=service_id, role=role)
    for member in members:
        leavers.tell(tx, member.practitioner_id)
    tx.result(group_id=row.id)
    return row.id
