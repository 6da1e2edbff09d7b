"""One's own meetings, and the address one's calendar reads them from: no child, no topic, no place."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, current_app, make_response, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event

import casework.meetings
import casework.sign_ins
from casework.meetings import Busy
from web.forms import Entry, read
from web.htmx import done, show
from web.identity import begin, begin_at_door, public, quiet
from web.identity import casework as house
from web.meetings.blueprint import pages


class NoFields(Entry):
    """A form with a button alone."""


@pages.get("/meetings")
def mine() -> Response:
    """Times to answer, and the meetings one is called to."""
    with begin() as tx:
        asked = casework.meetings.times_asked_of_me(tx)
        called = casework.meetings.mine(tx)
    return show("meetings/mine.html", asked=asked, called=called)


@pages.get("/calendar")
def calendar() -> Response:
    """Whether one's own calendar has an address, and how to get one or be rid of it."""
    with begin() as tx:
        since = casework.meetings.feed_since(tx)
        tx.without_trail()
    return show("meetings/calendar.html", since=since, address=None)


@pages.post("/calendar")
def make_feed() -> Response:
    """Make an address; it is shown this once, and the former stops working."""
    read(NoFields)
    with begin() as tx:
        token = casework.meetings.make_feed(tx)
        since = tx.now
    address = current_app.config["PUBLIC_URL"] + url_for(".feed", token=token)
    return show("meetings/calendar.html", since=since, address=address)


@pages.post("/calendar/revoke")
def revoke_feed() -> Response:
    """The address stops working at once."""
    read(NoFields)
    with begin() as tx:
        casework.meetings.revoke_feed(tx)
    return done(url_for(".calendar"), say="calendar_revoked")


@pages.get("/calendar/<token>.ics")
@public
@quiet
def feed(token: str) -> Response:
    """What a calendar fetches: one's own meetings, seen with one's own eyes, without anybody's name."""
    with begin_at_door() as tx:
        owner: UUID = casework.meetings.feed_owner(tx, token)
        actor = casework.sign_ins.actor_for(tx, owner)
    with house().begin(actor) as tx:
        busy = casework.meetings.busy(tx)
        now = tx.now
    with force_locale(actor.language):
        content = _calendar(busy, _("Joint meeting"), now)
    return make_response(content, 200, {"Content-Type": "text/calendar; charset=utf-8"})


def _calendar(busy: list[Busy], summary: str, now: datetime) -> bytes:
    made = Calendar()
    made.add("prodid", "-//Stafetten//NO")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Stafetten")
    for one in busy:
        event = Event()
        event.add("uid", f"{one.id}@stafetten")
        event.add("sequence", one.sequence)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", one.starts_at.astimezone(UTC))
        event.add("dtend", one.ends_at.astimezone(UTC))
        event.add("summary", summary)
        event.add("class", "PRIVATE")
        event.add("status", "CONFIRMED" if one.answer == "yes" else "TENTATIVE")
        event.add("url", current_app.config["PUBLIC_URL"] + url_for(".one", meeting_id=one.id))
        made.add_component(event)
    return bytes(made.to_ical())
