"""The mailbox letters come back to: read over IMAP, or from a folder; bounces and calendar answers understood."""

import contextlib
import email
import email.policy
import imaplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

from icalendar import Calendar

TIMEOUT = 20.0
MOST = 200  # letters in one reading; the rest wait for the next
LARGEST = 5 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """Where the mailbox is; `tls` is tls, starttls or none. A folder is read instead when one is given."""

    host: str = ""
    port: int = 993
    tls: str = "tls"
    username: str = ""
    password: str = ""
    folder: Path | None = None
    timeout: float = TIMEOUT

    @property
    def wanted(self) -> bool:
        """Whether there is anything to read at all."""
        return bool(self.host or self.folder)


class InboxUnreachable(Exception):
    """The mailbox cannot be read just now. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a mail server says of one of our letters: `action` is failed, delivered or delayed."""

    notice_id: UUID
    addresses: tuple[str, ...]
    action: str
    code: str


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """What somebody answered from a calendar."""

    uid: str
    attendee: str
    partstat: str
    sequence: int


def letters(settings: InboxSettings) -> Iterator[bytes]:
    """Every unread letter, oldest first; one is marked as read when the next is asked for.

    So a reader that dies reads the last one again, and nothing is lost. Raises InboxUnreachable.
    """
    try:
        if settings.folder is not None:
            yield from _in_folder(settings.folder)
        elif settings.host:
            yield from _over_imap(settings)
    except (imaplib.IMAP4.error, OSError) as broken:
        raise InboxUnreachable(type(broken).__name__) from None


def _in_folder(folder: Path) -> Iterator[bytes]:
    """A Maildir: what is in `new` is unread, what has been read moves to `cur`."""
    unread, read = folder / "new", folder / "cur"
    for each in (unread, read):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in sorted(unread.iterdir())[:MOST]:
        if file.name.startswith(".") or not file.is_file():
            continue
        yield file.read_bytes() if file.stat().st_size <= LARGEST else b""
        file.rename(read / f"{file.name}:2,S")


def _over_imap(settings: InboxSettings) -> Iterator[bytes]:
    server = _connect(settings)
    try:
        server.login(settings.username, settings.password)
        server.select("INBOX")
        _status, found = server.uid("SEARCH", "UNSEEN", "SMALLER", str(LARGEST))
        for number in (found[0] or b"").split()[:MOST]:
            _status, parts = server.uid("FETCH", number.decode(), "(BODY.PEEK[])")
            yield b"".join(part[1] for part in parts if isinstance(part, tuple))
            server.uid("STORE", number.decode(), "+FLAGS.SILENT", "(\\Seen)")
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _connect(settings: InboxSettings) -> imaplib.IMAP4:
    host, port, timeout = settings.host, settings.port, settings.timeout
    if settings.tls == "tls":
        return imaplib.IMAP4_SSL(host, port, timeout=timeout, ssl_context=ssl.create_default_context())
    server = imaplib.IMAP4(host, port, timeout=timeout)
    if settings.tls == "starttls":
        try:
            server.starttls(ssl_context=ssl.create_default_context())
        except BaseException:
            server.shutdown()
            raise
    return server


def understood(content: bytes, *, domain: str) -> list[Delivery | CalendarReply]:
    """What a letter tells us; nothing when it is not for a machine. Never raises, whatever was sent.

    `domain` is the one of our message ids. A calendar answer counts only from whoever it names.
    """
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        if message.get_content_type() == "multipart/report":
            return [*_deliveries(message, domain)]
        return [*_replies(message)]
    except Exception:  # noqa: BLE001 - anybody may send anything, and one letter must not stop the others
        return []


def _deliveries(message: EmailMessage | Message, domain: str) -> Iterator[Delivery]:
    notice_id = _reported(message, domain)
    if notice_id is None:
        return
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            action = str(block.get("Action", "")).strip().lower()
            if action:
                named = (block.get("Original-Recipient"), block.get("Final-Recipient"))
                code = str(block.get("Status", "")).split(" ")[0][:20]
                yield Delivery(notice_id, tuple(_address(one) for one in named if one), action, code)


def _address(field: object) -> str:
    """`rfc822; ppt@example.no` → the address."""
    return parseaddr(str(field).partition(";")[2].strip())[1].lower()


def _reported(message: EmailMessage | Message, domain: str) -> UUID | None:
    """The id of the notice whose letter the report is about, by the message id it returns."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            original = inner[0] if isinstance(inner, list) and inner else None
        elif kind == "text/rfc822-headers":
            original = email.message_from_bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        else:
            continue
        found = _notice_id(str(original.get("Message-ID", "")) if original is not None else "", domain)
        if found is not None:
            return found
    return None


def _notice_id(message_id: str, domain: str) -> UUID | None:
    left, _, right = message_id.strip().strip("<>").rpartition("@")
    if right.lower() != domain.lower():
        return None
    try:
        return UUID(left)
    except ValueError:
        return None


def _replies(message: EmailMessage | Message) -> Iterator[CalendarReply]:
    sender = parseaddr(str(message.get("From", "")))[1].lower()
    for part in message.walk():
        if part.get_content_type() != "text/calendar":
            continue
        calendar = Calendar.from_ical(part.get_payload(decode=True))  # type: ignore[arg-type]
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            continue
        for event in calendar.walk("VEVENT"):
            named = event.get("ATTENDEE")
            for attendee in named if isinstance(named, list) else [named]:
                address = str(attendee or "").lower().removeprefix("mailto:")
                partstat = str(attendee.params.get("PARTSTAT", "")).upper() if attendee else ""
                if partstat and address == sender:
                    yield CalendarReply(
                        str(event.get("UID", "")), address, partstat, int(event.get("SEQUENCE", 0))
                    )
        return
