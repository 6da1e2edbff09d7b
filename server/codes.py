"""Which code words need a text: charts' states, events and guards, and enumerations shown to people."""

import ast
import enum
import functools
import importlib
import re
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_ROOMS = ("levels", "records", "casework", "workflows", "api", "web", "server")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@functools.cache
def _module(room: str, name: str) -> Any:
    return importlib.import_module(f"{room}.{name}")


def _modules(root: Path, room: str) -> Iterator[Any]:
    for path in sorted((root / room).glob("*.py")):
        if path.stem != "__init__":
            yield _module(room, path.stem)


def _chart_codes(root: Path) -> Iterator[tuple[str, str, str]]:
    charts = _module("levels", "charts")
    for module in _modules(root, "levels"):
        owner = module.__name__.partition(".")[2]
        for chart in _defined(module, charts.Chart):
            for context, read in (
                ("state", charts.states),
                ("event", charts.events),
                ("unmet", charts.guards),
            ):
                yield from ((context, code, owner) for code in read(chart))
            asked = (each for row in chart.follows.values() for each in row)
            yield from (("notice", each.kind, owner) for each in asked if hasattr(each, "kind"))


def _defined(module: Any, base: type) -> Iterator[Any]:
    """The subclasses a module makes itself, not those it borrows."""
    for value in vars(module).values():
        made_here = isinstance(value, type) and value.__module__ == module.__name__
        if made_here and issubclass(value, base) and value is not base:
            yield value


def _enum_codes(root: Path) -> Iterator[tuple[str, str, str]]:
    """Enumerations say which context their members belong to by a class method `text_context`."""
    for room in ("levels", "casework"):
        for path in sorted((root / room).rglob("*.py")):
            if "def text_context" not in path.read_text("utf-8"):
                continue
            dotted = path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
            for value in vars(importlib.import_module(dotted)).values():
                yield from _members(value, dotted)


def _members(value: Any, owner: str) -> Iterator[tuple[str, str, str]]:
    ours = isinstance(value, type) and issubclass(value, enum.Enum) and value.__module__ == owner
    context = value.text_context() if ours and hasattr(value, "text_context") else None
    if context:
        yield from ((context, str(each.value), owner) for each in value)


def demanded_codes(root: Path) -> set[tuple[str, str, str]]:
    """(context, code, owner) of every code word that people may meet."""
    return {*_chart_codes(root), *_enum_codes(root)}


def is_code(context: str | None, msgid: str) -> bool:
    """Whether a text is a code word, which English readers too need words for, and not a sentence."""
    return context is not None and _CODE.fullmatch(msgid) is not None


def is_known(texts: Container[tuple[str | None, str]], context: str, code: str, owner: str) -> bool:
    """Whether a catalogue has the code, for its owner alone (`consents.given`) or for all."""
    return (context, code) in texts or (context, f"{owner.rpartition('.')[2]}.{code}") in texts


def codes_in_source(root: Path) -> frozenset[str]:
    """Every word the source, the guides and the migrations mention: a text for any other code is unused."""
    words: set[str] = set()
    for room in _ROOMS:
        for path in (root / room).rglob("*.py"):
            words.update(_words_of(path))
            words.add(path.stem)
        for pattern in ("*.html", "*.yaml", "*.sql"):
            for path in (root / room).rglob(pattern):
                words.update(_WORD.findall(path.read_text("utf-8")))
    return frozenset(words)


def _words_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Constant(value=str(text)):
                yield from _WORD.findall(text)
            case (
                ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name))
            ):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
