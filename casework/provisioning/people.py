"""A municipality's people as its identity provider keeps them. Leaving is never refused; what is left is told of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col, select

from casework import homes, leavers
from casework.identities import IdentityKeys
from casework.provisioning.groups import leave_groups, page_of
from casework.refusals import Invalid, NotFound, NotPermitted
from casework.transactions import Transaction
from levels.homes import Home, compared
from records.municipalities import LANGUAGES, Assignment, Practitioner, Service
from records.provisioning import ProvisionedPerson

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class KeepProfile:
    """What the identity provider says of somebody. Not to say whether active changes nothing about it.

    `home` is compared and never given back (see `levels.homes`): None when nothing is said of it, empty to forget it.
    """

    user_name: str
    external_id: str | None = None
    given_name: str = ""
    family_name: str = ""
    display_name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    active: bool | None = None
    home: Home | None = None


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Somebody as the identity provider meets them."""

    id: UUID
    profile: KeepProfile
    groups: tuple[tuple[UUID, str], ...]
    made_at: datetime | None
    changed_at: datetime | None
    version: int


_FROM = """
    FROM practitioners p
    LEFT JOIN provisioned_people v ON v.practitioner_id = p.id
      AND v.municipality_id = app.provisioned_municipality()
    WHERE p.id = ANY ((SELECT app.provisionable())::uuid[]) AND v.deleted_at IS NULL
"""
_COLUMNS = """
    SELECT p.id, p.name, p.email, p.phone, p.title, p.language, p.version, v.user_name, v.external_id, v.given_name,
      v.family_name, v.display_name, v.made_at, v.changed_at,
      coalesce(v.language, p.language) AS said,
      CASE WHEN v.id IS NOT NULL AND v.active IS NULL THEN NULL WHEN p.left_on < app.today() THEN false
        ELSE coalesce(v.active, true) END AS active,
      ARRAY(SELECT g.id FROM provisioned_members m JOIN provisioned_groups g ON g.id = m.group_id
        WHERE m.practitioner_id = p.id ORDER BY g.name) AS group_ids,
      ARRAY(SELECT g.name FROM provisioned_members m JOIN provisioned_groups g ON g.id = m.group_id
        WHERE m.practitioner_id = p.id ORDER BY g.name) AS group_names
"""
_WHERE = {
    "id": " AND p.id::text = lower(:id)",
    "user_name": " AND lower(coalesce(v.user_name, p.email)) = lower(:user_name)",
    "external_id": " AND v.external_id = :external_id",
    "email": " AND lower(p.email) = lower(:email)",
    "display_name": " AND lower(coalesce(nullif(v.display_name, ''), p.name)) = lower(:display_name)",
    "active": " AND (coalesce(p.left_on >= app.today(), true) AND coalesce(v.active, true))::text = :active",
}


def _town(tx: Transaction) -> UUID:
    found: UUID | None = tx.scalar("SELECT app.provisioned_municipality()")
    if found is None:
        raise NotFound
    return found


def find(
    tx: Transaction, wanted: Mapping[str, str], *, start: int = 1, count: int = 100
) -> tuple[int, list[Provisioned]]:
    """How many people match, and a page of them counted from `start` = 1; raises KeyError for an unknown field."""
    where = _FROM + "".join(_WHERE[name] for name in wanted)
    total, rows = page_of(tx, f"{_COLUMNS} {where} ORDER BY p.id", where, wanted, start=start, count=count)
    return total, [_read(row) for row in rows]


def one(tx: Transaction, practitioner_id: UUID) -> Provisioned:
    """One of the municipality's people; raises NotFound."""
    rows = tx.ask(_COLUMNS + _FROM + _WHERE["id"], {"id": str(practitioner_id)})
    if not rows:
        raise NotFound
    return _read(rows[0])


def _read(row: Any) -> Provisioned:
    first, _, last = row.name.rpartition(" ")
    known = row.user_name is not None
    profile = KeepProfile(
        row.user_name or row.email,
        row.external_id,
        row.given_name if known else first,
        row.family_name if known else last,
        row.display_name if known else row.name,
        row.title,
        row.email,
        row.phone,
        row.said,
        row.active,
    )
    groups = tuple(zip(row.group_ids, row.group_names, strict=True))
    return Provisioned(row.id, profile, groups, row.made_at, row.changed_at, row.version)


