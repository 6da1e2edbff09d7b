"""The identity provider's keys, and what its groups stand for, as the administrator says."""

from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for
from pydantic import Field

import casework.provisioning
import casework.staff
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin, proven
from web.texts import words

pages = Blueprint("provisioning", __name__)
ADDRESS = "/api/scim/v2"


class MakeToken(Entry):
    """A new key."""

    name: str = Field(min_length=1, max_length=100)
    days: int = Field(default=365, ge=1, le=730)


class MapGroup(Entry):
    """What a group stands for; neither for nothing."""

    service_id: UUID | None = None
    role: str | None = None


@pages.get("/provisioning")
def listed() -> Response:
    """Keys and groups."""
    with begin() as tx:
        tokens = casework.provisioning.tokens(tx)
        groups = casework.provisioning.groups(tx)
    return show(
        "provisioning/listed.html",
        tokens=tokens,
        groups=groups,
        address=current_app.config["PUBLIC_URL"] + ADDRESS,
        form=entered(MakeToken, days=365),
    )


@pages.post("/provisioning/tokens")
@proven
@again(listed, result=".listed")
def make_token() -> Response:
    """Make a key and show it, this once."""
    belongs_to("provisioning.listed")
    form = read(MakeToken)
    with begin() as tx:
        token = casework.provisioning.make_token(tx, **form.typed(), key=form.key)
    return show(
        "provisioning/token.html",
        token=token,
        name=form.name,
        address=current_app.config["PUBLIC_URL"] + ADDRESS,
    )


@pages.post("/provisioning/tokens/<uuid:token_id>/revoke")
@again(listed, result=".listed")
def revoke_token(token_id: UUID) -> Response:
    """End a key from now on."""
    with begin() as tx:
        casework.provisioning.revoke_token(tx, token_id, key=request.form.get("key"))
    return done(url_for(".listed"), say="token_revoked")


@pages.get("/provisioning/groups/<uuid:group_id>")
def group(group_id: UUID) -> Response:
    """What a group stands for."""
    belongs_to("provisioning.listed")
    with begin() as tx:
        found = casework.provisioning.mapped(tx, group_id)
        services = casework.staff.services(tx)
    return show(
        "provisioning/group.html",
        group=found,
        services=[(one.id, one.name) for one in services if one.closed_on is None],
        roles=words("role", casework.provisioning.GIVEN_ROLES),
        form=entered(MapGroup, version=found.version, service_id=found.service_id, role=found.role),
    )


@pages.post("/provisioning/groups/<uuid:group_id>")
@proven
@again(group, result=".listed")
def map_group(group_id: UUID) -> Response:
    """Say it."""
    form = read(MapGroup)
    with begin() as tx:
        casework.provisioning.map_group(tx, group_id, **form.typed(), version=form.version, key=form.key)
    return done(url_for(".listed"), say="saved")
