"""The texts people read before they answer about consent: as data, in many languages, checked and never weakened."""

import functools
from pathlib import Path

from levels.consent_texts.checks import FaultyTexts, check_text, read, sentence, weakened
from levels.consent_texts.models import KEPT_PARTS, PARTS, Kind, Texts, Wording, filled
from levels.families import OF_AGE

LIBRARY = Path(__file__).parent / "library"


__all__ = [
    "KEPT_PARTS",
    "LIBRARY",
    "PARTS",
    "FaultyTexts",
    "Kind",
    "Texts",
    "Wording",
    "check_text",
    "filled",
    "kind_of",
    "languages",
    "library",
    "read",
    "sentence",
    "weakened",
]


def kind_of(*, about_log: bool, asks_child: bool, age: int) -> Kind:
    """The text for a question: parents read about a service or the log, whoever answers for oneself about both."""
    if asks_child:
        return Kind.ADULT if age >= OF_AGE else Kind.YOUTH
    return Kind.LOG if about_log else Kind.SERVICE


@functools.cache
def _shipped() -> dict[str, Texts]:
    """The newest version in each language. A text that has been shown is never changed: a new version is a new file."""
    found = (read(path.read_text(encoding="utf-8")) for path in LIBRARY.glob("*.yaml"))
    return {one.language: one for one in sorted(found, key=_age)}


def _age(texts: Texts) -> tuple[int, int]:
    year, number = texts.version.split("-")
    return int(year), int(number)


def languages() -> tuple[str, ...]:
    """The languages there are texts in: the Norwegian and English ones first, then those by code."""
    first = ("nb", "nn", "en")
    return (*first, *sorted(set(_shipped()) - set(first)))


def library(language: str) -> Texts:
    """The common texts in a language. Raises KeyError for a language without."""
    return _shipped()[language]
