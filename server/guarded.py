"""Starting a command under its guard: it never outlives the process that asked for it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

GUARD = Path(__file__).with_name("guard.py")


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a guarded command is run: its stop signal, the seconds it then gets, as whom, with which files."""

    stop: str = "TERM"
    grace: float = 10.0
    user: tuple[int, int] | None = None
    keep: tuple[int, ...] = ()
    pid_file: Path | None = None
    environment: Mapping[str, str] | None = None
    folder: Path | None = None

    def options(self) -> list[str]:
        """Spell this for the guard's command line."""
        spelled = [f"--stop={self.stop}", f"--grace={self.grace}"]
        spelled += [f"--keep={number}" for number in self.keep]
        spelled += [f"--pid-file={self.pid_file}"] if self.pid_file else []
        return spelled + ([f"--user={self.user[0]}:{self.user[1]}"] if self.user else [])


@dataclass
class Guarded:
    """A running command and the guard that stops it when this process ends."""

    guard: subprocess.Popen[bytes]
    manner: Manner
    _owner: int = field(default_factory=os.getpid)

    def code(self) -> int | None:
        """Tell how the command ended, or None while it runs."""
        return self.guard.poll()

    def stop(self) -> None:
        """Ask the command to stop and wait until it, and what it started, is gone."""
        if self._owner != os.getpid():
            return  # a forked copy does not own the process
        if self.guard.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.guard.stdin.close()
        try:
            self.guard.wait(self.manner.grace + 10)
        except subprocess.TimeoutExpired:
            self.guard.kill()
            self.guard.wait()


def run(command: Sequence[str], log: BinaryIO, *, manner: Manner) -> Guarded:
    """Start a command whose output goes to a log and whose life ends with ours."""
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", str(GUARD), f"--owner={os.getpid()}", *manner.options(), "--", *command],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=manner.environment,
        cwd=manner.folder,
        pass_fds=manner.keep,
        start_new_session=True,  # Ctrl-C reaches the owner, who stops everything in order
    )
    return Guarded(guard, manner)
