"""Drafts: what one types is kept on the server, for oneself alone, until it is saved for good.

Every form with free text is kept, by construction: `ui.form` sees the text area and asks here. The form's address
is its name, so that what is kept belongs to one form about one thing.
"""

import re
from datetime import datetime

from flask import Blueprint, Flask, Response, g, make_response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from casework import drafts
from casework.refusals import Unavailable
from web.forms import DRAFT, Form, typed_values
from web.htmx import done
from web.identity import anybody, begin
from web.sign_ins import local
from web.texts import OSLO, clock, moment, today

pages = Blueprint("drafts", __name__)
LONGEST = 200
_ELSE = re.compile(r"[^A-Za-z0-9_.~-]+")


def connect(app: Flask) -> None:
    """Let forms ask for their drafts, and forget a draft when its form has been saved."""
    app.jinja_env.globals.update(draft_name=name, draft_begun=begun, draft_said=said)
    app.after_request(_forget)


def name(body: Markup, address: str, given: str | None) -> str:
    """What a form's draft is called; empty for a form without free text, or when nobody is signed in."""
    if g.get("actor") is None or (given is None and "<textarea" not in body):
        return ""
    plain = given.rpartition("/")[2] if given else _ELSE.sub(":", address.strip("/"))
    return plain.replace("%3A", ":")[-LONGEST:]


def begun(form: Form, kept_as: str, *, fill: bool) -> datetime | None:
    """When the form's draft was kept; None without one. Fills the form with it, unless it is shown again as sent."""
    if not kept_as or form.troubled or kept_as not in g.get("drafts", {kept_as}):
        return None
    with begin() as tx:
        kept = drafts.kept(tx, kept_as)
    if kept is None:
        return None
    if fill:
        untouched = {field: value for field, value in form.values.items() if field not in form.order}
        form.values = {**untouched, **kept.values}
    return kept.saved_at


def said(at: datetime) -> str:
    """When a draft was kept, in words."""
    on_the_day = at.astimezone(OSLO).date() == today()
    return _("Draft saved %(time)s", time=clock(at) if on_the_day else moment(at))


def _forget(response: Response) -> Response:
    """Drop the draft of a form that was saved.

    After the act's own transaction: should this process die between, the draft is offered once too often, and the
    text is not lost.
    """
    saved = request.method == "POST" and response.status_code < 400 and not g.get("draft_stays")
    if not saved or request.blueprint == pages.name or g.get("actor") is None:
        return response
    kept_as = request.form.get(DRAFT, "")
    if kept_as:
        try:
            with begin() as tx:
                drafts.drop(tx, kept_as)
        except Unavailable:
            return response
    return response


@pages.put("/drafts/<form>")
@anybody
def keep(form: str) -> Response:
    """Keep what is typed, five seconds after the last key; answers what the form's status line says."""
    with begin() as tx:
        at = drafts.keep(tx, form, typed_values())
    return make_response(said(at))


@pages.post("/drafts/<form>")
@anybody
def keep_and_leave(form: str) -> Response:
    """Keep what is typed and go back: the «Keep as a draft» button."""
    with begin() as tx:
        drafts.keep(tx, form, typed_values())
    return _back("draft_kept")


@pages.post("/drafts/<form>/drop")
@anybody
def throw_away(form: str) -> Response:
    """Forget what was kept, and show the form as it was before."""
    with begin() as tx:
        drafts.drop(tx, form)
    return _back("draft_dropped")


def _back(say: str) -> Response:
    back = request.referrer or ""
    here = back.removeprefix(request.host_url.rstrip("/"))
    return done(local(here) if here.startswith("/") else url_for("start.home"), say=say)
