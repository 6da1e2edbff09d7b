"""Reads a guide's YAML safely, remembering on which line everything stands."""

from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

LARGEST = 1_000_000
DEEPEST = 12
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a guide: where, what, and the values the sentence needs."""

    line: int
    path: str
    code: str
    values: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> str:
        """One value by name, empty when there is none."""
        return dict(self.values).get(name, "")


class Unreadable(Exception):
    """The text is not a guide's YAML; `fault` says why and where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a guide and the line of every part of it."""

    data: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def document(text: str) -> Document:
    """Parse a guide's text. Raises Unreadable for anything but plain, finite YAML."""
    if len(text) > LARGEST:
        raise Unreadable(Fault(1, "", "too_large"))
    try:
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(Fault(mark.line + 1 if mark else 1, "", "not_yaml")) from None
    except RecursionError:
        raise Unreadable(Fault(1, "", "too_deep")) from None
    if not isinstance(root, MappingNode):
        raise Unreadable(Fault(1, "", "not_a_mapping"))
    lines: dict[Path, int] = {}
    return Document(_plain(root, (), lines), lines)


def _refuse_tricks(text: str) -> None:
    """No anchors, aliases or tags: a guide needs none, and they are how YAML is made to explode."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(Fault(line, "", "anchors_not_allowed"))
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            raise Unreadable(Fault(line, "", "tags_not_allowed"))


def _plain(node: Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if len(path) > DEEPEST:
        raise Unreadable(Fault(lines[path], _spelled(path), "too_deep"))
    if isinstance(node, MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, place), lines) for place, item in enumerate(node.value)]
    return _scalar(node, path, lines)


def _mapping(node: MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise Unreadable(Fault(line, _spelled(path), "key_not_text"))
        if key.value in found:
            raise Unreadable(Fault(line, _spelled((*path, key.value)), "key_twice", (("key", key.value),)))
        found[key.value] = _plain(value, (*path, key.value), lines)
        lines[(*path, key.value)] = line
    return found


def _scalar(node: Node, path: Path, lines: dict[Path, int]) -> Any:
    """Ids such as 0 are text in a guide; only true, false, null, whole numbers in counts and dates are not."""
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        raise Unreadable(Fault(lines[path], _spelled(path), "not_yaml")) from None


def _spelled(path: Path) -> str:
    return ".".join(str(part) for part in path)


def spelled(path: Path) -> str:
    """A path as people read it: levels.0.steps.2.name."""
    return _spelled(path)
