"""How a family comes in: a code from somebody they know, a public sign-in, or the demo's personas."""

from datetime import date
from uuid import UUID

from flask import Response, abort, current_app, request, session, url_for
from pydantic import Field

from casework import families, sign_ins
from casework.refusals import Invalid, NotFound
from web.families.blueprint import pages
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin_at_door, guessing, public, session_token, set_cookie, visit
from web.identity import casework as house
from web.sign_ins import ProviderFault, claims_from, leave_for, local

PROVIDER = "family_provider"


class UseCode(Entry):
    """The code, and the child's date of birth."""

    code: str = Field(min_length=1, max_length=40)
    born_on: date


class BecomeFamily(Entry):
    """The demo's picker."""

    member_id: UUID


@pages.get("/family/sign-in")
@public
def sign_in() -> Response:
    """The family's own door."""
    found = visit()
    if found is not None and found.actor.way == "family":
        return done(url_for(".home"))
    provider = current_app.extensions[PROVIDER] is not None
    return show("families/sign_in.html", provider=provider, form=entered(UseCode))


@pages.post("/family/sign-in")
@public
@again(sign_in)
def use_code() -> Response:
    """Come in with a code; a wrong code and a wrong birthday are told apart to nobody."""
    form = read(UseCode)
    wrong = guessing("family_code")
    with begin_at_door() as tx:
        member = families.by_code(tx, form.code, form.born_on)
    if member is None:
        wrong()
        raise Invalid({"code": "code_wrong"})
    return _welcome(member, "code")


@pages.post("/family/sign-in/persona")
@public
def become() -> Response:
    """Be one of the demo's families."""
    if not current_app.config["PERSONA_PICKER"]:
        abort(404)
    return _welcome(read(BecomeFamily).member_id, "persona")


@pages.get("/family/sign-in/provider")
@public
def leave_for_provider() -> Response:
    """To the public sign-in, as ID-porten."""
    session["family_next"] = local(request.args.get("next"))
    try:
        return leave_for(current_app.extensions[PROVIDER], url_for(".come_back"))
    except ProviderFault as fault:
        return _failed(fault.reason, fault.status)


@pages.get("/family/sign-in/callback")
@public
def come_back() -> Response:
    """From the public sign-in: the national number it vouches for must stand in some child's file."""
    wrong = guessing("sign_in")
    try:
        claims = claims_from(current_app.extensions[PROVIDER])
    except ProviderFault as fault:
        if fault.reason == "sign_in_broken":  # a silent provider is nobody's guess
            wrong()
        return _failed(fault.reason, fault.status)
    with begin_at_door() as tx:
        member = families.by_number(tx, str(claims.get("pid", "")), house().keys)
    if member is None:
        wrong()
        return _failed("unknown_family", 403)
    return _welcome(member, "oidc")


def _failed(reason: str, status: int) -> Response:
    return show("families/failed.html", status=status, reason=reason)


def _welcome(member_id: UUID, method: str) -> Response:
    """Begin a visit under a new token; whatever token the browser had is worth nothing from now on."""
    try:
        with begin_at_door() as tx:
            sign_ins.end(tx, session_token())
            token = sign_ins.start_family(tx, member_id, method=method)
    except NotFound:
        return _failed("unknown_family", 403)
    to = session.pop("family_next", None)
    session.clear()
    response = done(to if to and to.startswith("/family/") else url_for(".home"))
    set_cookie(response, current_app.config["VISIT_COOKIE"], token)
    return response
