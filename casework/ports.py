"""The few outside things a request may need. They may be asked; they are never told anything."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
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


@dataclass(frozen=True)
class ShiftedClock:
    """The machine's clock moved by the seconds in a file, read anew each time: weeks pass while one looks on.

    For the demo and for tests with several processes; production refuses the setting that asks for it.
    """

    file: Path

    def now(self) -> datetime:
        try:
            seconds = float(self.file.read_text("ascii") or 0)
        except FileNotFoundError:
            seconds = 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)


@dataclass
class SetClock:
    """A clock that stands where it is set: for tests and for telling the demo's past."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def local_midnight(day: date) -> datetime:
    """When a day begins in Norway."""
    return datetime.combine(day, time(), OSLO)


def local_day(at: datetime) -> date:
    """The day people in Norway would call it."""
    return at.astimezone(OSLO).date()
