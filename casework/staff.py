"""Services, people and their roles, as the administrator keeps them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import handovers, homes, leavers
from casework.access import Role
from casework.identities import IdentityKeys
from casework.refusals import Invalid, NotFound, Refused, Stale
from casework.transactions import Transaction
from levels.homes import Home, fault_of
from records.municipalities import (
    ROLES,
    SERVICE_KINDS,
    Assignment,
    Municipality,
    Practitioner,
    Service,
    ServiceReach,
)


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """A service as the administrator and the services' pickers see it."""

    id: UUID
    municipality_id: UUID
    municipality_name: str
    kind: str
    name: str
    mailbox: str
    phone: str
    reply_days: int
    leader_id: UUID | None
    leader_name: str
    people: int
    closed_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds in a service."""

    assignment_id: UUID
    role: str
    service_id: UUID
    service_name: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """A person as the administrator sees them; how many batons they carry, never whose."""

    id: UUID
    name: str
    email: str
    phone: str
    title: str
    language: str
    left_on: date | None
    batons: int
    roles: tuple[Held, ...]
    version: int


@dataclass(frozen=True, slots=True)
class KeepService:
    """A service's particulars. `reaches` and `covers` are left as they are when None."""

    kind: str
    name: str
    mailbox: str = ""
    phone: str = ""
    reply_days: int = 7
    leader_id: UUID | None = None
    reaches: tuple[UUID, ...] | None = None
    covers: tuple[UUID, ...] | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A new colleague with a first role. `street` and `postal_code` are compared, never kept (see `levels.homes`)."""

    name: str
    email: str
    service_id: UUID
    role: str
    title: str = ""
    phone: str = ""
    language: str = "nb"
    street: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    key: str | None = field(default=None, compare=False)


def home(tx: Transaction) -> UUID:
    """The municipality the actor administers, the one acted in first; raises NotFound to anybody else."""
    towns = tx.actor.municipalities_as(Role.ADMINISTRATOR)
    acted_in = tx.actor.membership.municipality_id if tx.actor.membership else None
    if not towns:
        raise NotFound
    return acted_in if acted_in in towns else min(towns)


def _require_administrator(tx: Transaction, municipality_id: UUID) -> None:
    if municipality_id not in tx.actor.municipalities_as(Role.ADMINISTRATOR):
        raise NotFound


_SERVICES = """
    SELECT s.id, s.municipality_id, m.name AS municipality_name, s.kind, s.name, s.mailbox, s.phone,
      s.reply_days, s.leader_id, coalesce(l.name, '') AS leader_name,
      (SELECT count(DISTINCT a.practitioner_id) FROM assignments a WHERE a.service_id = s.id
        AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)) AS people,
      s.closed_on, s.version
    FROM services s
    JOIN municipalities m ON m.id = s.municipality_id
    LEFT JOIN practitioners l ON l.id = s.leader_id
"""
_OF_TOWNS = text(_SERVICES + " WHERE s.municipality_id = ANY (:towns) ORDER BY m.name, s.kind, s.name")
_NEAR = text(
    _SERVICES + " WHERE s.closed_on IS NULL AND s.kind <> 'administration' AND (s.municipality_id = :town"
    " OR s.id IN (SELECT r.service_id FROM service_reaches r WHERE r.municipality_id = :town))"
    " ORDER BY s.kind, s.name"
)


def services(tx: Transaction) -> list[ServiceSummary]:
    """Every service where the actor administers; raises NotFound to anybody else."""
    towns = list(tx.actor.municipalities_as(Role.ADMINISTRATOR))
    if not towns:
        raise NotFound
    found = tx.session.execute(_OF_TOWNS, {"towns": towns, "today": tx.today}).mappings()
    return [ServiceSummary(**row) for row in found]


def services_near(tx: Transaction, municipality_id: UUID) -> list[ServiceSummary]:
    """Services one may call in for a case in this municipality: its own and the shared ones."""
    found = tx.session.execute(_NEAR, {"town": municipality_id, "today": tx.today}).mappings()
    return [ServiceSummary(**row) for row in found]


def municipality(tx: Transaction, municipality_id: UUID) -> Municipality:
    """One municipality's row; raises NotFound."""
    return tx.get(Municipality, municipality_id)


def _check_service(wanted: KeepService) -> None:
    errors = {}
    if not wanted.name.strip():
        errors["name"] = "write_something"
    if wanted.kind not in SERVICE_KINDS:
        errors["kind"] = "choose_one"
    if wanted.mailbox and "@" not in wanted.mailbox:
        errors["mailbox"] = "email_wrong"
    if not 1 <= wanted.reply_days <= 60:
        errors["reply_days"] = "days_out_of_range"
    if errors:
        raise Invalid(errors)


