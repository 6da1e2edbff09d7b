"""The machinery, for whoever keeps it running: how it stands, and setting it going again."""

from casework.operations.acting import pause, resume, send_again, skip, try_again
from casework.operations.desks import (
    ALIVE,
    HARMLESS,
    Desk,
    Done,
    Flow,
    GivenUp,
    Sign,
    Waiting,
    desk,
    flow,
    letter,
    operator,
    row,
)
from casework.operations.telling import Report, Stop, contacted, paused, reported, stopped, stops

__all__ = [
    "ALIVE",
    "HARMLESS",
    "Desk",
    "Done",
    "Flow",
    "GivenUp",
    "Report",
    "Sign",
    "Stop",
    "Waiting",
    "contacted",
    "desk",
    "flow",
    "letter",
    "operator",
    "pause",
    "paused",
    "reported",
    "resume",
    "row",
    "send_again",
    "skip",
    "stopped",
    "stops",
    "try_again",
]
