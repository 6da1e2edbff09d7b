"""School and staff rolls: what a file says, in one neutral shape, and what is wrong with it. Knows no register."""

from levels.rosters.models import Colleague, Fault, Parent, Pupil, Roster, Unreadable, same, whole_name
from levels.rosters.pifu import read_pifu
from levels.rosters.sheets import HEADERS, read_sheet, safe_cell

__all__ = [
    "HEADERS",
    "LARGEST",
    "Colleague",
    "Fault",
    "Parent",
    "Pupil",
    "Roster",
    "Unreadable",
    "read",
    "read_pifu",
    "read_sheet",
    "safe_cell",
    "same",
    "whole_name",
]
LARGEST = 4_000_000  # bytes


def read(content: bytes) -> Roster:
    """The roster in a file, PIFU-IMS when it is XML and a sheet otherwise; raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(Fault(1, "too_large"))
    if not content.strip():
        raise Unreadable(Fault(1, "empty"))
    begins = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = read_pifu(content) if begins.startswith(b"<") else read_sheet(content)
    if not (found.pupils or found.colleagues or found.faults):
        raise Unreadable(Fault(1, "empty"))
    return found
