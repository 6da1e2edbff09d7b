"""Cases: opened, moved, stepped, closed, reopened; their pages and lists."""

from casework.cases.archives import package
from casework.cases.asides import arrive, leave
from casework.cases.moves import ChangeLevel, CloseCase, change_level, close, do_step, reopen
from casework.cases.openings import Agreed, RaiseSignal, has_open_case, next_number
from casework.cases.pages import CaseDetails, CaseHead, details, head
from casework.cases.pauses import PauseCase, end_pauses, go_on, pause
from casework.cases.pregnancies import OTHERS, RecordBirth, end_pregnancy, pregnancy, record_birth
from casework.cases.versions import change_guide
from casework.cases.ways import Newer, Way, newer_guide, ways
from casework.cases.worklists import Wanted, Worklist, mine, overview

__all__ = [
    "OTHERS",
    "Agreed",
    "CaseDetails",
    "CaseHead",
    "ChangeLevel",
    "CloseCase",
    "Newer",
    "PauseCase",
    "RaiseSignal",
    "RecordBirth",
    "Wanted",
    "Way",
    "arrive",
    "Worklist",
    "change_guide",
    "change_level",
    "close",
    "details",
    "do_step",
    "end_pauses",
    "end_pregnancy",
    "go_on",
    "has_open_case",
    "head",
    "leave",
    "mine",
    "newer_guide",
    "next_number",
    "overview",
    "package",
    "pause",
    "pregnancy",
    "record_birth",
    "reopen",
    "ways",
]