def take_in(tx: Transaction, wanted: KeepProfile, *, keys: IdentityKeys | None = None) -> UUID:
    """A new colleague, who can do nothing until a group gives a role; one who was deleted comes back.

    Raises Invalid, with `user_name_taken` or `email_taken` when somebody else has it.
    """
    town = _town(tx)
    _one_at_a_time(tx, town)
    email = _checked(wanted)
    former = _deleted(tx, town, email)
    _free(tx, wanted.user_name, email, besides=former)
    if former is None:
        person = Practitioner(name=_name(wanted), email=email, language="nb")
        tx.add(person)
        tx.session.flush()
        known = ProvisionedPerson(
            municipality_id=town,
            practitioner_id=person.id,
            user_name=wanted.user_name,
            made_at=tx.now,
            changed_at=tx.now,
        )
        tx.add(known)
        tx.session.flush()
    else:
        person = tx.lock(Practitioner, former)
        known = _known(tx, town, person)
        known.deleted_at, person.version = None, person.version + 1
    _write(tx, person, known, replace(wanted, active=wanted.active is not False), email)
    _live(tx, keys, town, person.id, wanted.home)
    tx.note("staff", person.id, "provision", municipality_id=town)
    return person.id


def keep(
    tx: Transaction,
    practitioner_id: UUID,
    wanted: KeepProfile,
    *,
    version: int | None = None,
    keys: IdentityKeys | None = None,
) -> int:
    """Keep somebody as the provider says, let them in or shut them out; answers the version that came of it.

    Raises NotFound, Stale, Invalid, or NotPermitted for the name and address of somebody who works in another
    municipality as well. Leaving is never refused: batons stay where they are until their leader has moved them.
    """
    town = _town(tx)
    _one_at_a_time(tx, town)
    before = one(tx, practitioner_id)
    person = tx.lock(Practitioner, practitioner_id, version=version)
    email = _checked(wanted)
    _free(tx, wanted.user_name, email, besides=person.id)
    known = _known(tx, town, person)
    if (person.name, person.email) != (_name(wanted), email) and _works_elsewhere(tx, town, person.id):
        raise NotPermitted("provision")
    if before.profile == wanted and known.user_name == wanted.user_name:
        tx.without_trail()
        return person.version
    person.version += 1
    known.changed_at = tx.now
    _write(tx, person, known, wanted, email)
    _live(tx, keys, town, person.id, wanted.home)
    tx.note("staff", person.id, "provision", municipality_id=town, active=wanted.active)
    return person.version


def forget(tx: Transaction, practitioner_id: UUID, *, version: int | None = None) -> None:
    """The provider deletes somebody: out at once, every group and role here gone. Raises NotFound or Stale."""
    town = _town(tx)
    one(tx, practitioner_id)
    person = tx.lock(Practitioner, practitioner_id, version=version)
    known = _known(tx, town, person)
    known.deleted_at, person.version = tx.now, person.version + 1
    leave_groups(tx, person.id)
    _shut_out(tx, town, person, known)
    _end_roles(tx, town, person.id)
    homes.forget(tx, "practitioner_id", person.id)
    tx.note("staff", person.id, "deprovision", municipality_id=town)
    leavers.tell(tx, person.id)


def _live(tx: Transaction, keys: IdentityKeys | None, town: UUID, person: UUID, home: Home | None) -> None:
    """What was known before is forgotten when what is said now says too little to be compared."""
    if keys is None or home is None:
        return
    if compared(home) is None:
        homes.forget(tx, "practitioner_id", person)
    else:
        homes.keep(tx, keys, town, home, practitioner_id=person)


def _one_at_a_time(tx: Transaction, town: UUID) -> None:
    """Or two who ask for the same name at once would both find it free."""
    tx.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:town))"), {"town": f"provisioning {town}"}
    )


