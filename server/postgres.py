"""A PostgreSQL of our own for the demo, development and tests: private, passworded, gone with its owner.

Production names its own database server instead (STAFETTEN_DATABASE_URL). Compared with the wheel's own
start code: no TCP, no trusted logins, a socket nobody else can reach, a lock that cannot go stale, a locale
that does not depend on the machine, and no change to folders that are not ours.
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from server import guarded
from server.postgres_binaries import SYSTEM_FOLDER, PostgresError, Runner, binaries, home_for, runner

log = logging.getLogger(__name__)

Role = Literal["superuser", "owner", "app", "prefect"]
LOGINS: dict[Role, str] = {
    "superuser": "postgres",
    "owner": "stafetten_owner",
    "app": "stafetten_app",
    "prefect": "stafetten_prefect",
}
DATABASES: dict[Role, str] = {
    "superuser": "postgres",
    "owner": "stafetten",
    "app": "stafetten",
    "prefect": "stafetten_prefect",
}
LONGEST_SOCKET = 103 - len("/.s.PGSQL.5432")  # bytes; macOS has the shortest limit, 104 with its closing zero
START_WITHIN = 60.0  # seconds, crash recovery included
FREE_WITHIN = 30.0  # seconds a dying predecessor gets

FIXED = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=120",
    "io_method=sync",
    "log_min_error_statement=panic",  # a failed statement may hold a name; it stays out of the log
    "log_error_verbosity=terse",
)
RECKLESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class AlreadyRunning(PostgresError):
    """Another living process owns this database folder."""


class EmbeddedPostgres:
    """One cluster in one folder, running from `start()` to `stop()` or the end of this process.

    `durable=False` gives up crash safety for speed; only tests may use it.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.asked_for = Path(folder).absolute()
        self.durable = durable
        self.user: Runner = runner()
        self.folder = _reachable(self.asked_for, self.user)
        self.data = self.folder / "data"
        self._lock: int | None = None
        self._process: guarded.Guarded | None = None
        self._socket: Path | None = None

    @classmethod
    @contextlib.contextmanager
    def temporary(cls) -> Iterator[Self]:
        """A quick cluster for tests: in a folder of its own that its user can reach, and gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="stafetten-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o711)
            made = cls(Path(folder) / "pg", durable=False)
            try:
                made.start()
                yield made
            finally:
                made.remove()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, making the cluster and its roles the first time.

        Raises AlreadyRunning when another living process owns the folder, PostgresError when it cannot start.
        """
        self.stop()
        self._own(self.folder)
        self._lock = _take(self.folder / "lock")
        try:
            programs = binaries(home_for(self.data), self.user)
            if not self.data.exists():
                self._initialise(programs)
            self._launch(programs)
            self._wait()
            self._furnish()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server if it runs, and let the folder go."""
        if self._process is not None:
            self._process.stop()
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def running(self) -> bool:
        """Whether the server we started still runs."""
        return self._process is not None and self._process.code() is None

    @property
    def pid(self) -> int:
        """The server's process id. Raises PostgresError when it does not run."""
        if not self.running:
            raise PostgresError(f"The database in {self.folder} does not run.")
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    @property
    def log_file(self) -> Path:
        """Where the server writes what it has to say."""
        return self.folder / "postgres.log"

    @property
    def owner_url(self) -> str:
        """Address for migrations: owns the tables, may make roles."""
        return self.url("owner")

    @property
    def app_url(self) -> str:
        """Address for the application: a role with no rights of its own."""
        return self.url("app")

    @property
    def prefect_url(self) -> str:
        """Address for Prefect's server: a database beside ours that it alone reaches."""
        return self.url("prefect", driver="asyncpg")

    def url(self, role: Role, *, database: str | None = None, driver: str = "psycopg") -> str:
        """Spell an SQLAlchemy address for a role; other databases of the cluster by name."""
        password = quote(self._passwords()[role], safe="")
        name = database or DATABASES[role]
        host = quote(str(self._socket_folder()), safe="/")
        return f"postgresql+{driver}://{LOGINS[role]}:{password}@/{name}?host={host}"

    def connect(self, role: Role = "superuser", *, database: str | None = None) -> psycopg.Connection:
        """Open a plain psycopg connection that commits every statement."""
        return psycopg.connect(
            host=str(self._socket_folder()),
            user=LOGINS[role],
            password=self._passwords()[role],
            dbname=database or DATABASES[role],
            autocommit=True,
        )

    def remove(self) -> None:
        """Stop and throw the whole cluster away, also the part kept elsewhere for root."""
        self.stop()
        if self.folder.exists():
            with contextlib.closing(_Held(self.folder / "lock")):
                if self._socket_folder() != self.folder:
                    shutil.rmtree(self._socket_folder())
                shutil.rmtree(self.folder)
        shutil.rmtree(self.asked_for, ignore_errors=True)

    def renew(self) -> None:
        """Throw away what the application stored, not the roles or Prefect's database; needs it running."""
        with self.connect() as connection:
            connection.execute("DROP DATABASE IF EXISTS stafetten WITH (FORCE)")
            self._make_databases(connection)

    # making the cluster

    def _own(self, folder: Path) -> None:
        """Make a folder only the database's user (and root) can enter; folders above it stay as they are."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.user.switch:
            os.chown(folder, self.user.uid, self.user.gid)

    def _initialise(self, programs: Path) -> None:
        """Make the cluster beside its place and move it there, so a killed start leaves no half cluster."""
        growing = self.folder / "data.new"
        shutil.rmtree(growing, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="password-") as file:
            file.write(self._passwords()["superuser"])
            file.flush()
            if self.user.switch:
                os.chown(file.name, self.user.uid, self.user.gid)
            command = [
                programs / "initdb", f"--pgdata={growing}", f"--pwfile={file.name}", "--username=postgres",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--no-instructions", *([] if self.durable else ["--no-sync"]),
            ]  # fmt: skip
            self._run(command)
        growing.rename(self.data)

    def _run(self, command: list[str | Path]) -> None:
        who = {"user": self.user.uid, "group": self.user.gid, "extra_groups": []} if self.user.switch else {}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, **who)
        if done.returncode:
            said = done.stderr.strip() or done.stdout.strip()
            raise PostgresError(f"{Path(command[0]).name} failed: {said}")

    def _furnish(self) -> None:
        """Make roles and databases; harmless when they are there, finishing what a killed start began."""
        with self.connect() as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role, attributes in (("owner", "CREATEROLE"), ("app", "NOINHERIT"), ("prefect", "")):
                name = sql.Identifier(LOGINS[role])
                if LOGINS[role] not in known:
                    connection.execute(sql.SQL("CREATE ROLE {}").format(name))
                connection.execute(
                    sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER {} PASSWORD {}").format(
                        name, sql.SQL(attributes), sql.Literal(self._passwords()[role])
                    )
                )
            self._make_databases(connection)

    def _make_databases(self, connection: psycopg.Connection) -> None:
        known = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for role in ("owner", "prefect"):
            name, owner = sql.Identifier(DATABASES[role]), sql.Identifier(LOGINS[role])
            if DATABASES[role] not in known:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute("GRANT CONNECT ON DATABASE stafetten TO stafetten_app")

    # running it

    def _launch(self, programs: Path) -> None:
        """Start the server under a guard; both hold the lock, so it frees only when every part is gone."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # we hold the lock: whoever wrote it is dead
        options = [*FIXED, *(() if self.durable else RECKLESS)]
        if (self.data / "PG_VERSION").read_text().strip() < "18":
            options.remove("io_method=sync")
        command = [str(programs / "postgres"), "-D", str(self.data), "-k", str(self._socket_folder())]
        for option in options:
            command += ["-c", option]
        manner = guarded.Manner(stop="INT", user=self.user.ids, keep=(self._lock,), folder=self.folder)
        with self._log() as file:
            self._process = guarded.run(command, file, manner=manner)

    def _log(self) -> BinaryIO:
        if self.log_file.exists() and self.log_file.stat().st_size > 5_000_000:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        return self.log_file.open("ab")

    def _wait(self) -> None:
        """Wait until the server answers, through crash recovery if need be."""
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            if not self.running:
                raise PostgresError(f"PostgreSQL stopped while starting. {_tail(self.log_file)}")
            with contextlib.suppress(psycopg.OperationalError):
                self.connect().close()
                return
            time.sleep(0.03)
        raise PostgresError(f"PostgreSQL did not answer within {START_WITHIN:.0f} s. {_tail(self.log_file)}")

    # secrets and the socket

    def _passwords(self) -> dict[str, str]:
        """Read the passwords, making them with the cluster; random, and readable by this user alone."""
        file = self.folder / "passwords.json"
        if file.exists():
            return json.loads(file.read_text())
        if self.data.exists():
            raise PostgresError(f"{file} is gone and the data in {self.data} cannot be opened without it.")
        made = {role: secrets.token_urlsafe(24) for role in LOGINS}
        self._own(self.folder)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as writer:
            json.dump(made, writer)
        return made

    def _socket_folder(self) -> Path:
        """Answer the socket's folder: the cluster's own, or a private short one when the path is too long."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET:
            return self.folder
        if self._socket is None:
            self._socket = self._short_folder()
        return self._socket

    def _short_folder(self) -> Path:
        note = self.folder / "socket"
        if note.exists():
            known = Path(note.read_text())
            with contextlib.suppress(OSError):
                seen = known.lstat()
                if seen.st_uid == self.user.uid and seen.st_mode & 0o170777 == 0o040700:
                    return known
        made = Path(tempfile.mkdtemp(prefix="stafetten-", dir="/tmp"))  # noqa: S108 - private by mkdtemp
        self._own(made)
        note.write_text(str(made))
        return made


def _reachable(folder: Path, user: Runner) -> Path:
    """Answer the folder itself, or one under /var/lib when the database's user cannot pass a private home."""
    parent = next(above for above in folder.parents if above.exists())
    if user.reaches(parent):
        return folder
    elsewhere = SYSTEM_FOLDER / "clusters" / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    elsewhere.parent.mkdir(parents=True, exist_ok=True)
    log.warning("PostgreSQL's user cannot enter %s; the database is kept in %s", parent, elsewhere)
    return elsewhere


