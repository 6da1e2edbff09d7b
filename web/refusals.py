"""One table from refusal to answer: the form again, all typed text kept, or a page that says what to do."""

import inspect
import logging
import secrets
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, Unauthorized

from casework import refusals
from web import forms
from web.htmx import MAIN, asked_by, done, is_htmx, steer

log = logging.getLogger("stafetten.web")
_LAST_WORDS = "Noe gikk galt hos oss. · Noko gjekk gale hos oss. · Something went wrong with us. · {}"
_PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


class SignedOut(Unauthorized):
    """Nobody is signed in, and this needs somebody."""


class Unproven(Exception):
    """This gives others power, and it is a while since whoever asks proved who they are."""


class Expired(Exception):
    """The form's token is not this session's: the page was open too long, or the form is not ours."""


def connect(app: Flask) -> None:
    """Give every refusal its answer."""
    table: dict[type[Exception], Callable[[Any], Any]] = {
        forms.Invalid: lambda e: _again(422, errors=e.errors),
        refusals.Invalid: lambda e: _again(422, errors={n: forms.Fault(c) for n, c in e.errors.items()}),
        refusals.Refused: lambda e: _again(422, unmet=e.unmet),
        refusals.Stale: lambda e: _again(409, stale=True, changes=e.changes),
        refusals.KeyReused: lambda _refusal: _again(409, repeated=True, fresh_key=True),
        refusals.AlreadyDone: lambda e: _result(e.result),
        refusals.NotFound: lambda _refusal: answer(404),
        refusals.NotPermitted: lambda _refusal: answer(403),
        refusals.TooMany: lambda e: _too_many(e.seconds),
        refusals.Unavailable: lambda _refusal: answer(503),
        Expired: lambda _refusal: _again(403, expired=True),
        SignedOut: lambda _refusal: _signed_out(),
        Unproven: lambda _refusal: _unproven(),
        HTTPException: _http,
        Exception: _unforeseen,
    }
    app.jinja_env.globals["fault_words"] = fault_words
    for refusal, handler in table.items():
        app.register_error_handler(refusal, handler)


def fault_words(status: int) -> tuple[str, str]:
    """What happened, and what to do about it."""
    return {
        400: (_("This could not be understood"), _("Go back, load the page again and try once more.")),
        401: (
            _("You have been signed out"),
            _("What you wrote has not been saved, but it stands here. Sign in, and save it again."),
        ),
        403: (
            _("You may not do this"),
            _("Your role in this does not reach that far. The relay holder or your leader can help you."),
        ),
        404: (
            _("We cannot find this"),
            _("It may have moved, or it is not yours to see. Look for it from the start page."),
        ),
        405: (_("This cannot be done that way"), _("Use the buttons on the page, and try once more.")),
        409: (_("Somebody was there before you"), _("Load the page again to see what has changed.")),
        413: (_("This is too big"), _("Send a smaller file, or split the text.")),
        422: (_("This cannot be done yet"), _("Mend what is listed, and try once more.")),
        429: (_("Too many tries"), _("Wait a quarter of an hour, then try again.")),
        503: (
            _("We cannot reach the database"),
            _("Nothing was saved just now; nothing you saved before is lost. Try again in a few minutes."),
        ),
    }.get(
        status,
        (
            _("Something went wrong with us"),
            _("It is not your fault. Try again; if it goes on, tell support the reference below."),
        ),
    )


def answer(status: int, **values: Any) -> Response:
    """The page for a status; for htmx a notice above what was being done, which stays as it is."""
    values = {"status": status, "reference": g.get("reference"), "words": None, "way": None, **values}
    if not is_htmx():
        # With htmx the form stays as it is; here it is gone, and what was typed is given back instead.
        if request.method == "POST" and status not in (400, 413) and "form" not in values:
            values["form"] = forms.shown_again()
        return make_response(render_template("errors/page.html", **values), status)
    notice = make_response(render_template("errors/_notice.html", **values), status)
    # Selected anew: the form itself may have asked for `#main`, which a notice has not.
    return steer(notice, target="#notice", swap="innerHTML", select=".banner")


