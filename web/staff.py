"""Colleagues, their roles, and the services, as the administrator keeps them."""

from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.absences
import casework.handovers
import casework.staff
from casework.access import Role
from casework.refusals import NotFound
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin, proven
from web.identity import casework as house
from web.texts import LANGUAGES, words

pages = Blueprint("staff", __name__)


class AddPerson(Entry):
    """A new colleague."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=3, max_length=200)
    service_id: UUID
    role: str
    title: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=40)
    language: str = "nb"
    street: str = Field(default="", max_length=200)
    postal_code: str = Field(default="", max_length=20)


class GiveRole(Entry):
    """One more role."""

    service_id: UUID
    role: str


class Leave(Entry):
    """Where the batons of somebody who has left go, and why."""

    to_id: UUID | None = None
    instead_id: UUID | None = None
    reason: str = Field(default="", max_length=2000)


class KeepService(Entry):
    """A service's particulars."""

    kind: str
    name: str = Field(min_length=1, max_length=200)
    mailbox: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=40)
    reply_days: int = Field(default=7, ge=1, le=60)
    leader_id: UUID | None = None


def _services(found: list[casework.staff.ServiceSummary]) -> list[tuple[UUID, str]]:
    return [(one.id, one.name) for one in found if one.closed_on is None]


@pages.get("/staff")
def people() -> Response:
    """Colleagues, by name."""
    q = request.args.get("q", "")
    with begin() as tx:
        found = casework.staff.people(tx, words=q)
    return show("staff/people.html", people=found, q=q)


@pages.get("/staff/new")
@proven
def new() -> Response:
    """A new colleague."""
    belongs_to("staff.people")
    with begin() as tx:
        services = casework.staff.services(tx)
    return show(
        "staff/new.html",
        services=_services(services),
        roles=words("role", Role),
        languages=list(LANGUAGES.items()),
        form=entered(AddPerson, language="nb"),
    )


@pages.post("/staff")
@proven
@again(new, result=".person")
def add() -> Response:
    """Take the colleague in."""
    form = read(AddPerson)
    wanted = casework.staff.AddPerson(**form.typed(), key=form.key)
    with begin() as tx:
        person_id = casework.staff.add_person(tx, wanted, keys=house().keys)
    return done(url_for(".person", practitioner_id=person_id), say="saved")


@pages.get("/staff/<uuid:practitioner_id>")
def person(practitioner_id: UUID) -> Response:
    """One colleague with roles; how many batons, never whose."""
    belongs_to("staff.people")
    with begin() as tx:
        found = casework.staff.person(tx, practitioner_id)
        services = casework.staff.services(tx)
    return show(
        "staff/person.html",
        person=found,
        services=_services(services),
        roles=words("role", Role),
        form=entered(GiveRole),
    )


@pages.post("/staff/<uuid:practitioner_id>/roles")
@proven
@again(person, result=".person")
def give_role(practitioner_id: UUID) -> Response:
    """Give one more role."""
    form = read(GiveRole)
    with begin() as tx:
        casework.staff.give_role(tx, practitioner_id, **form.typed(), key=form.key)
    return done(url_for(".person", practitioner_id=practitioner_id), say="saved")


@pages.post("/staff/<uuid:practitioner_id>/roles/<uuid:assignment_id>/end")
@again(person, result=".person")
def end_role(practitioner_id: UUID, assignment_id: UUID) -> Response:
    """End a role."""
    with begin() as tx:
        casework.staff.end_role(tx, assignment_id, key=request.form.get("key"))
    return done(url_for(".person", practitioner_id=practitioner_id), say="saved")


@pages.get("/staff/<uuid:practitioner_id>/leave")
def leaving(practitioner_id: UUID) -> Response:
    """Asks once more before somebody is shown out."""
    belongs_to("staff.people")
    with begin() as tx:
        found = casework.staff.person(tx, practitioner_id)
        people = casework.absences.colleagues(tx, practitioner_id)
    return show(
        "staff/leave.html",
        person=found,
        people=[(one.practitioner_id, f"{one.name}, {one.title}") for one in people],
        form=entered(Leave, version=found.version, reason=_("Has left the job")),
    )


@pages.post("/staff/<uuid:practitioner_id>/leave")
@again(leaving, result=".people")
def leave(practitioner_id: UUID) -> Response:
    """The colleague has left; the batons she carries move first, all of them, in the same act."""
    form = read(Leave)
    batons = casework.handovers.MoveBatons(**form.typed()) if "reason" in request.form else None
    with begin() as tx:
        casework.staff.leave(tx, practitioner_id, batons=batons, version=form.version, key=form.key)
    return done(url_for(".people"), say="saved")


@pages.get("/services")
def services() -> Response:
    """The municipality's services and units."""
    with begin() as tx:
        found = casework.staff.services(tx)
    return show("staff/services.html", services=found)


def _kinds() -> list[tuple[str, str]]:
    return words("service", casework.staff.SERVICE_KINDS)


@pages.get("/services/new")
def new_service() -> Response:
    """A new service or unit."""
    belongs_to("staff.services")
    with begin() as tx:
        colleagues = casework.staff.people(tx)
    return show(
        "staff/service.html",
        service=None,
        kinds=_kinds(),
        colleagues=[(one.id, one.name) for one in colleagues],
        form=entered(KeepService, reply_days=7),
    )


@pages.post("/services")
@again(new_service, result=".services")
def open_service() -> Response:
    """Set it up."""
    form = read(KeepService)
    with begin() as tx:
        wanted = casework.staff.KeepService(**form.typed(), key=form.key)
        casework.staff.open_service(tx, g.actor.membership.municipality_id, wanted)
    return done(url_for(".services"), say="saved")


@pages.get("/services/<uuid:service_id>")
def service(service_id: UUID) -> Response:
    """A service's particulars."""
    belongs_to("staff.services")
    with begin() as tx:
        found = next((one for one in casework.staff.services(tx) if one.id == service_id), None)
        colleagues = casework.staff.people(tx)
    if found is None:
        raise NotFound
    form = entered(
        KeepService,
        version=found.version,
        **{
            name: getattr(found, name)
            for name in ("kind", "name", "mailbox", "phone", "reply_days", "leader_id")
        },
    )
    return show(
        "staff/service.html",
        service=found,
        kinds=_kinds(),
        colleagues=[(one.id, one.name) for one in colleagues],
        form=form,
    )


@pages.post("/services/<uuid:service_id>")
@again(service, result=".services")
def change_service(service_id: UUID) -> Response:
    """Change them."""
    form = read(KeepService)
    with begin() as tx:
        wanted = casework.staff.KeepService(**form.typed(), version=form.version, key=form.key)
        casework.staff.change_service(tx, service_id, wanted)
    return done(url_for(".services"), say="saved")
