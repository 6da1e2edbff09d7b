"""Calendar messages: what goes out can be read, what comes in can be anything."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from workflows.connectors.calendars import LARGEST, CalendarReply, invitation, replies

OSLO = ZoneInfo("Europe/Oslo")
REPLY = """BEGIN:VCALENDAR
PRODID:-//Some calendar//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:0193a2b4-0000-7000-8000-000000000001@stafetten
SEQUENCE:2
DTSTAMP:20261124T110000Z
ORGANIZER:mailto:stafetten@example.test
ATTENDEE;PARTSTAT=ACCEPTED;CN="Nurse Test":mailto:nurse@example.test
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
EXPECTED = CalendarReply(
    "0193a2b4-0000-7000-8000-000000000001@stafetten", "nurse@example.test", "ACCEPTED", 2
)


def test_a_reply_is_who_what_which_meeting_and_which_edition():
    assert replies(REPLY) == [EXPECTED]


@pytest.mark.parametrize(
    "text",
    [
        REPLY.replace("\r\n", "\n"),
        REPLY.replace("METHOD:REPLY", "method:reply"),
        REPLY.replace("PARTSTAT=ACCEPTED", "partstat=accepted").replace("mailto:nurse", "MAILTO:nurse"),
        REPLY.replace("ATTENDEE;PARTSTAT=ACCEPTED;CN", "ATTENDEE;PARTSTAT=ACC\r\n EPTED;CN"),
        REPLY.replace("UID:0193a2b4-0000", "UID:0193a2b4-\r\n\t0000"),
    ],
)
def test_folding_and_case_make_no_difference(text):
    assert replies(text) == [EXPECTED]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hei, jeg kommer!",
        REPLY.replace("REPLY", "REQUEST"),
        REPLY.replace("METHOD:REPLY\r\n", ""),
        REPLY.replace("UID:0193a2b4-0000-7000-8000-000000000001@stafetten\r\n", ""),
        REPLY.replace("SEQUENCE:2", "SEQUENCE:two"),
        REPLY.replace("SEQUENCE:2", "SEQUENCE:-1"),
        REPLY.replace("SEQUENCE:2", "SEQUENCE:" + "9" * 5000),
        REPLY.replace("SEQUENCE:2", "SEQUENCE:²"),
        REPLY.replace("mailto:nurse@example.test", "javascript:alert(1)"),
        REPLY.replace(";PARTSTAT=ACCEPTED", ""),
        REPLY[:200],
        "BEGIN:VCALENDAR\r\n" * 5000,
        REPLY + "X" * LARGEST,
        REPLY.replace("SEQUENCE:2", "\x00"),
    ],
)
def test_what_is_no_reply_is_nothing_at_all(text):
    assert replies(text) == []


def test_a_reply_without_an_edition_is_for_the_first():
    assert replies(REPLY.replace("SEQUENCE:2\r\n", ""))[0].sequence == 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.integers(0, len(REPLY)))
def test_whatever_is_put_into_a_reply_it_is_read_or_passed_by(noise, at):
    for one in replies(REPLY[:at] + noise + REPLY[at:]):
        assert one.uid and "@" in one.attendee and one.sequence >= 0


@pytest.mark.parametrize(
    "starts",
    [
        datetime(2026, 10, 25, 2, 30, tzinfo=OSLO),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=OSLO),
        datetime(2027, 3, 28, 1, 30, tzinfo=OSLO),
        datetime(2026, 12, 25, 9, 0, tzinfo=OSLO),
    ],
)
def test_an_invitation_names_the_same_instant_on_the_nights_the_clocks_change(starts):
    begins = starts.astimezone(UTC)
    sent = invitation(
        uid="1@stafetten",
        sequence=1,
        method="REQUEST",
        starts_at=starts,
        ends_at=begins + timedelta(hours=1),
        summary="Samarbeidsmøte",
        place="",
        url="https://example.test/meetings/1",
        organizer="stafetten@example.test",
        organizer_name="Fjordvik kommune",
        attendee="nurse@example.test",
        stamped_at=begins,
    )
    [event] = Calendar.from_ical(sent).walk("VEVENT")
    assert event.decoded("dtstart") == begins
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=1)
