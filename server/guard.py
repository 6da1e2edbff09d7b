"""Runs one command and stops it when whoever asked for it is gone, however that one died.

Started as a file of its own with the standard library only, so it is up in a few milliseconds:

    python -I -S guard.py --owner PID [--stop INT] [--grace 10] [--pid-file F] [--user UID:GID] -- COMMAND

The owner keeps the other end of standard input. When that end closes, or the owner's pid is no longer the
parent, the command is asked to stop and killed after the grace. If this process is killed itself, Linux
signals the command (PR_SET_PDEATHSIG); it cannot be left behind.
"""

import argparse
import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOOK_FOR_OWNER_EVERY = 1.0  # seconds; the closed pipe is the usual, immediate sign


def arguments(argv: list[str]) -> argparse.Namespace:
    """Read the command line given above."""
    parser = argparse.ArgumentParser(prog="guard")
    parser.add_argument("--owner", type=int, required=True)
    parser.add_argument("--stop", default="TERM")
    parser.add_argument("--grace", type=float, default=10.0)
    parser.add_argument("--pid-file", type=Path)
    parser.add_argument("--user")
    parser.add_argument("--keep", type=int, action="append", default=[])
    parser.add_argument("command", nargs="+")
    return parser.parse_args(argv)


def die_with(parent: int, stop: int) -> Callable[[], None]:
    """Make the function that ties a new process to this one; Linux only, elsewhere the pipe alone does it."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def tie() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, stop, 0, 0, 0)
            if os.getppid() != parent:
                os.kill(os.getpid(), stop)

    return tie


def start(given: argparse.Namespace, stop: int) -> subprocess.Popen[bytes]:
    """Start the command in a process group of its own, as another user if asked."""
    who: dict[str, object] = {}
    if given.user:
        uid, gid = (int(part) for part in given.user.split(":"))
        who = {"user": uid, "group": gid, "extra_groups": []}
    return subprocess.Popen(
        given.command,
        stdin=subprocess.DEVNULL,
        pass_fds=given.keep,
        process_group=0,
        preexec_fn=die_with(os.getpid(), stop),  # noqa: PLW1509 - one thread, nothing held
        **who,  # type: ignore[call-overload]
    )


def wait_for_a_reason(child: subprocess.Popen[bytes], owner: int, asked: int) -> None:
    """Sleep until the child ended, the owner is gone or a signal asks to stop."""
    while child.poll() is None:
        ready, _, _ = select.select([sys.stdin.fileno(), asked], [], [], LOOK_FOR_OWNER_EVERY)
        if os.getppid() != owner:
            return
        if sys.stdin.fileno() in ready and not os.read(sys.stdin.fileno(), 1024):
            return
        if asked in ready and set(os.read(asked, 1024)) - {signal.SIGCHLD}:
            return


def stop_child(child: subprocess.Popen[bytes], stop: int, grace: float) -> None:
    """Ask, wait, then kill the command with everything it started in its group."""
    if child.poll() is None:
        child.send_signal(stop)
        try:
            child.wait(grace)
        except subprocess.TimeoutExpired:
            child.kill()
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody was left in it
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def main(argv: list[str]) -> int:
    """Run until the command or its owner ends; answer the command's exit code."""
    given = arguments(argv)
    stop = signal.Signals[f"SIG{given.stop}"]
    asked, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    child = start(given, stop)
    if given.pid_file:
        given.pid_file.write_text(f"{child.pid}\n")
    wait_for_a_reason(child, given.owner, asked)
    stop_child(child, stop, given.grace)
    if given.pid_file:
        given.pid_file.unlink(missing_ok=True)
    code = child.returncode
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
