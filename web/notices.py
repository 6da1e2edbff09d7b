"""What waits for one: every letter one has been sent, so that nothing hangs on the mail arriving."""

from flask import Blueprint, Response

import casework.notices
from web.htmx import show
from web.identity import begin

pages = Blueprint("notices", __name__)


@pages.get("/notices")
def mine() -> Response:
    """One's messages, newest first; looking at them marks them as seen."""
    with begin() as tx:
        found = casework.notices.mine(tx)
        casework.notices.see_all(tx)
    rows = [(one, casework.notices.link_of(one.subject_kind, one.subject_id)) for one in found]
    return show("notices/mine.html", messages=rows)
