"""Styles, scripts, fonts and icons as `python -m server.assets build` left them: kept a year."""

import json
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory

pages = Blueprint("assets", __name__)


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


@pages.get("/static/<name>")
def serve(name: str) -> Response:
    """One asset, unpacked: for when Flask runs alone. The web process answers these before Flask is asked."""
    if name not in current_app.extensions["manifest"].values():
        abort(404)
    response = send_from_directory(current_app.config["ASSETS"], name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


serve.public = serve.static = True  # type: ignore[attr-defined]
