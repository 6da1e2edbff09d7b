"""Makes the Flask application: pages found by themselves, strict headers, macros at hand, one look."""

import importlib
import pkgutil
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from flask import Blueprint, Flask, Response, current_app
from jinja2 import StrictUndefined

import web
import web.desks
from web import assets, drafts, htmx, identity, refusals, sign_ins, texts
from web.components import Components

ROOT = Path(__file__).resolve().parent
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
MOST_BYTES = 2 * 1024 * 1024


class Settings(Protocol):
    """What the web needs to be told."""

    environment: str
    secret_key: str
    public_url: str
    persona_picker: bool
    demo_mailbox: Path | None
    backup_stamp: Path | None
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    family_oidc_issuer: str
    family_oidc_client_id: str
    family_oidc_client_secret: str


def create_web(casework: identity.Casework, settings: Settings, *, static: Path | None = None) -> Flask:
    """The pages people use, on top of one casework."""
    app = Flask("web", root_path=str(ROOT), static_folder=None)
    app.config.update(_config(settings))
    _dress_templates(app)
    texts.connect(
        app,
        folder=str(ROOT.parent / "locale"),
        mark_untranslated=settings.environment == "development",
    )
    assets.connect(app, static or ROOT / "static")
    htmx.connect(app)
    refusals.connect(app)
    identity.connect(app, casework)
    drafts.connect(app)
    sign_ins.connect(app, settings)
    for each in _blueprints(settings):
        app.register_blueprint(each)
    app.after_request(_headers)
    return app


def _config(settings: Settings) -> dict[str, Any]:
    https = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "PUBLIC_URL": settings.public_url.rstrip("/"),
        "ENVIRONMENT": settings.environment,
        "PERSONA_PICKER": settings.persona_picker and settings.environment != "production",
        "DEMO_MAILBOX": settings.demo_mailbox if settings.environment != "production" else None,
        "BACKUP_STAMP": settings.backup_stamp,
        "VISIT_COOKIE": "__Host-stafetten" if https else "stafetten",
        # Flask's own session lives only while somebody is away at the sign-in provider.
        "SESSION_COOKIE_NAME": "__Host-stafetten-dance" if https else "stafetten-dance",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
        "TRAP_HTTP_EXCEPTIONS": False,
    }


def _dress_templates(app: Flask) -> None:
    app.jinja_options = {
        **app.jinja_options,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.globals.update(
        ui=Components(app.jinja_env),
        menu=web.desks.menu,
        spoken=htmx.spoken,
        new_key=lambda: str(uuid.uuid4()),
        new_id=lambda: f"n{secrets.token_hex(4)}",
        what_to_try=sign_ins.what_to_try,
    )


def _blueprints(settings: Settings) -> Iterator[Blueprint]:
    for package in (web, web.desks):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if found.name == "web.styleguide" and settings.environment == "production":
                continue
            pages = getattr(importlib.import_module(found.name), "pages", None)
            if isinstance(pages, Blueprint):
                yield pages


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not response.headers.get("Cache-Control", "").startswith("public"):
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response
