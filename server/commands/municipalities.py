"""`stafetten municipality add|list`: where a municipality begins. Its first administrator does the rest.

Nobody can be signed in yet, so this is done as the role that owns the tables, and sealed in the trail like any act.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import typer
from sqlalchemy import NullPool, create_engine, text
from sqlmodel import select

from casework.access import SYSTEM_ID, Actor, Role
from casework.ports import Clock, WallClock
from casework.refusals import Invalid
from casework.sessions import ActSession
from casework.transactions import Transaction
from records.municipalities import Assignment, Municipality, Practitioner, Service
from server import database

LANGUAGES = ("nb", "nn")
OWNER = Actor(id=SYSTEM_ID, name="owner", way="owner")

WORDS = {
    "number_wrong": "A municipality's number is four digits, as 4601.",
    "number_taken": "There is already a municipality with this number; nothing is changed.",
    "name_missing": "Write the municipality's name.",
    "language_wrong": f"The language is one of {', '.join(LANGUAGES)}.",
    "administrator_missing": "Write the administrator's name.",
    "email_wrong": "The administrator's e-mail address has one @ and no space.",
    "email_taken": "Somebody here already has this e-mail address; an administrator needs one of their own.",
}

_ENTER = text("SELECT set_config('app.actor', :actor, true), set_config('app.today', :today, true)")
_LISTED = text("""
    SELECT m.number, m.name, m.language, string_agg(DISTINCT p.email, ', ') AS administrators
    FROM municipalities m
    LEFT JOIN services s ON s.municipality_id = m.id
    LEFT JOIN assignments a ON a.service_id = s.id AND a.role = 'administrator'
      AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
    LEFT JOIN practitioners p ON p.id = a.practitioner_id AND p.left_on IS NULL
    GROUP BY m.id ORDER BY m.number
""")


@dataclass(frozen=True, slots=True)
class LayOut:
    """A new municipality, and who administers it first."""

    number: str
    name: str
    administrator: str
    email: str
    language: str = "nb"
    duty_phone: str = ""
    office: str = "Oppvekst"
    roles: tuple[Role, ...] = (Role.ADMINISTRATOR,)
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The ids of what was made."""

    municipality_id: UUID
    office_id: UUID
    administrator_id: UUID


def lay_out(tx: Transaction, wanted: LayOut) -> LaidOut:
    """Make a municipality, its administration and its first administrator. Raises Invalid."""
    faults = dict(_faults(tx, wanted))
    if faults:
        raise Invalid(faults)
    town = Municipality(
        number=wanted.number,
        name=wanted.name.strip(),
        language=wanted.language,
        duty_phone=wanted.duty_phone.strip(),
        settings=wanted.settings,
    )
    office = Service(municipality_id=town.id, kind="administration", name=wanted.office)
    person = Practitioner(
        name=wanted.administrator.strip(),
        email=_address(wanted),
        title="Administrator",
        language=wanted.language,
    )
    for row in (town, office, person):
        tx.add(row)
        tx.session.flush()
    tx.note("staff", town.id, "lay_out_municipality", municipality_id=town.id, number=town.number)
    for role in wanted.roles:
        tx.add(Assignment(practitioner_id=person.id, service_id=office.id, role=role.value, since=tx.today))
        tx.note("staff", person.id, "give_role", municipality_id=town.id, role=role)
    return LaidOut(town.id, office.id, person.id)


def _faults(tx: Transaction, wanted: LayOut) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"[0-9]{4}", wanted.number):
        yield "number", "number_wrong"
    elif tx.rows(select(Municipality.id).where(Municipality.number == wanted.number)):
        yield "number", "number_taken"
    if not wanted.name.strip():
        yield "name", "name_missing"
    if wanted.language not in LANGUAGES:
        yield "language", "language_wrong"
    if not wanted.administrator.strip():
        yield "administrator", "administrator_missing"
    email = _address(wanted)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        yield "email", "email_wrong"
    elif tx.rows(select(Practitioner.id).where(Practitioner.email == email)):
        yield "email", "email_taken"


def _address(wanted: LayOut) -> str:
    return wanted.email.strip().lower()


@contextmanager
def as_owner(owner_url: str, clock: Clock | None = None) -> Iterator[Transaction]:
    """One transaction as the role that owns the tables, whom no row policy holds; its trail is sealed all the same."""
    engine = create_engine(owner_url, poolclass=NullPool, hide_parameters=True)
    try:
        with ActSession(engine, expire_on_commit=False) as session:
            tx = Transaction(session, OWNER, (clock or WallClock()).now())
            session.execute(_ENTER, {"actor": str(OWNER.id), "today": tx.today.isoformat()})
            yield tx
            tx.seal()
            session.commit()
    finally:
        engine.dispose()


def add(owner_url: str, wanted: LayOut) -> int:
    """Lay out a municipality; answer 0, or 1 with every reason said."""
    if _behind(owner_url):
        return 1
    try:
        with as_owner(owner_url) as tx:
            lay_out(tx, wanted)
    except Invalid as refusal:
        for code in refusal.errors.values():
            typer.echo(f"✗ {WORDS[code]}", err=True)
        return 1
    typer.echo(f"{wanted.number} {wanted.name.strip()} is laid out.")
    typer.echo(f"{_address(wanted)} may sign in now, adds services and people, and publishes a guide.")
    return 0


def listed(owner_url: str) -> int:
    """Print every municipality and who administers it."""
    if _behind(owner_url):
        return 1
    with as_owner(owner_url) as tx:
        found = tx.session.execute(_LISTED, {"today": tx.today}).all()
    for one in found:
        typer.echo(
            f"{one.number}  {one.name}  {one.language}  {one.administrators or 'nobody administers it'}"
        )
    if not found:
        typer.echo("There is no municipality yet; see `stafetten municipality add --help`.")
    return 0


def _behind(owner_url: str) -> bool:
    behind = database.current(owner_url) != database.newest()
    if behind:
        typer.echo("The tables are not those this code needs; run `stafetten db upgrade` first.", err=True)
    return behind
