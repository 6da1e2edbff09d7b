"""Attachments in a case: put there, listed, fetched, taken away with a reason, and marked by the malware scan."""

from casework.attachments.fetching import Fetched, content_of, fetch
from casework.attachments.listing import Listed, of_case, one, shown
from casework.attachments.putting import PutAttachment, faults, limit_for, put, tell
from casework.attachments.removing import TakeAway, take_away, to_take_away
from casework.attachments.scanning import Verdict, ask_for_scan, scanned, to_scan, unscanned

__all__ = [
    "Fetched",
    "Listed",
    "PutAttachment",
    "TakeAway",
    "Verdict",
    "ask_for_scan",
    "content_of",
    "faults",
    "fetch",
    "limit_for",
    "of_case",
    "one",
    "put",
    "scanned",
    "shown",
    "take_away",
    "tell",
    "to_scan",
    "to_take_away",
    "unscanned",
]
