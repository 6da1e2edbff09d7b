"""Consent texts: what is read before an answer, and how a municipality says it in its own words."""

from casework.consent_texts.keeping import (
    TextSummary,
    WriteText,
    keeps,
    listed,
    one,
    require_keeper,
    town_of,
    words,
    write,
)
from casework.consent_texts.showing import (
    HOUSE_LANGUAGES,
    LANGUAGES,
    Part,
    Reading,
    Shown,
    changes,
    for_question,
    norwegian,
    readings,
    remember,
    with_written,
)

__all__ = [
    "HOUSE_LANGUAGES",
    "LANGUAGES",
    "Part",
    "Reading",
    "Shown",
    "TextSummary",
    "WriteText",
    "changes",
    "for_question",
    "keeps",
    "listed",
    "norwegian",
    "one",
    "readings",
    "remember",
    "require_keeper",
    "town_of",
    "with_written",
    "words",
    "write",
]
