"""Cases: opened, moved, stepped, closed, reopened; their pages and lists."""

from casework.cases.archives import package
from casework.cases.moves import (
    ChangeLevel,
    CloseCase,
    change_guide,
    change_level,
    close,
    do_step,
    reopen,
)
from casework.cases.openings import Agreed, RaiseSignal
from casework.cases.pages import CaseDetails, CaseHead, details, head
from casework.cases.ways import Way, ways
from casework.cases.worklists import Wanted, Worklist, mine, overview

__all__ = [
    "Agreed",
    "CaseDetails",
    "CaseHead",
    "ChangeLevel",
    "CloseCase",
    "RaiseSignal",
    "Wanted",
    "Way",
    "Worklist",
    "change_guide",
    "change_level",
    "close",
    "details",
    "do_step",
    "head",
    "mine",
    "overview",
    "package",
    "reopen",
    "ways",
]
