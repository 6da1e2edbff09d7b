"""Who asks: the visit behind the cookie, the guard on every page, and the token every form must carry."""

import hmac
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from flask import Flask, Response, current_app, g, request

from casework import sign_ins, throttles
from casework.access import Actor
from casework.identities import IdentityKeys
from casework.refusals import NotFound
from casework.sign_ins import Visit
from casework.transactions import Transaction
from web.refusals import Expired, SignedOut, Unproven

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., Any])


class Casework(Protocol):
    """What the web needs of casework: a transaction for an actor, and the keys for identity numbers."""

    @property
    def keys(self) -> IdentityKeys: ...

    def begin(self, actor: Actor) -> AbstractContextManager[Transaction]: ...


def public(view: View) -> View:
    """Mark a page that needs nobody signed in."""
    view.public = True  # type: ignore[attr-defined]
    return view


def family(view: View) -> View:
    """Mark a page of the family's own door: for families, and for nobody else."""
    view.family = True  # type: ignore[attr-defined]
    return view


def anybody(view: View) -> View:
    """Mark a page for whoever is signed in, at work or as a family."""
    view.anybody = True  # type: ignore[attr-defined]
    return view


def at_work(view: View) -> View:
    """Mark a public page that is for people at work all the same, should somebody be signed in."""
    view.at_work = True  # type: ignore[attr-defined]
    return view


def proven(view: View) -> View:
    """Mark a page that gives others power: whoever signed in a while ago proves anew who they are."""
    view.proven = True  # type: ignore[attr-defined]
    return view


def quiet(view: View) -> View:
    """Mark a page that a browser fetches by itself, so that it does not keep the session awake."""
    view.quiet = True  # type: ignore[attr-defined]
    return view


def connect(app: Flask, casework: Casework) -> None:
    """Find out who asks before every page, and refuse strangers and forms that are not ours."""
    app.extensions["casework"] = casework
    app.before_request(_identify)
    app.after_request(_keep_door)
    app.jinja_env.globals.update(csrf_token=csrf_token, visit=visit)


def casework() -> Casework:
    """The casework this application was made with."""
    return current_app.extensions["casework"]  # type: ignore[no-any-return]


def begin() -> AbstractContextManager[Transaction]:
    """One transaction for whoever is signed in; raises SignedOut when nobody is."""
    if g.get("actor") is None:
        raise SignedOut
    return casework().begin(g.actor)


def begin_at_door() -> AbstractContextManager[Transaction]:
    """One transaction for whoever knocks, before they are known."""
    return casework().begin(Actor.stranger())


def begin_as_house() -> AbstractContextManager[Transaction]:
    """One transaction for the house itself, for a page that has checked who asks and shows no child."""
    return casework().begin(Actor.system("operations"))


def guessing(kind: str) -> Callable[[], None]:
    """Where somebody tries to come in: raises TooMany when they must wait; what it gives counts a wrong guess."""
    where = request.remote_addr or ""
    with begin_at_door() as tx:
        throttles.hold_back(tx, kind, where, casework().keys)

    def wrong() -> None:
        with begin_at_door() as tx:
            throttles.wrong(tx, kind, where, casework().keys)

    return wrong


def visit() -> Visit | None:
    """The present visit, or None when nobody is signed in."""
    found: Visit | None = g.get("visit")
    return found


def session_token() -> str:
    """The opaque token in the browser's cookie; empty without one."""
    return request.cookies.get(current_app.config["VISIT_COOKIE"], "")


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _identify() -> None:
    g.visit = g.actor = None
    view = _view()
    if getattr(view, "static", False):
        return
    token = session_token()
    if token:
        with begin_at_door() as tx:
            g.visit = sign_ins.visit(tx, token, awake=not getattr(view, "quiet", False))
        g.actor = g.visit.actor if g.visit else None
    if view is None:
        return
    open_to_all = getattr(view, "public", False)
    if g.actor is None and not open_to_all:
        raise SignedOut
    open_to_all = (open_to_all and not getattr(view, "at_work", False)) or getattr(view, "anybody", False)
    if g.actor is not None and not open_to_all:
        _keep_doors_apart(view)
    if request.method not in SAFE:
        _check_form()
    if getattr(view, "proven", False) and not (g.visit and g.visit.proved):
        raise Unproven


def _keep_doors_apart(view: Any) -> None:
    """Families find none of the pages for people at work, and those none of the families'."""
    if (g.actor.way == "family") is not bool(getattr(view, "family", False)):
        raise NotFound


def _door_cookie() -> str:
    return f"{current_app.config['VISIT_COOKIE']}-door"


def _secret() -> str:
    """What this browser's forms are bound to: its visit, or before that a random cookie of its own."""
    if g.visit is not None:
        return str(g.visit.csrf)
    known = request.cookies.get(_door_cookie(), "")
    if not known:
        known = g.setdefault("new_door", secrets.token_urlsafe(24))
    key = str(current_app.secret_key).encode()
    return hmac.new(key, known.encode(), "sha256").hexdigest()


def csrf_token() -> str:
    """The token for one form. Masked anew each time, so that compression gives nothing away."""
    plain = _secret().encode()
    pad = secrets.token_bytes(len(plain))
    return pad.hex() + bytes(a ^ b for a, b in zip(plain, pad, strict=True)).hex()


def _unmasked(token: str) -> bytes:
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        return b""
    half = len(raw) // 2
    return bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=False))


def _check_form() -> None:
    given = request.form.get("csrf", "") or request.headers.get("X-CSRF-Token", "")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    if foreign or not hmac.compare_digest(_unmasked(given), _secret().encode()):
        raise Expired


def _keep_door(response: Response) -> Response:
    fresh = g.pop("new_door", None)
    if fresh:
        set_cookie(response, _door_cookie(), fresh)
    return response


def set_cookie(response: Response, name: str, value: str) -> None:
    """A cookie for this site alone, unreadable to scripts, gone when the browser closes."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, httponly=True, secure=secure, samesite="Lax", path="/")


def drop_cookie(response: Response, name: str) -> None:
    """Take a cookie away again."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.delete_cookie(name, httponly=True, secure=secure, samesite="Lax", path="/")
