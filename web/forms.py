"""Forms: what was typed becomes typed values, faults go back to their fields, and nothing typed is lost."""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, get_args, get_origin

from flask import g, request
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from web.texts import has_word, word

_MANY = (list, tuple, set, frozenset)
_NORWEGIAN_DATE = re.compile(r"^\s*(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\s*$")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_OPAQUE = re.compile(r"[0-9a-fA-F-]{36}|true|[\d.,:-]+|[a-z_]+|/.*")
_HIDDEN = frozenset({"csrf", "key", "version"})
DRAFT = "_draft"  # the hidden field that names a form's draft
_CODES = {
    "missing": "required",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_few",
    "too_long": "too_many",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_big",
    "less_than": "too_big",
}
_PREFIXES = (
    ("uuid", "not_a_choice"),
    ("bool", "not_a_choice"),
    ("int", "not_a_number"),
    ("float", "not_a_number"),
    ("decimal", "not_a_number"),
    ("datetime", "not_a_time"),
    ("date", "not_a_date"),
    ("time", "not_a_time"),
)


class Entry(BaseModel):
    """What a form sends. Subclasses declare its fields; the key and the version ride along in every form."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    key: str | None = None
    version: int | None = None

    def typed(self) -> dict[str, Any]:
        """The declared fields alone, ready for an act: without the key and the version."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in _HIDDEN}


class HiddenFromFamily(Entry):
    """What may be kept from the family, with a legal reason and a day to look at it again: last on its page."""

    hide: bool = False
    hidden_reason: str = ""
    hidden_until: date | None = None

    def hidden(self) -> dict[str, Any]:
        """The same as an act takes it."""
        return {
            "for_family": not self.hide,
            "hidden_reason": self.hidden_reason or None,
            "hidden_until": self.hidden_until,
        }


def _order(model: type[Entry]) -> tuple[str, ...]:
    return tuple(sorted(model.model_fields, key=HiddenFromFamily.model_fields.__contains__))


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: a code of the context `error`, and the numbers its text needs."""

    code: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


class Invalid(Exception):
    """A form's fields cannot be used; `errors` says why, `values` is everything that was typed."""

    def __init__(self, errors: Mapping[str, Fault], values: Mapping[str, list[str]]) -> None:
        super().__init__(", ".join(errors))
        self.errors, self.values = errors, values


@dataclass
class Form:
    """A form as its page shows it: what stands in it, what is wrong, what others did meanwhile."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    errors: Mapping[str, Fault] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()
    changes: tuple[Any, ...] = ()
    stale: bool = False
    expired: bool = False
    repeated: bool = False
    version: int | None = None
    of: str = ""
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    order: tuple[str, ...] = ()
    id: str = "form"
    name: str = ""
    labels: dict[str, str] = field(default_factory=dict)

    def named(self, form_id: str) -> str:
        """Give the form its id, which its fields' ids begin with: two forms on one page never collide."""
        self.id = form_id
        return form_id

    def field_id(self, name: str) -> str:
        """The id of a field's control, or of the first of a group."""
        return f"{self.id}-{name.replace('_', '-')}"

    def value(self, name: str) -> str:
        """What stands in a field; empty when nothing does."""
        return next(iter(self.values.get(name, ())), "")

    def chosen(self, name: str) -> frozenset[str]:
        """Every choice made in a field of many."""
        return frozenset(self.values.get(name, ()))

    def error(self, name: str) -> str:
        """What is wrong with a field, in words; empty when nothing is."""
        fault = self.errors.get(name)
        return word("error", fault.code, of=name, **fault.numbers) if fault else ""

    def labelled(self, name: str, label: str) -> str:
        """Remember what a field is called, for the summary above it."""
        self.labels[name] = label
        return ""

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Every wrong field with its words, in the form's order. General words follow the label."""
        rank = {name: place for place, name in enumerate(self.order)}
        return [(name, self._told(name)) for name in sorted(self.errors, key=lambda n: rank.get(n, 99))]

    def _told(self, name: str) -> str:
        special = has_word("error", f"{name}.{self.errors[name].code}")
        label = "" if special else self.labels.get(name, "").rstrip(":")
        return (
            f"{label}{'' if label.endswith('?') else ':'} {self.error(name)}" if label else self.error(name)
        )

    @property
    def readable(self) -> list[str]:
        """What a person typed, without ids, numbers and marks: to be shown when the form itself cannot be."""
        texts = (text for name, each in self.values.items() if name not in _HIDDEN for text in each)
        return [text for text in texts if len(text) > 3 and not _OPAQUE.fullmatch(text)]

    @property
    def headline(self) -> str:
        """What stands in the way, in one line."""
        if self.expired:
            return _("The page had been open too long. Nothing is lost: save once more.")
        if self.stale:
            return _("Somebody changed this while you were writing")
        if self.repeated:
            return _("This form was already sent with other content. Save once more to send this as well.")
        if self.unmet:
            return _("This cannot be done yet")
        return _("Mend this before we can save")

    @property
    def troubled(self) -> bool:
        """Whether the form is shown again because something stood in the way."""
        return bool(self.errors or self.unmet or self.stale or self.expired or self.repeated)