def _checked(wanted: KeepProfile) -> str:
    """The address the person signs in and is written to by; raises Invalid."""
    email = (wanted.email or wanted.user_name).strip().lower()
    texts = ("user_name", "given_name", "family_name", "display_name", "title", "phone", "email")
    errors = {name: "too_long" for name in texts if len(getattr(wanted, name)) > LONGEST}
    if not wanted.user_name.strip():
        errors["user_name"] = "write_something"
    if not _EMAIL.fullmatch(email):
        errors["email"] = "email_wrong"
    if errors:
        raise Invalid(errors)
    return email


def _free(tx: Transaction, user_name: str, email: str, besides: UUID | None) -> None:
    _total, named = find(tx, {"user_name": user_name})
    if any(found.id != besides for found in named):
        raise Invalid({"user_name": "user_name_taken"})
    held = tx.rows(select(Practitioner.id).where(Practitioner.email == email))
    if any(found != besides for found in held):
        raise Invalid({"email": "email_taken"})


def _deleted(tx: Transaction, town: UUID, email: str) -> UUID | None:
    wanted = (
        select(Practitioner.id)
        .join(ProvisionedPerson, col(ProvisionedPerson.practitioner_id) == col(Practitioner.id))
        .where(ProvisionedPerson.municipality_id == town, col(ProvisionedPerson.deleted_at).is_not(None))
        .where(Practitioner.email == email)
    )
    found: UUID | None = tx.session.exec(wanted).first()
    return found


def _known(tx: Transaction, town: UUID, person: Practitioner) -> ProvisionedPerson:
    wanted = select(ProvisionedPerson).where(
        ProvisionedPerson.municipality_id == town, ProvisionedPerson.practitioner_id == person.id
    )
    found: ProvisionedPerson | None = tx.session.exec(wanted).first()
    if found is None:
        found = ProvisionedPerson(
            municipality_id=town,
            practitioner_id=person.id,
            user_name=person.email,
            made_at=tx.now,
            changed_at=tx.now,
        )
        tx.add(found)
        tx.session.flush()
    return found


def _name(wanted: KeepProfile) -> str:
    full = f"{wanted.given_name} {wanted.family_name}".strip()
    return (wanted.display_name or full or wanted.user_name).strip()


def _write(
    tx: Transaction, person: Practitioner, known: ProvisionedPerson, wanted: KeepProfile, email: str
) -> None:
    person.name, person.email = _name(wanted), email
    person.phone, person.title = wanted.phone.strip(), wanted.title.strip()
    spoken = wanted.language.lower().partition("-")[0]
    person.language = {"no": "nb"}.get(spoken, spoken if spoken in LANGUAGES else person.language)
    for name in ("user_name", "external_id", "given_name", "family_name", "display_name", "language"):
        setattr(known, name, getattr(wanted, name))
    if wanted.active:
        known.active, person.left_on = True, None
    elif wanted.active is None:
        known.active = None  # unsaid, and still out if they were: only saying true lets somebody in
    elif known.active is not False:
        _shut_out(tx, known.municipality_id, person, known)
        leavers.tell(tx, person.id)


def _shut_out(tx: Transaction, town: UUID, person: Practitioner, known: ProvisionedPerson) -> None:
    """Out at once. Roles stand, so that a mistake is mended by letting the person in again.

    Somebody at work in another municipality as well goes on there: then it is the roles here that end.
    """
    known.active = False
    if _works_elsewhere(tx, town, person.id):
        _end_roles(tx, town, person.id)
        return
    person.left_on = tx.today - timedelta(days=1)
    leavers.shut_out(tx, person.id)


def _works_elsewhere(tx: Transaction, town: UUID, person: UUID) -> bool:
    wanted = (
        select(Assignment.id)
        .join(Service, col(Service.id) == col(Assignment.service_id))
        .where(Assignment.practitioner_id == person, Service.municipality_id != town)
        .where(col(Assignment.until).is_(None) | (col(Assignment.until) >= tx.today))
    )
    return tx.session.exec(wanted.limit(1)).first() is not None


def _end_roles(tx: Transaction, town: UUID, person: UUID) -> None:
    here = select(Service.id).where(Service.municipality_id == town)
    standing = col(Assignment.until).is_(None) | (col(Assignment.until) >= tx.today)
    ended = update(Assignment).where(
        col(Assignment.practitioner_id) == person, col(Assignment.service_id).in_(here), standing
    )
    tx.session.execute(ended.values(until=tx.today - timedelta(days=1)))
