"""Keeps a handful of processes running: starts them, waits for them, starts again what died, stops all.

Each runs under a guard (`server/guard.py`), so none is left when this process is gone, however it went.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from server import guarded

ROOT = Path(__file__).resolve().parents[1]
LOOK_EVERY = 0.1  # seconds
LONGEST_PAUSE = 30.0  # seconds before a process that keeps dying is tried again
STEADY_AFTER = 60.0  # seconds of life after which earlier deaths are forgotten
PYTHON = (sys.executable, "-P", "-m")


class Failed(RuntimeError):
    """A process did not come up; the message says which, and what it said last."""


class Stopping(Exception):
    """The wait ended because everything is to stop."""


class Running(Protocol):
    """Something that can be started, watched and stopped."""

    name: str

    def start(self) -> None: ...
    def alive(self) -> bool: ...
    def stop(self) -> None: ...


@dataclass
class Program:
    """One process with its log; `ready` tells when it does its work, within `patience` seconds."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    patience: float = 60.0
    grace: float = 10.0
    _process: guarded.Guarded | None = None

    @property
    def log(self) -> Path:
        """Where it writes what it has to say."""
        return self.folder / "logs" / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        """Where its process id stands while it runs."""
        return self.folder / "run" / f"{self.name}.pid"

    def start(self) -> None:
        """Start the process; does not wait for it."""
        self.stop()
        for place in (self.log.parent, self.pid_file.parent):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        manner = guarded.Manner(
            grace=self.grace, pid_file=self.pid_file, environment=clean(self.environment), folder=ROOT
        )
        with self.log.open("ab") as log:
            self._process = guarded.run(self.command, log, manner=manner)

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process is not None and self._process.code() is None

    def code(self) -> int | None:
        """How it ended, None while it runs or before it started."""
        return self._process.code() if self._process else None

    def stop(self) -> None:
        """Ask it to stop, wait, and make sure."""
        if self._process is not None:
            self._process.stop()

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        return (
            "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""
        )


@dataclass
class _Member:
    """A process being watched, with its record of deaths."""

    running: Running
    deaths: int = 0
    born: float = field(default_factory=time.monotonic)
    again_at: float | None = None


class Household:
    """The processes of one installation on one machine, in the order they were started."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.stopping = threading.Event()
        self.longest_pause = LONGEST_PAUSE
        self._members: list[_Member] = []
        self._lock = threading.Lock()

    def start(self, running: Running) -> None:
        """Start one and wait until it answers; from now on it is watched.

        Raises Failed when it dies or stays silent, Stopping when everything is to stop meanwhile.
        """
        with self._lock:
            if self.stopping.is_set():
                raise Stopping
            self._members.append(_Member(running))
            running.start()
        if isinstance(running, Program):
            self._wait(running)

    def run(self, program: Program) -> None:
        """Run one to its end. Raises Failed unless it succeeds, Stopping when everything is to stop."""
        with self._lock:
            if self.stopping.is_set():
                raise Stopping
            program.start()
        while program.alive():
            if self.stopping.wait(LOOK_EVERY):
                program.stop()
                raise Stopping
        program.stop()
        if program.code():
            raise Failed(f"{program.name} failed (code {program.code()}).\n{program.last_words()}")

    def _wait(self, program: Program) -> None:
        until = time.monotonic() + program.patience
        while program.ready and not program.ready():
            if self.stopping.wait(LOOK_EVERY):
                raise Stopping
            if not program.alive():
                raise Failed(f"{program.name} ended while starting.\n{program.last_words()}")
            if time.monotonic() > until:
                raise Failed(f"{program.name} was not ready within {program.patience:.0f} s. {program.log}")

    def watch(self) -> None:
        """Start again what dies, with growing pauses, until told to stop."""
        while not self.stopping.wait(LOOK_EVERY * 5):
            for member in self._members:
                self._look_at(member)

    def _look_at(self, member: _Member) -> None:
        now = time.monotonic()
        if member.running.alive():
            if now - member.born > STEADY_AFTER:
                member.deaths = 0
        elif member.again_at is None:
            pause = min(self.longest_pause, 2.0**member.deaths - 1)
            member.again_at, member.deaths = now + pause, member.deaths + 1
            self.say(
                f"{member.running.name} ended; starting it again" + (f" in {pause:.0f} s" if pause else "")
            )
        elif now >= member.again_at:
            self._revive(member)

    def _revive(self, member: _Member) -> None:
        member.again_at, member.born = None, time.monotonic()
        try:
            member.running.start()
        except Exception as error:  # noqa: BLE001 - told, and tried again later
            self.say(f"{member.running.name} could not start: {error}")

    def stop(self) -> None:
        """Stop everything, the last started first."""
        self.stopping.set()
        with self._lock:
            members, self._members = self._members, []
        for member in reversed(members):
            member.running.stop()


def clean(given: Mapping[str, str]) -> dict[str, str]:
    """Our environment without settings meant for another installation, plus those given."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("STAFETTEN_", "PREFECT_"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **given}
