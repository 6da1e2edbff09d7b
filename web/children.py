"""Children and their families: registered by somebody who meets them, and corrected where they are met."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.children
from casework.children import GuardianSummary
from levels.children import About
from levels.homes import Home
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.identity import casework as house
from web.texts import day, language_name, word, words

pages = Blueprint("children", __name__)
PARTICULARS = (
    "name", "relation", "responsible", "phone", "email", "language", "protected_address", "kept_out",
)  # fmt: skip


@pages.app_template_filter("born")
def born(one: Any, *, year: bool = False) -> str:
    """When somebody was born, or is expected; whoever has no such day is named by what it is."""
    if one.kind == About.CHILD:
        return str(one.born_on.year) if year else day(one.born_on)
    if one.kind == About.UNBORN:
        return _("expected %(day)s", day=day(one.born_on))
    return word("about", one.kind)


class RegisterChild(Entry):
    """A child nobody has registered yet; the unit is asked for only when there are several."""

    unit_id: UUID
    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    born_on: date
    group_name: str = Field(default="", max_length=100)
    street: str = Field(default="", max_length=200)
    postal_code: str = Field(default="", max_length=20)
    identity_number: str = Field(default="", max_length=20)
    another: bool = False


class KeepGuardian(Entry):
    """A guardian's particulars."""

    name: str = Field(min_length=1, max_length=200)
    relation: str
    responsible: bool = False
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=200)
    language: str = ""
    protected_address: bool = False
    kept_out: bool = False
    identity_number: str = Field(default="", max_length=20)
    street: str = Field(default="", max_length=200)
    postal_code: str = Field(default="", max_length=20)


@pages.get("/children/new")
def new() -> Response:
    """A child the search does not find."""
    return registering("children/new.html", RegisterChild)


def registering(template: str, form: type[Entry]) -> Response:
    """The page where somebody or something is put in a unit's register; one's own unit is chosen."""
    belongs_to("signals.mine")
    with begin() as tx:
        units = casework.children.units(tx)
    home = g.actor.membership.service_id
    chosen = home if home in dict(units) else units[0][0]
    return show(template, units=units, form=entered(form, unit_id=chosen))


@pages.post("/children")
@again(new, result="signals.new")
def register() -> Response:
    """Put the child in the unit's register, and go on to the worry about it."""
    form = read(RegisterChild)
    with begin() as tx:
        wanted = casework.children.RegisterChild(**form.typed())
        child_id = casework.children.register(tx, wanted, keys=house().keys, key=form.key)
    return done(url_for("signals.new", child=child_id), say="child_registered")


@pages.get("/children/<uuid:child_id>/family")
def family(child_id: UUID) -> Response:
    """The child's guardians, and room for one more."""
    belongs_to("signals.mine")
    with begin() as tx:
        found = casework.children.family(tx, child_id)
    form = entered(KeepGuardian, responsible=True)
    return show("children/family.html", family=found, way=_way(found), form=form, **_choices())


class ProtectChild(Entry):
    """Whether its address is protected."""

    protected: bool = False


@pages.post("/children/<uuid:child_id>/protection")
@again(family, result=".family")
def protect(child_id: UUID) -> Response:
    """Hide where the child can be met, or show it again."""
    form = read(ProtectChild)
    with begin() as tx:
        casework.children.protect(tx, child_id, protected=form.protected, key=form.key)
    return done(url_for(".family", child_id=child_id), say="saved")


class TellHome(Entry):
    """Where the child lives: compared, and shown on no page."""

    street: str = Field(min_length=1, max_length=200)
    postal_code: str = Field(min_length=1, max_length=20)


@pages.get("/children/<uuid:child_id>/home")
def home(child_id: UUID) -> Response:
    """Where a child's home is told."""
    belongs_to("signals.mine")
    with begin() as tx:
        found = casework.children.family(tx, child_id)
    return show("children/home.html", family=found, form=entered(TellHome))


@pages.post("/children/<uuid:child_id>/home")
@again(home, result=".family")
def tell_home(child_id: UUID) -> Response:
    """Say where the child lives."""
    form = read(TellHome)
    with begin() as tx:
        casework.children.tell_home(tx, child_id, Home(**form.typed()), keys=house().keys, key=form.key)
    return done(url_for(".family", child_id=child_id), say="saved")


@pages.post("/children/<uuid:child_id>/guardians")
@again(family, result=".family")
def add(child_id: UUID) -> Response:
    """Write down one more guardian; what follows for the case follows at once."""
    form = read(KeepGuardian)
    with begin() as tx:
        casework.children.add_guardian(tx, child_id, **form.typed(), keys=house().keys, key=form.key)
    return done(url_for(".family", child_id=child_id), say="saved")


@pages.get("/guardians/<uuid:guardian_id>")
def guardian(guardian_id: UUID) -> Response:
    """Where a guardian's particulars are changed."""
    belongs_to("signals.mine")
    with begin() as tx:
        found, person = casework.children.guardian(tx, guardian_id)
    form = entered(KeepGuardian, version=person.version, **_standing(person))
    return show("children/guardian.html", family=found, guardian=person, form=form, **_choices())


@pages.post("/guardians/<uuid:guardian_id>")
@again(guardian, result=".family")
def keep(guardian_id: UUID) -> Response:
    """Change them; what follows for the case follows at once."""
    form = read(KeepGuardian)
    wanted = casework.children.KeepGuardian(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.children.keep_guardian(tx, guardian_id, wanted, keys=house().keys)
        found, _person = casework.children.guardian(tx, guardian_id)
    return done(url_for(".family", child_id=found.child.id), say="saved")


def _standing(person: GuardianSummary) -> dict[str, object]:
    return {name: getattr(person, name) for name in PARTICULARS}


def _way(family: casework.children.Family) -> tuple[str, str] | None:
    """Back to where the child was met: the case, else the worry."""
    if family.case_id is not None:
        return url_for("cases.details", case_id=family.case_id), _("The case")
    if family.signal_id is not None:
        return url_for("signals.details", signal_id=family.signal_id), _("The concern")
    return None


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "relations": words("choice", casework.children.RELATIONS, of="relation"),
        "languages": [(code, language_name(code)) for code in casework.children.LANGUAGES],
    }
