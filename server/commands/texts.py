"""`stafetten texts readability|check`: how easy families' texts are to read, and a file of consent texts' faults."""

import functools
import operator
from collections.abc import Iterator
from pathlib import Path

import typer
from babel.messages.catalog import Catalog

from levels import consent_texts, readability
from levels.readability import Readability
from server.texts import LANGUAGES, folder, read_fragment

NOTHING = Readability(0, 0, 0)
PORTAL = "families"


def check(file: Path) -> int:
    """Print every fault of a file of consent texts; answer 1 when there is one, else 0."""
    faults = consent_texts.check_text(file.read_bytes())
    for fault in faults:
        typer.echo(f"✗ {file}, {consent_texts.sentence(fault)}")
    if not faults:
        typer.echo(f"{file}: no faults; it can be used.")
    return 1 if faults else 0


def of_consent() -> Iterator[tuple[str, str, str]]:
    """Every consent text in the house's languages: its name, its language, and all of its words."""
    for language in LANGUAGES:
        texts = consent_texts.library(language)
        for kind in consent_texts.Kind:
            yield f"consent, {kind}", language, "\n".join(texts.wording(kind).model_dump().values())


def of_portal(language: str) -> list[str]:
    """Every string of the family's own pages in a language."""
    found = []
    for message in read_fragment(folder("nb") / f"{PORTAL}.po", "nb"):
        told = _fragment(language).get(message.id, context=message.context) if message.id else None
        strings = told.string if told is not None and told.string else message.id
        found += [strings] if isinstance(strings, str) else list(strings)
    return [text for text in found if text]


@functools.cache
def _fragment(language: str) -> Catalog:
    return read_fragment(folder(language) / f"{PORTAL}.po", language)


def rows() -> Iterator[tuple[str, str, Readability]]:
    """What is measured, in which language, and the figures."""
    for name, language, text in of_consent():
        yield name, language, readability.measure(text)
    for language in LANGUAGES:
        counted = map(readability.measure, of_portal(language))
        yield "the family's pages", language, functools.reduce(operator.add, counted, NOTHING)


def table() -> int:
    """Print LIX and words per sentence for each text; answer 1 when one is harder than it may be."""
    hard = 0
    typer.echo(f"{'text':<22}{'':<4}{'words':>6}{'words/sentence':>16}{'LIX':>7}")
    for name, language, found in rows():
        mark = found.lix > readability.MOST_LIX or found.mean > readability.MOST_WORDS_A_SENTENCE
        hard += mark
        typer.echo(
            f"{name:<22}{language:<4}{found.words:>6}{found.mean:>16.1f}{found.lix:>7.1f}{'  ✗' if mark else ''}"
        )
    typer.echo(
        f"At most LIX {readability.MOST_LIX} and {readability.MOST_WORDS_A_SENTENCE} words a sentence."
    )
    return 1 if hard else 0
