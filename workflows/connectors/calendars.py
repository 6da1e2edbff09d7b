"""Calendar invitations (iTIP): the same id with a higher sequence moves a meeting, CANCEL takes it away."""

from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress, vText


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
