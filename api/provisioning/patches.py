"""PATCH (RFC 7644 section 3.5.2), as providers send it: capitalised operations, texts for booleans, dotted keys."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from api.provisioning.answers import Fault

Document = dict[str, Any]
_PATH = re.compile(
    r"""^(?:urn:ietf:params:scim:schemas:core:2\.0:\w+:)?(?P<name>[A-Za-z$]\w*)
    (?:\[\s*(?P<part>\w+)\s+eq\s+(?P<value>"(?:[^"\\]|\\.)*"|true|false)\s*\])?(?:\.(?P<sub>\w+))?$""",
    re.VERBOSE | re.IGNORECASE,
)
_SHAPED = re.compile(r"^[A-Za-z$][\w$:.-]*(\[[^\[\]]*\])?(\.\w+)?$")
MOST = 1000
READ_ONLY = frozenset({"id", "meta", "groups", "schemas"})


def patched(document: Document, body: Any, names: Mapping[str, bool]) -> Document:
    """The document with every operation carried out, in order, all or none.

    `names` are the attributes we keep, and whether each has several values. Others are passed over. Raises Fault.
    """
    operations = _operations(body)
    made = copy.deepcopy(document)
    for each in operations:
        operation, path = str(each.get("op", "")).lower(), each.get("path")
        if operation not in ("add", "replace", "remove"):
            raise Fault("invalidSyntax", "op is add, replace or remove")
        if operation != "remove" and "value" not in each:
            raise Fault("invalidValue", "A value is missing")
        if path is not None:
            _one(made, operation, str(path), each.get("value"), names)
        elif operation == "remove":
            raise Fault("noTarget", "remove needs a path")
        else:
            _several(made, operation, each["value"], names)
    return made


def _operations(body: Any) -> list[Document]:
    found = next((body[name] for name in body if name.lower() == "operations"), None)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Fault("invalidSyntax", "Operations is a list of objects")
    if len(found) > MOST:
        raise Fault("tooMany", "There are too many operations")
    return [{name.lower(): value for name, value in one.items()} for one in found]


def _several(made: Document, operation: str, values: Any, names: Mapping[str, bool]) -> None:
    """Without a path the value names its attributes itself; what is read-only there is passed over."""
    if not isinstance(values, dict):
        raise Fault("invalidValue", "Without a path the value is an object")
    for path, value in values.items():
        if path.lower() not in READ_ONLY:
            _one(made, operation, path, value, names)


def _one(made: Document, operation: str, path: str, value: Any, names: Mapping[str, bool]) -> None:
    found = _PATH.match(path)
    if found is None and not _SHAPED.match(path):
        raise Fault("invalidPath", f"{path} is not a path")
    name = _named(names, found["name"]) if found else None
    if found and found["name"].lower() in READ_ONLY:
        raise Fault("mutability", f"{path} cannot be changed")
    if found is None or name is None:
        return  # of a schema, or a name, that is not kept here
    if found["part"]:
        _chosen(made, operation, name, found, value)
    elif found["sub"]:
        _inside(made, operation, name, found["sub"], value)
    elif operation == "remove":
        _removed(made, name, value, many=names[name])
    else:
        _put(made, operation, name, value, many=names[name])


def _named(names: Mapping[str, bool], written: str) -> str | None:
    return next((name for name in names if name.lower() == written.lower()), None)


def _put(made: Document, operation: str, name: str, value: Any, *, many: bool) -> None:
    if not many:
        standing = made.get(name)
        both = isinstance(standing, dict) and isinstance(value, dict)
        made[name] = {**standing, **value} if both else value  # type: ignore[dict-item]
        return
    values = value if isinstance(value, list) else [value]
    values = [one if isinstance(one, dict) else {"value": one} for one in values]
    if operation == "add":
        known = {one.get("value") for one in values}
        primary = any(one.get("primary") for one in values)
        kept = [one for one in made.get(name, []) if one.get("value") not in known]
        values = [{**one, "primary": False} if primary else one for one in kept] + values
    made[name] = values


def _removed(made: Document, name: str, value: Any, *, many: bool) -> None:
    """All of it; or, as some providers write it, only the values that are listed."""
    if not many or value in (None, [], ""):
        made.pop(name, None)
        if many:
            made[name] = []
        return
    values = value if isinstance(value, list) else [value]
    gone = {one.get("value") if isinstance(one, dict) else one for one in values}
    made[name] = [one for one in made.get(name, []) if one.get("value") not in gone]


def _inside(made: Document, operation: str, name: str, sub: str, value: Any) -> None:
    whole = made.get(name)
    for part in whole if isinstance(whole, list) else [made.setdefault(name, {})]:
        known = next((one for one in part if one.lower() == sub.lower()), sub)
        if operation == "remove":
            part.pop(known, None)
        else:
            part[known] = value


def _chosen(made: Document, operation: str, name: str, found: "re.Match[str]", value: Any) -> None:
    """Values picked by what one of their parts says; a value to put there is made when there is none."""
    wanted = found["value"].strip('"')
    values = made.setdefault(name, [])
    hit = [one for one in values if str(one.get(found["part"], "")).lower() == wanted.lower()]
    if operation == "remove":
        if not found["sub"]:
            made[name] = [one for one in values if one not in hit]
        for one in hit if found["sub"] else ():
            one.pop(found["sub"], None)
        return
    if not hit:
        hit = [{found["part"]: wanted}]
        values.extend(hit)
    for one in hit:
        if found["sub"]:
            one[found["sub"]] = value
        elif isinstance(value, dict):
            one.update(value)
        else:
            raise Fault("invalidValue", f"{name} holds objects")
