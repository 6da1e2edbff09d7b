"""A class or a department, so that a worry and a case can be about it and about nobody in it."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from pydantic import Field

import casework.children
from web.children import registering
from web.forms import Entry, again, read
from web.htmx import done
from web.identity import begin

pages = Blueprint("groups", __name__)


class RegisterGroup(Entry):
    """What it is called; nobody in it is named."""

    unit_id: UUID
    name: str = Field(min_length=1, max_length=100)


@pages.get("/groups/new")
def new() -> Response:
    """A class or a department the search does not find."""
    return registering("groups/new.html", RegisterGroup)


@pages.post("/groups")
@again(new, result="signals.new")
def register() -> Response:
    """Put it in the unit's register, and go on to the worry about it."""
    form = read(RegisterGroup)
    with begin() as tx:
        wanted = casework.children.RegisterGroup(**form.typed())
        child_id = casework.children.register_group(tx, wanted, key=form.key)
    return done(url_for("signals.new", child=child_id), say="group_registered")
