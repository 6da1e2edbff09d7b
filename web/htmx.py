"""Answers to the browser: a whole page, a fragment for htmx, or a redirect. htmx-flask is used here only."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request
from flask import make_response as plain_response
from htmx_flask import Htmx
from htmx_flask.requests import HtmxAwareRequest

MAIN = "main"
_SAID = "stafetten-said"
_CODE = re.compile(r"[a-z0-9_.]{1,60}")
_PLACE = re.compile(r"[a-z-]{0,40}")


class Request(HtmxAwareRequest):
    """A request that knows what htmx 4 says about itself (the library only knows htmx 1's headers)."""

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a fragment rather than a page."""
        kind = self.headers.get("HX-Request-Type", "partial")
        return bool(self.htmx) and not self.htmx.history_restore_request and kind == "partial"

    @property
    def source_id(self) -> str:
        """The id of the element that asked; empty when it has none. htmx 4 writes `form#note`."""
        return self.headers.get("HX-Source", "").partition("#")[2]

    @property
    def target_id(self) -> str:
        """The id of the element the answer is meant for; empty when it has none."""
        return self.headers.get("HX-Target", "").partition("#")[2]


def is_htmx() -> bool:
    """Whether htmx sent the present request."""
    return isinstance(request, HtmxAwareRequest) and bool(request.htmx)


def asked_by() -> tuple[str, str]:
    """The ids of the element that asked and of the one the answer is meant for."""
    return request.source_id, request.target_id  # type: ignore[attr-defined]


def connect(app: Flask) -> None:
    """Let requests know htmx, and caches know that pages differ for it."""
    Htmx(app)
    app.request_class = Request  # after: the extension overwrites it

    @app.after_request
    def vary(response: Response) -> Response:
        if request.endpoint != "static":
            response.vary.add("HX-Request")
        if g.pop("spoken", None):
            response.delete_cookie(_SAID, path="/")
        return response


def show(template: str, *, part: str | None = None, status: int = 200, **values: Any) -> Response:
    """The page; or only `part`, when htmx asks for a fragment and the page has one to give."""
    partial = part is not None and "again" not in g and request.partial  # type: ignore[attr-defined]
    return plain_response(render_template(part if partial else template, **values), status)


def panel(
    template: str,
    *,
    page: str,
    say: str | None = None,
    version: int | None = None,
    of: object = None,
    **values: Any,
) -> Response:
    """What an act on a panel answers: the panel for htmx, a redirect (303) to its page for everyone else.

    `say` is a code of the context `done`, spoken in the live region or on the next page. `version` is the new
    version of the thing `of` that was changed: every form on the page about the same thing takes it on.
    """
    if not is_htmx():
        return done(page, say=say)
    response = plain_response(render_template(template, say=say, **values))
    if version is not None:
        news = {"stafetten:version": {"of": str(of), "version": version}}
        response.headers["HX-Trigger"] = json.dumps(news)
    return response


def done(page: str, *, say: str | None = None) -> Response:
    """What an act answers when its result is another page: go there, and say what was done."""
    if not is_htmx():
        return _remember(redirect(page, code=303), say)
    # A browser that is sent to another place on the page it is on only scrolls, and shows nothing new. So it
    # is sent to the page alone, and finds its place from there.
    address, _, place = page.partition("#")
    stays = bool(place) and address == _present()
    response = plain_response("", 200)
    response.headers["HX-Redirect"] = address if stays else page
    return _remember(response, say, place if stays else "")


def _present() -> str:
    """The path and query of the page that asked."""
    there = urlsplit(request.headers.get("HX-Current-URL", ""))
    return there.path + (f"?{there.query}" if there.query else "")


def _remember(response: Response, code: str | None, place: str = "") -> Response:
    """Carry the code to the next page in a cookie: it names what was done and where, never to whom."""
    if code:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        said = f"{code}@{place}" if place else code
        response.set_cookie(_SAID, said, max_age=60, httponly=True, secure=secure, samesite="Lax", path="/")
    return response


def spoken() -> tuple[str, str]:
    """The code of what was just done and the id of where, for the first page after it; empty otherwise."""
    code, _, place = request.cookies.get(_SAID, "").partition("@")
    if not code or is_htmx():
        return "", ""
    g.spoken = True
    return (code, place) if _CODE.fullmatch(code) and _PLACE.fullmatch(place) else ("", "")


def steer(response: Response, *, target: str, swap: str, select: str | None = None) -> Response:
    """Tell htmx where the answer goes, whatever the form asked for.

    Headers are set directly: htmx-flask 0.1.0 refuses `beforebegin` and `afterbegin` and lacks reselect.
    """
    headers: Mapping[str, str | None] = {"HX-Retarget": target, "HX-Reswap": swap, "HX-Reselect": select}
    for name, value in headers.items():
        if value is not None:
            response.headers[name] = value
    return response
