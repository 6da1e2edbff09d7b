"""Calendar invitations (iTIP): a higher sequence moves a meeting, CANCEL takes it away, REPLY answers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Component, Event, vCalAddress, vText

LARGEST, MOST_PARTS = 100_000, 50
# What the library raises for what is not a calendar.
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


def invitation(
    *,
    uid: str,
    sequence: int,
    method: str,
    starts_at: datetime,
    ends_at: datetime,
    summary: str,
    place: str,
    url: str,
    organizer: str,
    organizer_name: str,
    attendee: str,
    stamped_at: datetime,
) -> bytes:
    """One invitation as text/calendar bytes; times are written in UTC."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamped_at.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("url", url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("class", "PRIVATE")
    if place:
        event.add("location", place)
    sender = vCalAddress(f"mailto:{organizer}")
    sender.params["cn"] = vText(organizer_name)
    event.add("organizer", sender)
    guest = vCalAddress(f"mailto:{attendee}")
    guest.params["rsvp"] = vText("TRUE")
    event.add("attendee", guest)
    calendar = Calendar()
    calendar.add("prodid", "-//Stafetten//NO")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """What one calendar answers to one invitation."""

    uid: str
    attendee: str
    partstat: str
    sequence: int


def replies(text: str) -> list[CalendarReply]:
    """Every answer in a calendar reply (METHOD:REPLY); nothing for anything else, however broken or hostile."""
    if len(text) > LARGEST or "\x00" in text or text.upper().count("BEGIN:") > MOST_PARTS:
        return []
    try:
        found = Calendar.from_ical(text, multiple=True)
        return [
            reply
            for calendar in found
            if str(calendar.get("method", "")).strip().upper() == "REPLY"
            for event in calendar.walk("VEVENT")
            for reply in _answers(event)
        ]
    except _BROKEN:
        return []


def _answers(event: Component) -> Iterator[CalendarReply]:
    uid = str(event.get("uid", "")).strip()
    number = str(event.get("sequence", "0")).strip()
    guests = event.get("attendee", [])
    if not uid or not number.isascii() or not number.isdigit() or len(number) > 9:
        return
    for guest in guests if isinstance(guests, list) else [guests]:
        scheme, _, address = str(guest).strip().partition(":")
        partstat = str(getattr(guest, "params", {}).get("PARTSTAT", "")).strip().upper()
        if scheme.lower() == "mailto" and "@" in address and partstat:
            yield CalendarReply(uid, address.strip(), partstat, int(number))
