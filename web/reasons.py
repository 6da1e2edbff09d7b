"""Why somebody can or cannot see a case, and what each role may do: both straight from the rules every act asks."""

from uuid import UUID

from flask import Blueprint, Response, g, url_for
from pydantic import Field

import casework.reasons
from casework.access import Relation, Role
from casework.refusals import Invalid, NotFound
from web.desks import belongs_to, desks
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("reasons", __name__)
# Those who answer for others' access; everybody else asks them.
CURIOUS = (Role.UNIT_LEADER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER)


class AskWhy(Entry):
    """Whom, and the case's number."""

    person_id: UUID
    number: str = Field(min_length=1, max_length=40)


@pages.get("/reasons")
def asking() -> Response:
    """Whom and which case one asks about."""
    with begin() as tx:
        people = casework.reasons.colleagues(tx)
    form = entered(AskWhy, person_id=g.actor.id)
    curious = g.actor.has_role(*CURIOUS)
    return show("reasons/ask.html", form=form, curious=curious, people=[_named(one) for one in people])


def _named(one: casework.reasons.Colleague) -> tuple[UUID, str]:
    return one.id, f"{one.name}, {one.title}" if one.title else one.name


@pages.post("/reasons")
@again(asking, result=".asking")
def ask() -> Response:
    """From the number to the answer's own address, which holds opaque ids alone."""
    form = read(AskWhy)
    with begin() as tx:
        try:
            case_id = casework.reasons.case_by_number(tx, form.number)
        except NotFound:
            raise Invalid({"number": "no_such_case"}) from None
    return done(url_for(".why", practitioner_id=form.person_id, case_id=case_id))


@pages.get("/cases/<uuid:case_id>/reasons/<uuid:practitioner_id>")
def why(case_id: UUID, practitioner_id: UUID) -> Response:
    """The answer, and every rule it went by."""
    belongs_to("reasons.asking")
    with begin() as tx:
        found = casework.reasons.why(tx, practitioner_id, case_id)
    return show("reasons/why.html", found=found, mine=practitioner_id == g.actor.id)


def _curious() -> None:
    if not g.actor.has_role(*CURIOUS):
        raise NotFound


@pages.get("/roles")
def roles() -> Response:
    """Every role, and the whole table of relations and permissions."""
    _curious()
    return show(
        "reasons/roles.html", roles=list(Role), relations=list(Relation), matrix=casework.reasons.matrix()
    )


@pages.get("/roles/<role>")
def role(role: str) -> Response:
    """What one role has in front of it and may do, on no data at all."""
    _curious()
    belongs_to("reasons.roles")
    if role not in list(Role):
        raise NotFound
    chosen = Role(role)
    relations = casework.reasons.relations_of(chosen)
    return show(
        "reasons/role.html",
        role=chosen,
        desk=desks().get(role),
        by_role=casework.reasons.BY_ROLE[chosen],
        granted=[(one, casework.reasons.grants(one)) for one in relations],
    )
