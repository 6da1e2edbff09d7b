"""Coming in and going out: the sign-in provider, the demo's personas, roles, and the session's end."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_babel import gettext as _
from joserfc.errors import JoseError

from casework import operations, sign_ins
from casework.refusals import NotFound
from web.forms import Entry, read
from web.htmx import done, is_htmx, show
from web.identity import (
    anybody,
    begin_as_house,
    begin_at_door,
    drop_cookie,
    guessing,
    public,
    quiet,
    session_token,
    set_cookie,
    visit,
)
from web.texts import LANGUAGES, remember_language

pages = Blueprint("sign_ins", __name__)
log = logging.getLogger("stafetten.web")
SHOWN_TOWNS = 6  # a region; where there are more, one chooses the municipality first


class ChoosePersona(Entry):
    """The demo's picker: who to be, in which role."""

    practitioner_id: UUID
    assignment_id: UUID
    next: str = ""


class ChooseRole(Entry):
    """Another of one's own roles."""

    assignment_id: UUID


class ProviderFault(Exception):
    """The provider did not answer, or what it answered does not hold: a reason, and the status to answer with."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


def connect(app: Flask, settings: Any) -> None:
    """Register the sign-in providers there are. Their keys and addresses are discovered."""
    secret, scope = settings.oidc_client_secret, "openid email profile"
    app.extensions["provider"] = _register(
        app, "staff", settings.oidc_issuer, settings.oidc_client_id, secret, scope
    )
    secret, scope = settings.family_oidc_client_secret, "openid profile"
    app.extensions["family_provider"] = _register(
        app, "family", settings.family_oidc_issuer, settings.family_oidc_client_id, secret, scope
    )


def _register(app: Flask, name: str, issuer: str, client_id: str, secret: str, scope: str) -> Any:
    if not issuer:
        return None
    return OAuth(app).register(
        name,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=client_id,
        client_secret=secret,
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "timeout": 10},
    )


def leave_for(provider: Any, back: str, **asked: Any) -> Response:
    """To a provider, with state, nonce and a code challenge of our own; raises ProviderFault when it is silent."""
    if provider is None:
        abort(404)
    try:
        return provider.authorize_redirect(current_app.config["PUBLIC_URL"] + back, **asked)  # type: ignore[no-any-return]
    except (requests.RequestException, AuthlibBaseError, RuntimeError, ValueError) as broken:
        raise ProviderFault("provider_silent", 503) from broken


def claims_from(provider: Any) -> Mapping[str, Any]:
    """What a provider says of whoever comes back from it; raises ProviderFault."""
    if provider is None:
        abort(404)
    try:
        return provider.authorize_access_token()["userinfo"]  # type: ignore[no-any-return]
    except (AuthlibBaseError, JoseError, KeyError) as broken:
        raise ProviderFault("sign_in_broken", 400) from broken
    except (requests.RequestException, RuntimeError, ValueError) as broken:
        raise ProviderFault("provider_silent", 503) from broken


def local(address: str | None) -> str:
    """An address on this site, or the start page: nobody is sent elsewhere after signing in."""
    plain = (address or "").strip()
    ours = plain.startswith("/") and not plain.startswith(("//", "/\\")) and "\n" not in plain
    return plain if ours else url_for("start.home")


def what_to_try(role: str) -> str:
    """One line for the demo's picker: what this role would do on an ordinary day."""
    return {
        "educator": _("Write down a worry on a phone, and see it become a case."),
        "health_nurse": _("Answer an invitation, and follow up a measure."),
        "counsellor": _("Answer an invitation from another service."),
        "child_welfare_worker": _("See the cases you are invited into."),
        "unit_leader": _("See the worries in your unit, and take a baton nobody answered."),
        "coordinator": _("See what is late across the municipality."),
        "manager": _("Read the key figures."),
        "administrator": _("Check and publish a guide, and see staff and units."),
        "operator": _("See what the follow-up is doing."),
        "data_protection_officer": _("See who has read what, and ask about odd readings."),
        "archivist": _("See what is deleted, and hand closed cases to the archive."),
    }.get(role, "")


@pages.get("/sign-in")
@public
def choose() -> Response:
    """How to sign in; in the demo, as whom."""
    if visit() is not None and "again" not in g:
        return done(local(request.args.get("next")))
    people: list[sign_ins.Persona] = []
    families: list[sign_ins.FamilyPersona] = []
    towns: list[tuple[UUID, str]] = []
    if current_app.config["PERSONA_PICKER"]:
        with begin_at_door() as tx:
            towns = sign_ins.towns(tx)
            chosen = request.args.get("town", type=UUID)
            few = towns if len(towns) <= SHOWN_TOWNS else []
            shown = [chosen] if chosen else [town for town, _name in few]
            people, families = sign_ins.personas(tx, shown), sign_ins.family_personas(tx, shown)
    return show(
        "sign_ins/choose.html",
        personas=people,
        families=families,
        towns=towns if len(towns) > SHOWN_TOWNS else [],
        provider=current_app.extensions["provider"] is not None,
        next=local(request.values.get("next")),
    )


@pages.post("/sign-in/persona")
@public
def become() -> Response:
    """Be one of the demo's people."""
    if not current_app.config["PERSONA_PICKER"]:
        abort(404)
    form = read(ChoosePersona)
    return _welcome(form.practitioner_id, method="persona", to=form.next, assignment_id=form.assignment_id)


