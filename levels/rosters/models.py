"""The neutral shape of a roster."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from levels.homes import Home

MOST_ROWS = 6000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the file that cannot be used: where, a code of the contexts `fault` and `remedy`, and about whom."""

    line: int
    code: str
    name: str = ""
    column: str = ""


class Unreadable(Exception):
    """Nothing of the file can be used."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f"{one.line}: {one.code}" for one in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Parent:
    """A guardian as the file has one; empty is not known. `responsible` is None when the file does not say."""

    name: str
    relation: str = "other"
    phone: str = ""
    email: str = ""
    number: str = ""
    responsible: bool | None = None
    home: Home = Home()


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child in a unit and a class."""

    line: int
    first_name: str
    last_name: str
    born_on: date | None = None
    unit: str = ""
    group: str = ""
    number: str = ""
    parents: tuple[Parent, ...] = ()
    home: Home = Home()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at work in a unit."""

    line: int
    name: str
    email: str
    role: str
    unit: str = ""
    title: str = ""
    phone: str = ""
    home: Home = Home()


@dataclass(frozen=True, slots=True)
class Roster:
    """What was read. `whole` is whether the file says that it lists everybody; None when it does not say."""

    pupils: tuple[Pupil, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    faults: tuple[Fault, ...] = ()
    whole: bool | None = None


def same(words: str) -> str:
    """A name as it is compared: without case, marks of composition and double spaces."""
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())


def whole_name(pupil: Pupil) -> str:
    """First and last name."""
    return f"{pupil.first_name} {pupil.last_name}".strip()
