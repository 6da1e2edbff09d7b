"""Languages: which one a reader gets, code words in it, and dates and numbers as people write them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, get_translations

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
DEFAULT = "nb"
COOKIE = "stafetten-language"
OSLO = ZoneInfo("Europe/Oslo")
_TIGHT = "\u00a0"
_JOINS = re.compile(
    r"(?<=\d\.) (?=[a-zæøå])|(?<=\bkl\.) (?=\d)|(?<=\d) (?=%)|(?<=[Nn]ivå) (?=\d)|(?<=[Ll]evel) (?=\d)"
    r"|(?<=[a-zæøå]\.) (?=\d{4}\b)|(?<=\d) (?=(?:januar|februar|mars|april|mai|juni|juli|august|september"
    r"|oktober|november|desember|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b)|(?<=\d\d) (?=\d\d\b)"
)


def chosen_language() -> str:
    """The reader's choice, else what their work says of them, else the browser's wish, else the default."""
    if not has_request_context():
        return DEFAULT
    if request.cookies.get(COOKIE) in LANGUAGES:
        return request.cookies[COOKIE]
    visit = g.get("visit")
    if visit is not None:
        return str(visit.language or visit.actor.language)
    wished = request.accept_languages.best_match([*LANGUAGES, "no"])
    return "nb" if wished == "no" else wished or DEFAULT


def _spoken() -> tuple[str, NullTranslations]:
    """The page's language and its catalogue, found once for a page: one page asks for hundreds of texts."""
    known: tuple[str, NullTranslations] | None = g.get("texts")
    if known is None:
        code = str(getattr(get_locale(), "language", None) or chosen_language())
        known = g.texts = (code, get_translations())
    return known


def language() -> str:
    """The language of the page being written: nb, nn or en."""
    return _spoken()[0]


def gettext(msgid: str, /, **values: Any) -> str:
    """A text in the page's language."""
    told = _spoken()[1].ugettext(msgid)
    return told % values if values else told


def pgettext(context: str, msgid: str, /, **values: Any) -> str:
    """A text that means different things in different places."""
    told = _spoken()[1].upgettext(context, msgid)
    return told % values if values else told


def ngettext(one: str, many: str, num: int, /, **values: Any) -> str:
    """A text with a number in it."""
    return _spoken()[1].ungettext(one, many, num) % {"num": num, **values}


def npgettext(context: str, one: str, many: str, num: int, /, **values: Any) -> str:
    """A text with a number in it, for one place."""
    return _spoken()[1].unpgettext(context, one, many, num) % {"num": num, **values}


_ = gettext


