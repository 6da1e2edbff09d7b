"""Words a notice for the post: no name, no topic, only that something waits and where."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from babel.support import NullTranslations, Translations
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from casework.notices import Letter
from workflows.connectors import calendars
from workflows.wiring import LOCALE, Wiring

_pages = Environment(
    loader=PackageLoader("workflows", "letters"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
)


@cache
def _words(language: str) -> NullTranslations:
    return Translations.load(str(LOCALE), [language])


def compose(letter: Letter, wired: Wiring, *, at: datetime) -> EmailMessage:
    """The letter ready to send. Its message id is the notice's, so that a repeat is recognised."""
    words = _words(letter.language)
    values = {
        "language": letter.language,
        "subject": words.ugettext("A message from %(municipality)s")
        % {"municipality": letter.municipality_name},
        "said": _said(words, letter),
        "sign_in": words.ugettext("Sign in to read it:"),
        "link": wired.public_url + letter.link_path,
        "why": words.ugettext(
            "For the sake of privacy we write neither names nor what it is about in this letter."
        ),
        "from_whom": letter.municipality_name,
    }
    message = EmailMessage()
    message["Message-ID"] = f"<{letter.notice_id}@{wired.mail.sender.rpartition('@')[2]}>"
    message["Date"] = format_datetime(at)
    message["From"] = wired.mail.sender
    message["To"] = letter.address
    message["Subject"] = values["subject"]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_pages.get_template("letter.txt").render(values))
    message.add_alternative(_pages.get_template("letter.html").render(values), subtype="html")
    if letter.calendar is not None:
        _add_calendar(message, letter, wired, words.ugettext("Joint meeting"), at)
    return message


def _said(words: NullTranslations, letter: Letter) -> str:
    if letter.kind == "digest":
        return str(words.ugettext("Messages waiting for you: %(count)s") % letter.values)
    return str(words.upgettext("notice", letter.kind))


def text_message(letter: Letter, wired: Wiring) -> str:
    """What a phone shows on its locked screen: that something waits, and where; never what or of whom."""
    said: str = _words(letter.language).ugettext(
        "You have a message from %(municipality)s. Sign in at %(link)s"
    )
    return said % {"municipality": letter.municipality_name, "link": wired.public_url + letter.link_path}


def _add_calendar(message: EmailMessage, letter: Letter, wired: Wiring, summary: str, at: datetime) -> None:
    entry = letter.calendar
    if entry is None:
        return
    content = calendars.invitation(
        uid=f"{entry.uid}@stafetten",
        sequence=entry.sequence,
        method=entry.method,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=summary,
        place=entry.place,
        url=wired.public_url + letter.link_path,
        organizer=wired.mail.sender,
        organizer_name=letter.municipality_name,
        attendee=letter.address,
        stamped_at=at,
    )
    message.add_alternative(
        content, maintype="text", subtype="calendar", params={"method": entry.method, "charset": "utf-8"}
    )
