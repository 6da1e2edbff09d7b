"""Prints for keeping: a template in one of our languages becomes a tagged PDF/A file, read aloud as it is seen."""

import functools
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from casework.ports import OSLO
from casework.refusals import Unavailable

HERE = Path(__file__).resolve().parent
LOCALE = HERE.parent / "locale"
LANGUAGES = ("nb", "nn", "en")
# For archives and for screen readers: fonts inside, structure marked (ISO 19005-2, level A).
VARIANT = "pdf/a-2a"


@functools.cache
def words(language: str) -> NullTranslations:
    """The catalogue of a language."""
    return Translations.load(str(LOCALE), [language])


def word(language: str, context: str, code: Any, /, of: str | None = None, **values: Any) -> str:
    """A code word; `of` prefers the text written for that owner alone. A code without one is shown as plain words."""
    plain = str(getattr(code, "value", code))
    for msgid in ([f"{of}.{plain}"] if of else []) + [plain]:
        told: str = words(language).upgettext(context, msgid)
        if told != msgid:
            return _filled(told, values)
    return plain.replace("_", " ")


def _filled(told: str, values: dict[str, Any]) -> str:
    try:
        return told % values if "%(" in told else told
    except KeyError:
        return told


def _moment(value: Any) -> date | datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(value, str) and len(value) == len("2026-11-24"):
        return found.date()
    return found.astimezone(OSLO) if isinstance(found, datetime) else found


def day(language: str, value: Any) -> str:
    """`24. november 2026`; a dash for no day."""
    if not value:
        return "–"
    return format_date(_moment(value), "d MMMM y" if language == "en" else "d. MMMM y", locale=language)


def clock(language: str, value: Any) -> str:
    """A day with the time: `24. november 2026, 10.42`."""
    found = _moment(value) if value else None
    if not isinstance(found, datetime):
        return day(language, value)
    pattern = "d MMMM y, HH:mm" if language == "en" else "d. MMMM y, HH.mm"
    return format_datetime(found, pattern, tzinfo=OSLO, locale=language)


def event(language: str, code: str, facts: Mapping[str, Any]) -> str:
    """What happened in a case, as its log says it; a day among the facts is kept as its ISO date."""
    said = {"until": day(language, facts["until"])} if "until" in facts else {}
    return word(language, "log", code, **{**facts, **said})


@functools.cache
def _pages(language: str) -> Environment:
    pages = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    pages.install_gettext_translations(words(language), newstyle=True)  # type: ignore[attr-defined]
    pages.globals |= {"word": functools.partial(word, language), "language": language}
    pages.filters |= {"day": functools.partial(day, language), "moment": functools.partial(clock, language)}
    return pages


def html(template: str, language: str, **values: Any) -> str:
    """The print before it is set: a template below casework, with its values."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    return _pages(spoken).get_template(template).render(values)


def pdf(template: str, language: str, *, key: str, **values: Any) -> bytes:
    """The print as PDF/A. The same values and key give the same bytes; nothing is fetched from anywhere.

    Raises Unavailable on a machine without the libraries that set text (Pango).
    """
    try:
        from weasyprint import HTML  # a second to import, and only needed here
    except OSError as missing:
        raise Unavailable from missing
    page = HTML(string=html(template, language, **values), url_fetcher=_nothing)
    made: bytes = page.write_pdf(pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=key.encode())
    return made


def _nothing(_url: str, *_given: Any, **_named: Any) -> Any:
    raise ValueError("a print fetches nothing")
