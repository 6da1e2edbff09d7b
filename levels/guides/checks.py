"""Reads a guide, or names each fault with its line: what cannot be read, what leads nowhere, what goes too low."""

import difflib
import functools
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from pydantic import BaseModel, ValidationError

from levels.guides import floors, structure
from levels.guides.models import Guide
from levels.guides.reading import MOST_FAULTS, Document, Fault, Path, Unreadable, document, spelled
from levels.guides.sheets import Sheet


class FaultyGuide(ValueError):
    """The text is not a guide that can be used; `faults` says where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        super().__init__(f"{len(faults)} fault(s), the first on line {first.line}: {first.code} {first.path}")
        self.faults = faults


@functools.lru_cache(maxsize=128)
def read(text: str) -> Guide:
    """The guide in a text; the same text is parsed once. Raises FaultyGuide when `check_text` finds anything."""
    faults, guide = _checked(text)
    if faults or guide is None:
        raise FaultyGuide(faults)
    return guide


def check_text(text: str | bytes) -> tuple[Fault, ...]:
    """Every fault by line, at most 200; none when the guide can be published. Never raises."""
    return _checked(text)[0]


def _checked(text: str | bytes) -> tuple[tuple[Fault, ...], Guide | None]:
    try:
        found = document(text)
    except Unreadable as unreadable:
        return (unreadable.fault,), None
    try:
        guide = Guide.model_validate(found.data)
    except ValidationError as error:
        return _sorted(chain(found.doubles, _misshapen(found, error))), None
    sheet = Sheet(found, guide)
    return _sorted(chain(found.doubles, structure.faults_in(sheet), floors.faults_in(sheet))), guide


def _sorted(found: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(islice(found, MOST_FAULTS), key=lambda fault: fault.line))


# What pydantic calls a fault, and what people are told.
_NAMES = {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "string_too_short": "text_missing",
    "string_too_long": "text_too_long",
    "string_type": "not_a_text",
    "string_pattern_mismatch": "spelling",
    "int_parsing": "not_a_number",
    "int_type": "not_a_number",
    "int_from_float": "not_a_number",
    "int_parsing_size": "not_a_number",
    "greater_than_equal": "number_too_low",
    "less_than_equal": "number_too_high",
    "bool_parsing": "not_yes_or_no",
    "bool_type": "not_yes_or_no",
    "not_a_date": "not_a_date",
    "tuple_type": "not_a_list",
    "model_type": "not_a_group",
    "model_attributes_type": "not_a_group",
    "too_short": "list_empty",
    "too_long": "list_too_long",
}
_BY_KEY = {"link": "not_a_link", "municipality_number": "not_a_municipality_number"}


def _misshapen(found: Document, error: ValidationError) -> Iterator[Fault]:
    for one in islice(error.errors(include_url=False), MOST_FAULTS):
        path: Path = one["loc"]
        if one["type"] == "too_short" and one["input"]:
            continue  # pydantic counts only the sound items; the others are named one by one
        yield Fault(found.line(path), spelled(path), _code(one, path), tuple(_values(one, path)))


def _key(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")[:60]


def _code(error: Mapping[str, Any], path: Path) -> str:
    code = _NAMES.get(error["type"], "wrong_value")
    if code == "spelling":
        return _BY_KEY.get(_key(path), code)
    if error.get("input", ...) is None and code not in ("missing_key", "unknown_key"):
        return {"not_a_list": "list_empty", "not_a_group": code}.get(code, "text_missing")
    return code


def _values(error: Mapping[str, Any], path: Path) -> Iterator[tuple[str, str]]:
    yield "key", _key(path)
    context = error.get("ctx") or {}
    if isinstance(error.get("input"), str):
        yield "value", error["input"][:60]
    for name, key in (("expected", "allowed"), ("ge", "least"), ("le", "most"), ("max_length", "most")):
        if name in context:
            yield key, str(context[name])
    if error["type"] == "extra_forbidden":
        yield "nearest", _nearest(path)


def _nearest(path: Path) -> str:
    known = _keys_at(path[:-1])
    close = difflib.get_close_matches(str(path[-1])[:60], known, n=1)
    return close[0] if close else ", ".join(sorted(known))


def _keys_at(path: Path) -> list[str]:
    """The keys the format knows at a place."""
    model: type[BaseModel] = Guide
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(one) for one in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)