def _act() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _again(status: int, *, fresh_key: bool = False, **trouble: Any) -> Response:
    """The form again; a page of its own with what was typed when the act has no form page."""
    form = forms.shown_again(fresh_key=fresh_key, **trouble)
    page = getattr(_act(), "again", None)
    if page is None:
        return answer(status, form=form, summary=form.headline)
    g.again = form
    wanted = inspect.signature(page).parameters
    try:
        shown = current_app.make_response(page(**{n: v for n, v in _arguments().items() if n in wanted}))
    except Exception as error:  # noqa: BLE001 - whatever the page raises has its own answer in the table
        return current_app.make_response(current_app.handle_user_exception(error))
    shown.status_code = status
    return _placed(shown)


def _arguments() -> dict[str, Any]:
    return dict(request.view_args or {})


def _placed(shown: Response) -> Response:
    """For htmx: a form in a panel is replaced alone, so that nothing typed beside it is lost."""
    if not is_htmx():
        return shown
    source, target = asked_by()
    place = f"#{source}" if source and target != MAIN else f"#{MAIN}"
    return steer(shown, target=place, swap="outerHTML", select=place)


def _result(result: dict[str, Any]) -> Response:
    """Where the first sending of the same form led; the start page when its result is not known."""
    endpoint = getattr(_act(), "result", None)
    if endpoint is None or not (result or request.view_args):
        return done(url_for("start.home"), say="already_done")
    name = f"{request.blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
    known = {**_arguments(), **result}
    rule = next(current_app.url_map.iter_rules(name))
    if not rule.arguments <= known.keys():
        return done(url_for("start.home"), say="already_done")
    return done(url_for(name, **{n: known[n] for n in rule.arguments}), say="already_done")


def _too_many(seconds: int) -> Response:
    response = answer(429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _signed_out() -> Response:
    """To the sign-in page and back; a form that was being sent is shown, so that its text can be kept."""
    if request.method in {"GET", "HEAD"}:
        return _to_sign_in()
    if is_htmx():
        return answer(401)
    return answer(401, form=forms.shown_again())


def _to_sign_in() -> Response:
    if not is_htmx():
        return redirect(url_for("sign_ins.choose", next=request.full_path.rstrip("?")), code=303)
    response = make_response("", 401)
    response.headers["HX-Redirect"] = url_for("sign_ins.choose")
    return response


def _unproven() -> Response:
    """To the page where one proves who one is, and back; what was being sent is shown, and not lost."""
    if request.method not in {"GET", "HEAD"}:
        proof = (
            _("Confirm that it is you"),
            _(
                "What you wrote has not been saved, but it stands here. Confirm that it is you, and save it again."
            ),
        )
        came_from = urlsplit(request.referrer or "").path or "/"
        way = url_for("sign_ins.confirm", next=came_from)
        form = {} if is_htmx() else {"form": forms.shown_again()}
        return answer(401, words=proof, way=way, **form)
    way = url_for("sign_ins.confirm", next=request.full_path.rstrip("?"))
    if not is_htmx():
        return redirect(way, code=303)
    response = make_response("", 401)
    response.headers["HX-Redirect"] = way
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return current_app.make_response(error.get_response())
    status = error.code if error.code in _PAGES else 400 if (error.code or 500) < 500 else 500
    response = answer(status)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    if isinstance(error, RequestEntityTooLarge):
        response.headers["Connection"] = "close"
    return response


def _unforeseen(error: Exception) -> Response:
    """Our own fault: a reference for the reader, the place in the code for us, nothing personal."""
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    g.reference = secrets.token_hex(4).upper()
    where = "".join(traceback.format_tb(error.__traceback__)[-6:])
    kind = type(error).__name__
    log.error("unforeseen %s at %s, reference %s\n%s", kind, request.endpoint, g.reference, where)
    try:
        return answer(500)
    except Exception:  # noqa: BLE001 - when even the page fails, these words must not
        return make_response(
            (_LAST_WORDS.format(g.reference), 500, {"Content-Type": "text/plain; charset=utf-8"})
        )