def _holds_many(info: FieldInfo) -> bool:
    kinds = [info.annotation, *get_args(info.annotation)]
    return any((get_origin(kind) or kind) in _MANY for kind in kinds)


def _is_switch(info: FieldInfo) -> bool:
    return info.annotation is bool


def _plain(text: str) -> str:
    tidy = text.replace("\r\n", "\n").replace("\r", "\n")
    date = _NORWEGIAN_DATE.match(tidy)
    return f"{date[3]}-{int(date[2]):02}-{int(date[1]):02}" if date else tidy


def typed_values() -> dict[str, list[str]]:
    """Everything that was typed, by field, without the hidden ones."""
    return {
        name: [text.replace("\r\n", "\n") for text in texts]
        for name, texts in request.form.lists()
        if name not in {"csrf", "_form", DRAFT}
    }


def _raw(model: type[Entry], values: Mapping[str, list[str]]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        texts = [_plain(text) for text in values.get(name, ()) if text.strip()]
        if _holds_many(info):
            raw[name] = texts
        elif _is_switch(info):
            raw[name] = bool(texts)
        elif texts:
            raw[name] = texts[0]
    return raw


def _fault(error: Mapping[str, Any]) -> Fault:
    kind = str(error["type"])
    limits = error.get("ctx", {})
    number = next((limits[name] for name in _LIMITS if name in limits), None)
    numbers = {} if number is None else {"limit": number}
    if kind in {"string_too_short", "too_short"} and number == 1:
        return Fault("required")
    if kind in _CODES:
        return Fault(_CODES[kind], numbers)
    found = next((code for prefix, code in _PREFIXES if kind.startswith(prefix)), None)
    return Fault(found or (kind if "." not in kind and kind not in _VAGUE else "not_valid"), numbers)


_LIMITS = ("max_length", "min_length", "ge", "gt", "le", "lt")
_VAGUE = frozenset(
    {"value_error", "assertion_error", "string_type", "none_required", "string_pattern_mismatch"}
)


def _unprintable(raw: Mapping[str, Any]) -> dict[str, Fault]:
    texts = ((name, text) for name, value in raw.items() for text in _each(value))
    return {name: Fault("not_text") for name, text in texts if _UNPRINTABLE.search(text)}


def _each(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        return value
    return (value,) if isinstance(value, str) else ()


def read(model: type[E]) -> E:
    """The form that was sent, as typed values; raises Invalid, which shows the form again with its faults."""
    g.reading = model
    values = typed_values()
    raw = _raw(model, values)
    errors = _unprintable(raw)
    try:
        entry = model.model_validate(raw)
    except ValidationError as refusal:
        found = {str(each["loc"][0] if each["loc"] else ""): _fault(each) for each in refusal.errors()}
        errors = {**found, **errors}
    if errors:
        raise Invalid(errors, values)
    return entry


def entered(model: type[Entry], *, draft: Mapping[str, Any] | None = None, **initial: Any) -> Form:
    """The form for a page: what was just typed when it is shown again, else the draft, else these values.

    `version=` is the version of what the form changes, and `of=` its id, so that an act elsewhere on the page
    can bring this form's version up to date.
    """
    version, of = initial.pop("version", None), str(initial.pop("of", ""))
    again: Form | None = g.get("again")
    if again is not None and _sent_as(model):
        again.version, again.of, again.name = version, of, model.__name__
        again.order = _order(model)
        return again
    values = {name: _texts(value) for name, value in {**initial, **(draft or {})}.items()}
    return Form(values=values, version=version, of=of, order=_order(model), name=model.__name__)


def _sent_as(model: type[Entry]) -> bool:
    """Whether the form that was sent is this one: as read, or by its name when refused before that."""
    reading = g.get("reading")
    return reading is model if reading else request.form.get("_form") == model.__name__


def _texts(value: Any) -> list[str]:
    if value is None or value is False:
        return []
    if isinstance(value, _MANY):
        return [str(getattr(each, "value", each)) for each in value]
    return ["true" if value is True else str(getattr(value, "value", value))]


View = TypeVar("View", bound=Callable[..., Any])


def again(page: Callable[..., Any], *, result: str | None = None) -> Callable[[View], View]:
    """When an act is refused, show this page again with everything typed kept and the reasons in words.

    `result` is the endpoint to go to when the very same form was already sent: what it came to.
    """

    def mark(act: View) -> View:
        act.again, act.result = page, result  # type: ignore[attr-defined]
        return act

    return mark


def shown_again(*, fresh_key: bool = False, **trouble: Any) -> Form:
    """The form that was just sent, as it is to be shown again."""
    values = typed_values()
    key = "" if fresh_key else next(iter(values.get("key", ())), "")
    return Form(values=values, key=key or str(uuid.uuid4()), **trouble)