def remember_language(response: Response, code: str) -> Response:
    """Keep the reader's language for a year. It says nothing about who they are."""
    response.set_cookie(
        COOKIE, code, max_age=31_536_000, httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    return response


def word(context: str, code: Any, /, of: str | None = None, **values: Any) -> str:
    """A code word in the reader's language; `of` prefers the text written for that owner alone.

    An untranslated code is marked in tests and development and shown as plain words in production.
    """
    plain = str(getattr(code, "value", code))
    for msgid in ([f"{of}.{plain}"] if of else []) + [plain]:
        text = pgettext(context, msgid)
        if text != msgid:
            return text % values if values else text
    if current_app.config.get("MARK_UNTRANSLATED"):
        return f"⟦{context}:{plain}⟧"
    return plain.replace("_", " ")


def event(code: str, facts: Mapping[str, Any]) -> str:
    """What happened in a case, as its log says it; a day among the facts is kept as its ISO date."""
    said = {"until": day(date.fromisoformat(facts["until"]))} if "until" in facts else {}
    return word("log", code, **{**facts, **said})


def deadline(due: str) -> str:
    """What a deadline is for; a guide's own step is called a step here and named on its page."""
    return word("deadline", due.partition(":")[0])


def has_word(context: str, code: str) -> bool:
    """Whether the catalogues have a text of its own for a code."""
    return pgettext(context, code) != code


def words(context: str, codes: Iterable[Any], of: str | None = None) -> list[tuple[str, str]]:
    """Codes with their words, for chips and lists of choices."""
    return [(str(getattr(code, "value", code)), word(context, code, of=of)) for code in codes]


def tight(text: Any) -> str:
    """Keep dates, times, levels, percentages and telephone numbers on one line."""
    return _JOINS.sub(_TIGHT, str(text))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(OSLO)


def day(when: date | datetime, *, weekday: bool = False, short: bool = False, year: bool = True) -> str:
    """A date: `24. november 2026`; short, as in lists: `24. nov.`."""
    local = _local(when) if isinstance(when, datetime) else when
    english = language() == "en"
    month = "MMM" if short else "MMMM"
    pattern = f"d {month}" if english else f"d. {month}"
    if year and not short:
        pattern += " y"
    date_alone = format_date(local, pattern, locale=language()).replace(" ", _TIGHT)
    if not weekday:
        return date_alone
    return f"{format_date(local, 'EEE' if short else 'EEEE', locale=language())} {date_alone}"


def month(when: date) -> str:
    """A month with its year: `november 2026`."""
    return format_date(when, "LLLL y", locale=language())


def clock(when: datetime) -> str:
    """A time of day: `kl. 10.42`, in English `10:42`."""
    if language() == "en":
        return format_time(_local(when), "HH:mm", locale="en")
    return tight(f"kl. {format_time(_local(when), 'HH.mm', locale=language())}")


def moment(when: datetime, *, short: bool = True) -> str:
    """A date with its time: `24. nov. kl. 10.42`."""
    return f"{day(when, short=short)} {clock(when)}"


def iso(when: date | datetime) -> str:
    """What the `datetime` attribute of a `time` element holds."""
    if isinstance(when, datetime):
        return format_datetime(_local(when), "yyyy-MM-dd'T'HH:mm", locale="en")
    return when.isoformat()


def today() -> date:
    """The day in Norway, by casework's clock."""
    return _now().date()


def _now() -> datetime:
    return _local(current_app.extensions["casework"].clock.now())


def lately(when: date | datetime) -> str:
    """When something happened, as one would say it today: `today kl. 10.42`, `16. nov.`."""
    local = _local(when) if isinstance(when, datetime) else None
    on = local.date() if local else when
    ago = (today() - on).days
    named = {0: _("today"), 1: _("yesterday")}.get(ago)
    if named is None:
        return day(on, short=True) if on.year == today().year else day(on)
    return f"{named} {clock(local)}" if local else named


def days_until(deadline: date | datetime) -> int:
    """Whole days from today; negative when the deadline is behind us."""
    on = _local(deadline).date() if isinstance(deadline, datetime) else deadline
    return (on - today()).days


def sentence(text: Any) -> str:
    """The same with a capital first letter: `Tirsdag 24. november`."""
    plain = str(text)
    return plain[:1].upper() + plain[1:]


def language_name(code: str) -> str:
    """What a language is called in the reader's own: `Nordsamisk`."""
    return sentence(Locale.parse(language()).languages.get(code, code))


def figure(number: float) -> str:
    """A number with the reader's decimal sign."""
    return format_decimal(number, locale=language())


def size(number: int) -> str:
    """How large a file is, in kilobytes or megabytes as people read them."""
    if number < 1024 * 1024:
        return f"{figure(max(1, round(number / 1024)))} kB"
    return f"{figure(round(number / (1024 * 1024), 1))} MB"


def days_left(days: int) -> str:
    """How far a deadline is: `Today`, `Thursday`, `12 days left`, `2 days over`."""
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Tomorrow")
    if days < 0:
        return ngettext("%(num)d day over", "%(num)d days over", -days)
    if days < 7:
        return format_date(today() + timedelta(days=days), "EEEE", locale=language()).capitalize()
    return ngettext("%(num)d day left", "%(num)d days left", days)


def _globals() -> dict[str, Callable[..., Any]]:
    return {
        "_": gettext,
        "gettext": gettext,
        "ngettext": ngettext,
        "pgettext": pgettext,
        "npgettext": npgettext,
        "word": word,
        "deadline": deadline,
        "event": event,
        "language": language,
        "language_name": language_name,
        "today": today,
    }


def connect(app: Flask, *, folder: str, mark_untranslated: bool) -> None:
    """Give the application its catalogues, its language choice and its filters."""
    app.config["MARK_UNTRANSLATED"] = mark_untranslated
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Europe/Oslo",
        default_translation_directories=folder,
        locale_selector=chosen_language,
    )
    app.jinja_env.globals.update(_globals())
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES
    for each in (
        day,
        month,
        clock,
        moment,
        iso,
        lately,
        days_until,
        days_left,
        figure,
        size,
        sentence,
        tight,
    ):
        app.jinja_env.filters[each.__name__] = each
