"""Filters as identity providers send them: `attribute eq "value"`, joined by `and` (RFC 7644 section 3.4.2.2)."""

import json
import re
from collections.abc import Mapping

from api.provisioning.answers import Fault

_TERM = re.compile(
    r"""\s*\(*\s*(?P<name>[\w:.$-]+(?:\[\s*type\s+eq\s+"work"\s*\])?(?:\.\w+)?)
    \s+(?P<operator>\w+)\s+(?P<value>"(?:[^"\\]|\\.)*"|true|false|null|-?\d+)\s*\)*\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_AND = re.compile(r"and\s+", re.IGNORECASE)
_WORK = re.compile(r'\[\s*type\s+eq\s+"work"\s*\]', re.IGNORECASE)


def read(filter_: str, fields: Mapping[str, str]) -> dict[str, str]:
    """What must hold, by the field each attribute stands for; raises Fault for what we cannot search by."""
    wanted: dict[str, str] = {}
    place = 0
    while place < len(filter_):
        term = _TERM.match(filter_, place)
        if term is None:
            raise Fault("invalidFilter", "Only attribute eq value, joined by and, can be searched by")
        name = _WORK.sub("", term["name"]).rpartition(":")[2].lower()
        if term["operator"].lower() != "eq" or name not in fields:
            raise Fault("invalidFilter", f"{term['name']} {term['operator']} cannot be searched by")
        value = _value(term["value"])
        if wanted.setdefault(fields[name], value) != value:
            raise Fault("invalidFilter", f"{term['name']} cannot be two things at once")
        place = term.end()
        if place < len(filter_):
            joined = _AND.match(filter_, place)
            if joined is None:
                raise Fault("invalidFilter", "Conditions can be joined by and only")
            place = joined.end()
            if place == len(filter_):
                raise Fault("invalidFilter", "A condition is missing after and")
    return wanted


def _value(written: str) -> str:
    if not written.startswith('"'):
        return written.lower()
    try:
        value = str(json.loads(written))
    except ValueError as error:
        raise Fault("invalidFilter", "A text in the filter is not closed") from error
    if "\x00" in value:
        raise Fault("invalidFilter", "A text may not hold the character NUL")
    return value
