"""Reads a guide's YAML safely, remembering on which line everything stands.

Every plain word is text here: `id: 0`, `version: 2.10` and `language: no` mean what they say, not a number, a
rounded number and «false». Anchors, aliases and tags are refused: a guide needs none, and they are how YAML is
made to explode. Own composition from parser events, because PyYAML's keeps the last of two equal keys silently.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LARGEST = 1_000_000
DEEPEST = 12
# Nobody mends more at a time, and a hostile file must not be answered with a longer one.
MOST_FAULTS = 200
Path = tuple[str | int, ...]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a guide: where, what, what mends it, and the values the sentences need."""

    line: int
    path: str
    code: str
    values: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> str:
        """One value by name, empty when there is none."""
        return dict(self.values).get(name, "")

    @property
    def remedy(self) -> str:
        """The code of what mends it: the same word, in a context of its own."""
        return self.code


class Unreadable(Exception):
    """The text is not a guide's YAML; `fault` says why and where."""

    def __init__(self, line: int, code: str, path: Path = (), **values: str) -> None:
        super().__init__(code)
        self.fault = Fault(line, spelled(path), code, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a guide and the line of every part of it."""

    data: Any
    lines: dict[Path, int]
    doubles: tuple[Fault, ...] = ()

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def spelled(path: Path) -> str:
    """A path as people read it: levels.0.steps.2.name."""
    return ".".join(str(part) for part in path)


def decoded(source: str | bytes) -> str:
    """The text of a file; raises Unreadable when it is too large or not UTF-8."""
    try:
        raw = source if isinstance(source, bytes) else source.encode("utf-8")
        if len(raw) > LARGEST:
            raise Unreadable(1, "too_large")
        text = raw.decode("utf-8-sig")
    except UnicodeError as error:
        raise Unreadable(_line_of(source, getattr(error, "start", 0)), "wrong_encoding") from None
    return text


def _line_of(source: str | bytes, place: int) -> int:
    before = source[:place]
    return 1 + (before.count(b"\n") if isinstance(before, bytes) else before.count("\n"))


def document(source: str | bytes) -> Document:
    """Parse a guide's text. Raises Unreadable for anything but plain, finite YAML."""
    text = decoded(source)
    try:
        reader = _Composer(_events(text))
        return reader.document()
    except yaml.reader.ReaderError as error:
        raise Unreadable(_line_of(text, error.position), "wrong_character") from None
    except yaml.YAMLError as error:
        raise Unreadable(_line_in(error), "not_yaml", problem=_problem(error)) from None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _line_in(error: Any) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark else 1


def _problem(error: Any) -> str:
    return str(getattr(error, "problem", None) or "")[:120]


def _events(text: str) -> Iterator[yaml.Event]:
    """The parser's events, stopping at the first that no guide needs; nothing is built before this has passed."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(line, "anchors_not_allowed")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            raise Unreadable(line, "tags_not_allowed")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Unreadable(line, "too_deep")
        yield event


class _Composer:
    """Builds plain data from events, and notes lines and doubled keys on the way."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.lines: dict[Path, int] = {}
        self.doubles: list[Fault] = []

    def document(self) -> Document:
        data: Any = None
        seen = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise Unreadable(_line(event), "more_than_one_document")
                seen = True
                data = self._value(next(self.events), ())
        if not isinstance(data, dict):
            raise Unreadable(1, "not_a_mapping")
        return Document(data, self.lines, tuple(self.doubles))

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event)

    def _scalar(self, event: Any) -> str | None:
        plain = event.style is None or event.style == ""
        return None if plain and event.value in _NOTHING else event.value

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            line = _line(event)
            if key in found and len(self.doubles) < MOST_FAULTS:
                self.doubles.append(Fault(line, spelled((*path, key)), "key_twice", (("key", key[:60]),)))
            self.lines[(*path, key)] = line
            found[key] = self._value(next(self.events), (*path, key))
        return found

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable(_line(event), "key_not_text", path)
        return str(event.value)