def open_service(tx: Transaction, municipality_id: UUID, wanted: KeepService) -> UUID:
    """Set up a service. Raises NotFound or Invalid."""
    tx.once(wanted.key, "open_service", town=municipality_id, name=wanted.name)
    _require_administrator(tx, municipality_id)
    _check_service(wanted)
    row = Service(municipality_id=municipality_id, kind=wanted.kind, name=wanted.name.strip())
    tx.add(row)
    _keep(tx, row, wanted)
    tx.note("staff", row.id, "open_service", municipality_id=municipality_id, kind=wanted.kind)
    tx.result(service_id=row.id)
    return row.id


def change_service(tx: Transaction, service_id: UUID, wanted: KeepService) -> UUID:
    """Change a service's particulars. Raises NotFound, Invalid or Stale."""
    tx.once(wanted.key, "change_service", service=service_id, name=wanted.name, version=wanted.version)
    row = tx.get(Service, service_id)
    _require_administrator(tx, row.municipality_id)
    row = tx.lock(Service, service_id, version=wanted.version)
    _check_service(wanted)
    row.kind, row.name = wanted.kind, wanted.name.strip()
    _keep(tx, row, wanted)
    row.version += 1
    tx.note("staff", row.id, "change_service", municipality_id=row.municipality_id, version=row.version)
    tx.result(service_id=row.id)
    return row.id


def _keep(tx: Transaction, row: Service, wanted: KeepService) -> None:
    row.mailbox, row.phone = wanted.mailbox.strip(), wanted.phone.strip()
    row.reply_days, row.leader_id = wanted.reply_days, wanted.leader_id
    tx.session.flush()
    if wanted.reaches is not None:
        _forget_reaches(tx, row, "unit_id IS NOT NULL")
        tx.add(*(ServiceReach(service_id=row.id, unit_id=unit) for unit in wanted.reaches))
    if wanted.covers is not None:
        _forget_reaches(tx, row, "municipality_id IS NOT NULL")
        tx.add(*(ServiceReach(service_id=row.id, municipality_id=town) for town in wanted.covers))


def _forget_reaches(tx: Transaction, row: Service, which: str) -> None:
    wanted = "DELETE FROM service_reaches WHERE service_id = :service AND " + which
    tx.session.execute(text(wanted), {"service": row.id})


def add_person(tx: Transaction, wanted: AddPerson, *, keys: IdentityKeys | None = None) -> UUID:
    """Take in a colleague with a first role. Raises NotFound or Invalid, also when the e-mail is taken."""
    tx.once(wanted.key, "add_person", email=wanted.email, service=wanted.service_id)
    service = tx.get(Service, wanted.service_id)
    _require_administrator(tx, service.municipality_id)
    lives = Home(wanted.street, wanted.postal_code)
    errors = fault_of(lives)
    if not wanted.name.strip():
        errors["name"] = "write_something"
    if wanted.email.count("@") != 1 or " " in wanted.email.strip():
        errors["email"] = "email_wrong"
    if wanted.role not in ROLES:
        errors["role"] = "choose_one"
    email = wanted.email.strip().lower()
    if not errors and tx.rows(select(Practitioner.id).where(Practitioner.email == email)):
        errors["email"] = "email_taken"
    if errors:
        raise Invalid(errors)
    person = Practitioner(
        name=wanted.name.strip(),
        email=email,
        phone=wanted.phone.strip(),
        title=wanted.title.strip(),
        language=wanted.language,
    )
    tx.add(person)
    tx.session.flush()
    tx.add(Assignment(practitioner_id=person.id, service_id=service.id, role=wanted.role, since=tx.today))
    if keys is not None:
        homes.keep(tx, keys, service.municipality_id, lives, practitioner_id=person.id)
    tx.note("staff", person.id, "add_person", municipality_id=service.municipality_id, role=wanted.role)
    tx.result(practitioner_id=person.id)
    return person.id


def give_role(
    tx: Transaction, practitioner_id: UUID, *, service_id: UUID, role: str, key: str | None = None
) -> UUID:
    """Give somebody one more role. Raises NotFound or Invalid."""
    tx.once(key, "give_role", person=practitioner_id, service=service_id, role=role)
    service = tx.get(Service, service_id)
    _require_administrator(tx, service.municipality_id)
    tx.get(Practitioner, practitioner_id)
    if role not in ROLES:
        raise Invalid({"role": "choose_one"})
    row = Assignment(practitioner_id=practitioner_id, service_id=service_id, role=role, since=tx.today)
    tx.add(row)
    tx.note("staff", practitioner_id, "give_role", municipality_id=service.municipality_id, role=role)
    tx.result(assignment_id=row.id)
    return row.id


def end_role(
    tx: Transaction, assignment_id: UUID, *, last_day: date | None = None, key: str | None = None
) -> UUID:
    """End a role. Raises NotFound, Invalid, or Refused when it is the last and batons are still carried."""
    tx.once(key, "end_role", assignment=assignment_id)
    row = tx.get(Assignment, assignment_id)
    service = tx.get(Service, row.service_id)
    _require_administrator(tx, service.municipality_id)
    others = [held for held in _held(tx, row.practitioner_id) if held.assignment_id != assignment_id]
    if not others and _batons(tx, row.practitioner_id):
        raise Refused("Staff", "working", "end_role", ("batons_moved_first",))
    _end(tx, row, service, last_day or tx.today - timedelta(days=1))
    tx.result(practitioner_id=row.practitioner_id)
    return row.practitioner_id


