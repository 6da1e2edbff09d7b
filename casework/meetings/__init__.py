"""Meetings: called, moved, held with minutes written on the way, cancelled."""

from casework.meetings.calling import (
    ANSWERS,
    CallMeeting,
    HoldMeeting,
    answer,
    call,
    call_off,
    cancel,
    hold,
    move_time,
    write_minutes,
)
from casework.meetings.pages import (
    Called,
    MeetingDetails,
    MeetingSummary,
    latest,
    mine,
    of_case,
    one,
    summons,
)

__all__ = [
    "ANSWERS",
    "CallMeeting",
    "Called",
    "HoldMeeting",
    "MeetingDetails",
    "MeetingSummary",
    "answer",
    "call",
    "call_off",
    "cancel",
    "hold",
    "latest",
    "mine",
    "move_time",
    "of_case",
    "one",
    "summons",
    "write_minutes",
]
