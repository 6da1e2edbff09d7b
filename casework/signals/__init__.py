"""Worries (undring): noted in under a minute, shared, decided in time, or raised to a case."""

from casework.signals.noting import (
    LONGEST,
    TYPES,
    Agreed,
    NoteSignal,
    RaiseSignal,
    add,
    note,
    raise_case,
    resolve,
    share,
)
from casework.signals.pages import Note, SignalDetails, SignalSummary, colleagues, details, in_my_unit, mine

__all__ = [
    "Agreed",
    "LONGEST",
    "Note",
    "NoteSignal",
    "RaiseSignal",
    "SignalDetails",
    "SignalSummary",
    "TYPES",
    "add",
    "colleagues",
    "details",
    "in_my_unit",
    "mine",
    "note",
    "raise_case",
    "resolve",
    "share",
]