def _end(tx: Transaction, row: Assignment, service: Service, last_day: date) -> None:
    row.until = last_day if last_day >= row.since else row.since - timedelta(days=1)
    tx.note("staff", row.practitioner_id, "end_role", municipality_id=service.municipality_id, role=row.role)


def drop_role(tx: Transaction, assignment_id: UUID) -> None:
    """End a role that a roster no longer names, at once. Never refused: the leader is told of batons that are left.

    Raises NotFound.
    """
    row = tx.get(Assignment, assignment_id)
    service = tx.get(Service, row.service_id)
    _require_administrator(tx, service.municipality_id)
    person = row.practitioner_id
    _end(tx, row, service, tx.today - timedelta(days=1))
    tx.session.flush()
    if not _held(tx, person):
        leavers.shut_out(tx, person)
    leavers.tell(tx, person)


def leave(
    tx: Transaction,
    practitioner_id: UUID,
    *,
    batons: handovers.MoveBatons | None = None,
    version: int | None = None,
    key: str | None = None,
) -> UUID:
    """A colleague has left; every role ends, and what was hers finds another. `batons` moves those she holds first.

    Raises NotFound, Stale, Invalid, or Refused while batons are carried or when one of them has no receiver.
    """
    tx.once(key, "leave", person=practitioner_id)
    roles = _held(tx, practitioner_id)
    towns = tx.actor.municipalities_as(Role.ADMINISTRATOR)
    found = [tx.get(Service, held.service_id).municipality_id for held in roles]
    if not any(town in towns for town in found):
        raise NotFound
    person = tx.lock(Practitioner, practitioner_id)
    if version is not None and version != person.version:
        raise Stale(person.version)
    if batons is None and _batons(tx, practitioner_id):
        raise Refused("Staff", "working", "leave", ("batons_moved_first",))
    handovers.let_go(tx, practitioner_id, batons)
    if _batons(tx, practitioner_id):
        raise Refused("Staff", "working", "leave", ("batons_moved_first",))
    person = tx.lock(Practitioner, practitioner_id)
    person.left_on = tx.today - timedelta(days=1)
    person.version += 1
    leavers.shut_out(tx, person.id)
    tx.note("staff", person.id, "leave", municipality_id=next(t for t in found if t in towns))
    tx.result(practitioner_id=person.id)
    return person.id


def _batons(tx: Transaction, practitioner_id: UUID) -> int:
    return int(tx.scalar("SELECT app.batons_held(:person)", person=practitioner_id))


def _held(tx: Transaction, practitioner_id: UUID) -> tuple[Held, ...]:
    found = tx.rows(
        select(Assignment, Service.name)
        .join(Service, col(Service.id) == col(Assignment.service_id))
        .where(Assignment.practitioner_id == practitioner_id)
        .where(col(Assignment.until).is_(None) | (col(Assignment.until) >= tx.today))
        .order_by(col(Assignment.since))
    )
    return tuple(Held(a.id, a.role, a.service_id, name, a.since, a.until) for a, name in found)


def people(tx: Transaction, *, words: str = "", limit: int = 200) -> list[PersonSummary]:
    """Colleagues where the actor administers, by name. Raises NotFound to anybody else."""
    towns = list(tx.actor.municipalities_as(Role.ADMINISTRATOR))
    if not towns:
        raise NotFound
    found = tx.session.execute(
        text(
            "SELECT DISTINCT p.id, p.name FROM practitioners p"
            " JOIN assignments a ON a.practitioner_id = p.id JOIN services s ON s.id = a.service_id"
            " WHERE s.municipality_id = ANY (:towns)"
            " AND (lower(p.name) LIKE :words OR lower(p.email) LIKE :words)"
            " ORDER BY p.name LIMIT :limit"
        ),
        {"towns": towns, "words": f"%{words.strip().lower()}%", "limit": limit},
    )
    return [_person(tx, row[0]) for row in found]


def _person(tx: Transaction, practitioner_id: UUID) -> PersonSummary:
    p = tx.get(Practitioner, practitioner_id)
    return PersonSummary(
        p.id,
        p.name,
        p.email,
        p.phone,
        p.title,
        p.language,
        p.left_on,
        _batons(tx, p.id),
        _held(tx, p.id),
        p.version,
    )


def person(tx: Transaction, practitioner_id: UUID) -> PersonSummary:
    """One colleague; raises NotFound outside where the actor administers."""
    towns = tx.actor.municipalities_as(Role.ADMINISTRATOR)
    found = _person(tx, practitioner_id)
    if not any(tx.get(Service, held.service_id).municipality_id in towns for held in found.roles):
        raise NotFound
    return found
