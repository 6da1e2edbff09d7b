"""Consent texts: read in every language, and written in the municipality's own words as a new version."""

from collections.abc import Iterable

from flask import Blueprint, Response, url_for
from pydantic import Field

import casework.consent_texts
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import language_name

pages = Blueprint("consent_texts", __name__)
# What each language calls itself: for those who look for their own.
OWN_NAMES = {
    "nb": "Bokmål",
    "nn": "Nynorsk",
    "en": "English",
    "se": "Davvisámegiella",
    "uk": "Українська",
    "ar": "العربية",
    "pl": "Polski",
    "so": "Soomaali",
    "ti": "ትግርኛ",
}


class WriteText(Entry):
    """The seven parts and the title, and who has read it."""

    title: str = Field(default="", max_length=1000)
    purpose: str = Field(default="", max_length=1000)
    who: str = Field(default="", max_length=1000)
    what: str = Field(default="", max_length=1000)
    voluntary: str = Field(default="", max_length=1000)
    how_long: str = Field(default="", max_length=1000)
    take_back: str = Field(default="", max_length=1000)
    ask: str = Field(default="", max_length=1000)
    proofread_by: str = Field(default="", max_length=200)
    after: str = ""


PARTS = ("title", "purpose", "who", "what", "voluntary", "how_long", "take_back", "ask")


def choices() -> list[tuple[str, str]]:
    """The languages there are texts in, each by its own name."""
    return [(code, OWN_NAMES[code]) for code in casework.consent_texts.LANGUAGES()]


def spoken(more: Iterable[str]) -> list[tuple[str, str]]:
    """Languages an answer may be given in: those with a text first, in the reader's words."""
    codes = dict.fromkeys([*casework.consent_texts.LANGUAGES(), *more])
    return [(code, language_name(code)) for code in codes]


@pages.get("/consent-texts")
def listed() -> Response:
    """Every text that holds here, in every language."""
    with begin() as tx:
        found = casework.consent_texts.listed(tx)
        keeps = casework.consent_texts.keeps(tx)
    kinds = {one.kind: [each for each in found if each.kind == one.kind] for one in found}
    return show("consent_texts/list.html", kinds=kinds, names=OWN_NAMES, keeps=keeps)


@pages.get("/consent-texts/<kind>/<code>")
def one(kind: str, code: str) -> Response:
    """One text with blanks for what a case tells: to read aloud, or to print."""
    with begin() as tx:
        text = casework.consent_texts.one(tx, kind, code)
        keeps = casework.consent_texts.keeps(tx)
    return show("consent_texts/one.html", text=text, keeps=keeps, names=OWN_NAMES, choices=choices())


@pages.get("/consent-texts/<kind>/<code>/new")
def writing(kind: str, code: str) -> Response:
    """Where the municipality writes it in its own words, beginning with those that hold."""
    belongs_to("consent_texts.listed")
    with begin() as tx:
        now, common, version = casework.consent_texts.words(tx, kind, code)
    form = entered(WriteText, after=version, **now.model_dump())
    return show("consent_texts/write.html", form=form, kind=kind, code=code, common=common, parts=PARTS)


@pages.post("/consent-texts/<kind>/<code>")
@again(writing, result=".one")
def write(kind: str, code: str) -> Response:
    """Let the new version hold; answers already given keep the text they were given on."""
    form = read(WriteText)
    words = {part: getattr(form, part) for part in PARTS}
    wanted = casework.consent_texts.WriteText(
        kind, code, words, proofread_by=form.proofread_by, after=form.after, key=form.key
    )
    with begin() as tx:
        casework.consent_texts.write(tx, wanted)
    return done(url_for(".one", kind=kind, code=code), say="consent_text_written")