def _take(file: Path) -> int:
    """Lock the folder, waiting for a predecessor that is dying but not for one that lives."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + FREE_WITHIN
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _owner_lives(handle) or time.monotonic() > until:
                os.close(handle)
                raise AlreadyRunning(
                    f"The database in {file.parent} is in use by process {file.read_text().split(' ')[0]}. "
                    "Stop that first, or choose another folder."
                ) from None
            time.sleep(0.05)
        else:
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()} {_born(os.getpid())}".encode(), 0)
            return handle


def _owner_lives(handle: int) -> bool:
    """Tell whether the process that wrote its name in the lock is the same one and alive."""
    words = os.pread(handle, 100, 0).decode().split()
    return len(words) == 2 and _born(int(words[0])) == words[1]


def _born(pid: int) -> str | None:
    """Answer when a process began, in a form that differs between two processes with the same pid."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
        ps = ["ps", "-o", "lstart=", "-p", str(pid)]
        shown = subprocess.run(ps, capture_output=True, text=True, check=False)
        return "".join(shown.stdout.split()) or None
    return None if fields[0] == "Z" else fields[19]


class _Held:
    """The lock of a folder about to be removed."""

    def __init__(self, file: Path) -> None:
        self._handle = _take(file)

    def close(self) -> None:
        os.close(self._handle)


def _tail(file: Path, lines: int = 5) -> str:
    return " | ".join(file.read_text(errors="replace").splitlines()[-lines:]) if file.exists() else ""