@pages.get("/sign-in/provider")
@public
def leave_for_provider() -> Response:
    """To the sign-in provider, with state, nonce and a code challenge of our own."""
    session["next"] = local(request.args.get("next"))
    try:
        return leave_for(current_app.extensions["provider"], url_for("sign_ins.come_back"))
    except ProviderFault as fault:
        return _failed(fault.reason, fault.status)


@pages.get("/sign-in/callback")
@public
def come_back() -> Response:
    """From the sign-in provider: who it says this is must be somebody we know."""
    wrong = guessing("sign_in")
    try:
        claims = claims_from(current_app.extensions["provider"])
    except ProviderFault as fault:
        if fault.reason == "sign_in_broken":  # a silent provider is nobody's guess
            wrong()
        return _failed(fault.reason, fault.status)
    _contacted(True)
    to, confirming = session.pop("next", None), session.pop("confirming", False)
    person = _person(claims)
    if person is None:
        wrong()
        return _failed("unknown_person", 403)
    if confirming:
        return _confirmed(person, to)
    return _welcome(person, method="oidc", to=to)


def _contacted(ok: bool, code: str = "") -> None:
    """Tell the operators' desk whether the sign-in provider answered."""
    with begin_as_house() as tx:
        operations.contacted(tx, "oidc", ok, code)


def _person(claims: Mapping[str, Any]) -> UUID | None:
    email = claims.get("email") if claims.get("email_verified") is True else None
    with begin_at_door() as tx:
        return sign_ins.known_as(tx, subject=f"{claims['iss']} {claims['sub']}", email=email)


def _failed(reason: str, status: int) -> Response:
    log.warning("sign-in ended with %s", reason)
    if reason == "provider_silent":
        _contacted(False, reason)
    return show("sign_ins/failed.html", status=status, reason=reason)


def _welcome(
    practitioner_id: UUID, *, method: str, to: str | None, assignment_id: UUID | None = None
) -> Response:
    """Begin a visit under a new token; whatever token the browser had is worth nothing from now on."""
    try:
        with begin_at_door() as tx:
            sign_ins.end(tx, session_token())
            token = sign_ins.start(tx, practitioner_id, method=method, assignment_id=assignment_id)
    except NotFound:
        return _failed("unknown_person", 403)
    session.clear()
    response = done(local(to))
    set_cookie(response, current_app.config["VISIT_COOKIE"], token)
    return response


@pages.get("/sign-in/confirm")
def confirm() -> Response:
    """Why one is asked once more who one is."""
    return show("sign_ins/confirm.html", next=local(request.args.get("next")))


@pages.post("/sign-in/confirm")
def leave_to_confirm() -> Response:
    """To the provider, which asks again whatever it remembers; in the demo saying so is enough."""
    to = local(request.form.get("next"))
    found = visit()
    if current_app.config["PERSONA_PICKER"] and found is not None and found.method == "persona":
        return _confirmed(found.actor.id, to)
    session["next"], session["confirming"] = to, True
    try:
        back = url_for("sign_ins.come_back")
        return leave_for(current_app.extensions["provider"], back, prompt="login", max_age=0)
    except ProviderFault as fault:
        return _failed(fault.reason, fault.status)


def _confirmed(person: UUID, to: str | None) -> Response:
    with begin_at_door() as tx:
        same = sign_ins.prove(tx, session_token(), person)
    return done(local(to)) if same else _failed("other_person", 403)


@pages.post("/sign-out")
@public
def sign_out() -> Response:
    """End the visit, here and in the database."""
    with begin_at_door() as tx:
        sign_ins.end(tx, session_token())
    session.clear()
    response = done(url_for(".signed_out"))
    drop_cookie(response, current_app.config["VISIT_COOKIE"])
    return response


@pages.get("/signed-out")
@public
def signed_out() -> Response:
    """Goodbye, and where to sign out of the provider as well."""
    return show("sign_ins/signed_out.html", provider_exit=_provider_exit())


def _provider_exit() -> str:
    provider = current_app.extensions["provider"]
    if provider is None:
        return ""
    try:
        return str(provider.load_server_metadata().get("end_session_endpoint", ""))
    except (requests.RequestException, RuntimeError, ValueError):
        return ""


@pages.get("/session")
@public
@quiet
def ending() -> Response:
    """Whether the session is about to end; asked by the page itself, which does not keep it awake."""
    return show("sign_ins/session.html", part="sign_ins/_session.html", **_remaining())


def _remaining() -> dict[str, Any]:
    found = visit()
    if found is None:
        return {"minutes": 0, "signed_in": False, "warn": True}
    with begin_at_door() as tx:
        left = found.ends_at - tx.now
    return {
        "minutes": max(1, round(left.total_seconds() / 60)),
        "signed_in": True,
        "warn": left <= sign_ins.WARN_BEFORE,
    }


@pages.post("/session")
@anybody
def go_on() -> Response:
    """Stay signed in: asking is enough, since every request keeps the visit awake."""
    if is_htmx():
        return show("sign_ins/_session.html", minutes=0, signed_in=True, warn=False)
    return done(local(request.form.get("next")))


@pages.post("/sign-in/role")
def act_as() -> Response:
    """Act in another of one's own roles."""
    form = read(ChooseRole)
    with begin_at_door() as tx:
        sign_ins.choose(tx, session_token(), assignment_id=form.assignment_id)
    return done(url_for("start.home"), say="role_changed")


@pages.get("/language/<code>")
@public
def read_in(code: str) -> Response:
    """Read in another language, from now on."""
    if code not in LANGUAGES:
        abort(404)
    if visit() is not None:
        with begin_at_door() as tx:
            sign_ins.choose(tx, session_token(), language=code)
    return remember_language(redirect(local(request.args.get("next")), code=303), code)
