"""Styles, scripts, fonts and icons as `python -m server.assets build` left them: kept a year."""

import json
import mimetypes
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request, send_file

pages = Blueprint("assets", __name__)
_A_YEAR = 31_536_000
_PACKED = (("br", ".br"), ("gzip", ".gz"))
mimetypes.add_type("font/woff2", ".woff2")


def connect(app: Flask, folder: Path) -> None:
    """Let templates name an asset by what it is, whatever its content is called today."""
    app.config["ASSETS"] = folder
    app.extensions["manifest"] = _manifest(folder)
    app.jinja_env.globals["asset"] = asset


def _manifest(folder: Path) -> dict[str, str]:
    path = folder / "manifest.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `python -m server.assets build`")
    return dict(json.loads(path.read_text("utf-8")))


def asset(name: str) -> str:
    """The address of an asset: `app.css` → `/static/app.4f2a….css`."""
    return f"/static/{current_app.extensions['manifest'][name]}"


@pages.get("/static/<path:name>")
def serve(name: str) -> Response:
    """One asset, packed the way the browser likes best. Its name changes with its content."""
    if name not in current_app.extensions["manifest"].values():
        abort(404)
    path = Path(current_app.config["ASSETS"]) / name
    accepted: Any = request.accept_encodings
    for coding, suffix in _PACKED:
        packed = path.with_name(path.name + suffix)
        if accepted[coding] and packed.exists():
            return _kept(send_file(packed, mimetype=mimetypes.guess_type(name)[0]), coding)
    return _kept(send_file(path), None)


def _kept(response: Response, coding: str | None) -> Response:
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    response.cache_control.clear()
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return response


serve.public = serve.static = True  # type: ignore[attr-defined]
