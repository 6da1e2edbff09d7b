"""Drafts: what one types is kept on the server, for oneself alone, until it is saved for good."""

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import gettext as _

from casework import drafts
from web.forms import typed_values
from web.htmx import done
from web.identity import begin
from web.sign_ins import local
from web.texts import clock

pages = Blueprint("drafts", __name__)


@pages.put("/drafts/<form>")
def keep(form: str) -> Response:
    """Keep what is typed, five seconds after the last key; answers what the form's status line says."""
    with begin() as tx:
        at = drafts.keep(tx, form, typed_values())
    return make_response(_("Draft saved %(time)s", time=clock(at)))


@pages.post("/drafts/<form>")
def keep_and_leave(form: str) -> Response:
    """Keep what is typed and go back: the «Keep as a draft» button."""
    with begin() as tx:
        drafts.keep(tx, form, typed_values())
    back = request.referrer or ""
    here = back.removeprefix(request.host_url.rstrip("/"))
    return done(local(here) if here.startswith("/") else url_for("start.home"), say="draft_kept")
