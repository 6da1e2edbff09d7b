"""The demo's inbox: every letter the house has sent, as its receiver would get it. Only in the demo."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request

from web.htmx import show
from web.identity import public

pages = Blueprint("mailbox", __name__)
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter as the mail server got it."""

    name: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str
    calendar: str


def _folder() -> Path:
    folder = current_app.config["DEMO_MAILBOX"]
    if folder is None:
        abort(404)
    return Path(folder)


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what that policy makes
    body = message.get_body(("plain",))
    calendar = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    sent = message["Date"]
    return Mail(
        path.name,
        str(message["X-Stafetten-To"] or message["To"] or ""),
        str(message["Subject"] or ""),
        parsedate_to_datetime(sent) if sent else None,
        body.get_content() if body else "",
        calendar.get_content() if isinstance(calendar, EmailMessage) else "",
    )


@pages.get("/demo/inbox")
@public
def inbox() -> Response:
    """The letters, newest first; `to` shows one receiver's."""
    folder = _folder()
    to = request.args.get("to", "").strip().lower()
    names = sorted((path for path in folder.glob("*.eml")), reverse=True) if folder.is_dir() else []
    letters = [mail for mail in map(_read, names[: 5 * SHOWN]) if to in mail.to.lower()]
    return show("mailbox/inbox.html", letters=letters[:SHOWN], to=to)


@pages.get("/demo/inbox/<name>")
@public
def letter(name: str) -> Response:
    """One letter, with its calendar entry if it has one."""
    found = {path.name: path for path in _folder().glob("*.eml")}
    if name not in found:
        abort(404)
    return show("mailbox/letter.html", letter=_read(found[name]))
