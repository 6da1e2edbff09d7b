"""The few outside things a request may need. They may be asked; they are never told anything."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime: ...


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it is set: for tests and for telling the demo's past."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def local_day(at: datetime) -> date:
    """The day people in Norway would call it."""
    return at.astimezone(OSLO).date()
