"""What somebody is told before answering about consent, as data: one file per language and version, four kinds of text.

A consent counts only for somebody who was told why, who gets to know, what, for how long, that it is of free will, that
it can be taken back at any time, and whom to ask (personvernforordningen articles 4 no. 11, 7 and 13). Each is a field.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
FIELDS = frozenset({"service", "unit", "holder", "child", "until"})
_FIELD = re.compile(r"\{([^{}]*)\}")


class Kind(StrEnum):
    """Which text: to parents about a service or about the log, to a child that answers itself, to somebody of age."""

    SERVICE = "service"
    LOG = "log"
    YOUTH = "youth"
    ADULT = "adult"

    @classmethod
    def text_context(cls) -> str:
        """The catalogue context of the words people read."""
        return "consent_text"


# The parts in the order they are read. Every one of them must be there, in every language.
PARTS = ("purpose", "who", "what", "voluntary", "how_long", "take_back", "ask")
# What only the case can tell, and which part must tell it.
MUST_NAME: dict[Kind, dict[str, str]] = {
    kind: {"who": "unit" if kind is Kind.LOG else "service", "how_long": "until", "ask": "holder"}
    for kind in Kind
}
# Rights that a municipality's own wording may add to, and take nothing from.
KEPT_PARTS = ("voluntary", "how_long", "take_back")


def fields_in(text: str) -> set[str]:
    """What a text leaves to the case to tell: `{service}` and the like."""
    return set(_FIELD.findall(text))


def _known_fields(text: str) -> str:
    unknown = fields_in(text) - FIELDS
    if unknown or re.sub(_FIELD, "", text).count("{") or re.sub(_FIELD, "", text).count("}"):
        raise PydanticCustomError("unknown_field", "{field}", {"field": ", ".join(sorted(unknown)) or "{"})
    return text


Told = Annotated[Text, AfterValidator(_known_fields)]


class Part(BaseModel):
    """Base of everything here: closed, and never changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Wording(Part):
    """One text: a heading and the seven parts that must be told."""

    title: Told
    purpose: Told
    who: Told
    what: Told
    voluntary: Told
    how_long: Told
    take_back: Told
    ask: Told


class Headings(Part):
    """What stands above each part, and above what staff wrote for this case."""

    purpose: Word
    who: Word
    what: Word
    voluntary: Word
    how_long: Word
    take_back: Word
    ask: Word
    shared: Word
    not_shared: Word


class Kinds(Part):
    """The four texts."""

    service: Wording
    log: Wording
    youth: Wording
    adult: Wording


class Texts(Part):
    """Every text in one language. `stands_alone` is false for a text that is machine-prepared and that no native
    speaker has read: the Norwegian one stands beside it, and it never counts by itself.

    `log_name` is what the shared log is called inside a sentence; `draft_note` tells the reader about a text that is
    machine-prepared.
    """

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{1,3}$")]
    direction: Literal["ltr", "rtl"] = "ltr"
    stands_alone: bool
    draft_note: Text | None = None
    log_name: Word
    headings: Headings
    kinds: Kinds

    def wording(self, kind: Kind) -> Wording:
        """The text of one kind."""
        found: Wording = getattr(self.kinds, kind.value)
        return found


def filled(text: str, values: dict[str, str]) -> str:
    """A text with what the case tells put in. Plain replacement: nothing in the values is ever read as a field."""
    return _FIELD.sub(lambda found: values.get(found[1], ""), text)
