"""The few ways an act can be refused. No HTTP here; each door has one table from refusal to answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from levels.charts import Refused

__all__ = [
    "AlreadyDone",
    "Invalid",
    "KeyReused",
    "NotFound",
    "NotPermitted",
    "Refused",
    "Stale",
    "TooMany",
    "Unavailable",
]


class NotFound(Exception):
    """There is no such thing, or it is not yours; the two look the same."""


class NotPermitted(Exception):
    """You may know of this, but not do that to it."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class Invalid(Exception):
    """What was sent cannot be used; `errors` maps a field to the code of what is wrong with it."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in errors.items()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Change:
    """Something another person did to the same file since it was read."""

    act: str
    actor_name: str
    at: datetime
    text: str = ""


class Stale(Exception):
    """Somebody changed this since you read it; `changes` says who and what, `version` is the one to read."""

    def __init__(self, version: int, changes: tuple[Change, ...] = ()) -> None:
        super().__init__(f"now at version {version}")
        self.version, self.changes = version, changes


class AlreadyDone(Exception):
    """This key has done its work before; `result` is what it came to."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__("already done under this key")
        self.result = result


class KeyReused(Exception):
    """The idempotency key was used for something else before."""


class TooMany(Exception):
    """Too many wrong guesses from one place; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class Unavailable(Exception):
    """The database cannot be reached; nothing was written."""
