"""Reads the texts, or names each fault with its line; and what a municipality's own wording may not take away."""

import functools
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from levels.consent_texts.models import KEPT_PARTS, MUST_NAME, PARTS, Kind, Texts, Wording, fields_in
from levels.guides.reading import Document, Fault, Path, Unreadable, document, spelled

SENTENCES: dict[str, str] = {
    "missing": "«{key}» is missing. Add it: nobody can answer without having been told.",
    "extra_forbidden": "«{key}» is not a key here. Remove the line.",
    "string_too_short": "«{key}» has no text. Write it.",
    "string_too_long": "«{key}» is too long. Shorten it.",
    "string_pattern_mismatch": "«{key}» is not spelled as it must be.",
    "unknown_field": "«{key}» names a field nobody fills in. Use only service, unit, holder, child and until.",
    "field_missing": "«{key}» must name {{{field}}}. Write it into the sentence.",
    "draft_note_missing": "A text that does not stand alone must say so in its own language: add draft_note.",
    "key_twice": "«{key}» is written twice. Keep one of them.",
    "not_yaml": "This line is not valid YAML. Check indentation, quotes and colons here and just above.",
    "wrong_value": "«{key}» is not what can stand here.",
}


class FaultyTexts(ValueError):
    """The file cannot be used; `faults` says where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} fault(s), the first: {sentence(faults[0])}")
        self.faults = faults


def sentence(fault: Fault) -> str:
    """Line, place, what is wrong and what mends it, in English for the command line."""
    told = SENTENCES.get(fault.code, SENTENCES["wrong_value"]).format(
        key=fault.path.rpartition(".")[2], field=fault.value("field")
    )
    return f"line {fault.line} ({fault.path}): {told}"


@functools.lru_cache(maxsize=64)
def read(text: str) -> Texts:
    """The texts in a file. Raises FaultyTexts when `check_text` finds anything."""
    faults, found = _checked(text)
    if faults or found is None:
        raise FaultyTexts(faults)
    return found


def check_text(text: str | bytes) -> tuple[Fault, ...]:
    """Every fault by line; none when the texts can be used. Never raises."""
    return _checked(text)[0]


def _checked(text: str | bytes) -> tuple[tuple[Fault, ...], Texts | None]:
    try:
        found = document(text)
    except Unreadable as unreadable:
        return (unreadable.fault,), None
    try:
        texts = Texts.model_validate(found.data)
    except ValidationError as error:
        shapes = (_fault(found, one["loc"], one["type"]) for one in error.errors(include_url=False))
        return _sorted([*found.doubles, *shapes]), None
    return _sorted([*found.doubles, *_untold(found, texts)]), texts


def _sorted(found: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(found, key=lambda fault: fault.line))


def _fault(found: Document, path: Path, code: str, **values: str) -> Fault:
    return Fault(found.line(path), spelled(path), code, tuple(values.items()))


def _untold(found: Document, texts: Texts) -> Iterator[Fault]:
    if not texts.stands_alone and texts.draft_note is None:
        yield _fault(found, ("stands_alone",), "draft_note_missing")
    for kind in Kind:
        for part, field in unnamed(kind, texts.wording(kind)):
            yield _fault(found, ("kinds", kind.value, part), "field_missing", field=field)


def unnamed(kind: Kind, wording: Wording) -> Iterator[tuple[str, str]]:
    """The parts that do not name what they must, each with the field that is missing."""
    for part, field in MUST_NAME[kind].items():
        if field not in fields_in(getattr(wording, part)):
            yield part, field


def weakened(kind: Kind, own: Mapping[str, str], common: Wording) -> dict[str, str]:
    """What is wrong with a municipality's own wording, by part: it may add to the common text, never tell less.

    `write_something` for a part that is empty, `field_unknown` and `field_missing` for what only the case can tell,
    `right_taken_away` where the common text's sentences about a right no longer stand as they were.
    """
    wrong: dict[str, str] = {}
    for part in ("title", *PARTS):
        text = " ".join(own.get(part, "").split())
        if not text:
            wrong[part] = "write_something"
        elif part in KEPT_PARTS and " ".join(getattr(common, part).split()) not in text:
            wrong[part] = "right_taken_away"
    try:
        wording = Wording(**{part: own.get(part) or "–" for part in ("title", *PARTS)})
    except ValidationError as error:
        codes = {"string_too_long": "too_long"}
        return {str(one["loc"][0]): codes.get(one["type"], "field_unknown") for one in error.errors()} | wrong
    return {part: "field_missing" for part, _field in unnamed(kind, wording)} | wrong
