"""How the machinery stands, for whoever keeps it running. No child, no case, no text."""

from flask import Blueprint, Response, g

import casework.notices
import casework.outbox
from casework.access import Role
from casework.refusals import NotFound
from web.htmx import show
from web.identity import begin_as_house

pages = Blueprint("operations", __name__)


@pages.get("/operations")
def state() -> Response:
    """Letters that did not leave, and flows that wait."""
    if not g.actor.has_role(Role.OPERATOR):
        raise NotFound
    with begin_as_house() as tx:
        waiting = casework.outbox.state(tx)
        failed = casework.notices.failed(tx)
        tx.without_trail()
    return show("operations/state.html", outbox=waiting, failed=failed)
