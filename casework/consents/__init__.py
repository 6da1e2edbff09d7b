"""Consents: asked per service and person, answered on paper or by word of mouth, taken back at any time."""

from casework.consents import anew
from casework.consents.answering import (
    EVENTS,
    Answer,
    answer_oneself,
    record,
    renew_oneself,
    take_down,
)
from casework.consents.asking import (
    USUAL_TERM,
    Question,
    ask,
    ask_about_log,
    consenters,
    hold,
    may_be_told,
    recheck,
    write_to,
)
from casework.consents.reading import (
    WARNED_BEFORE,
    ConsentSummary,
    Recording,
    ends_soon,
    of_case,
    one,
    renewal,
    settled,
    text_for,
    with_text,
)

__all__ = [
    "EVENTS",
    "USUAL_TERM",
    "WARNED_BEFORE",
    "Answer",
    "ConsentSummary",
    "Question",
    "Recording",
    "anew",
    "answer_oneself",
    "ask",
    "ask_about_log",
    "consenters",
    "ends_soon",
    "hold",
    "may_be_told",
    "of_case",
    "one",
    "recheck",
    "record",
    "renew_oneself",
    "renewal",
    "settled",
    "take_down",
    "text_for",
    "with_text",
    "write_to",
]
