"""Starts a whole fictional region on one machine: database, mail, Prefect, worker, courier and pages.

Everything lives in one data folder and is kept between starts. Nothing listens beyond loopback.
"""

import base64
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rich.console import Console

from server import database, texts
from server.postgres import EmbeddedPostgres
from server.processes import PYTHON, Household, Program, Stopping
from server.progress import Progress
from server.settings import Settings

FIRST_PORT = 8400
PREFECT_PATIENCE = 90.0  # seconds


@dataclass
class Database:
    """The embedded database as one of the household."""

    postgres: EmbeddedPostgres
    name: str = "database"

    def start(self) -> None:
        self.postgres.start()

    def alive(self) -> bool:
        return self.postgres.running

    def stop(self) -> None:
        self.postgres.stop()


class Demonstration:
    """One run of the demo."""

    def __init__(self, folder: Path, *, port: int | None, console: Console) -> None:
        self.folder = folder.absolute()
        self.console = console
        self.household = Household(lambda said: console.print(f"[yellow]{said}[/]", highlight=False))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)  # the database's own user passes through; everything inside is private
        self.postgres = EmbeddedPostgres(self.folder / "postgres")
        self.ports = {"web": port or free_port(FIRST_PORT), "prefect": free_port(), "smtp": free_port()}

    def run(self) -> None:
        """Start everything, print the address, keep it running until told to stop."""
        self.console.print(f"Starting Stafetten's demo; its data are in {self.folder}", highlight=False)
        with listening(self.household.stopping), contextlib.suppress(Stopping):
            try:
                with Progress(self.console) as progress:
                    self.start(progress)
                self._note()
                self.console.print(f"\nStafetten is ready: [bold]http://127.0.0.1:{self.ports['web']}[/]")
                self.console.print("Ctrl-C stops it.")
                self.household.watch()
            finally:
                self.console.print("Stopping")
                self.stop()

    def stop(self) -> None:
        """Stop everything in reverse order."""
        self.household.stop()
        (self.folder / "run" / "demo.json").unlink(missing_ok=True)

    def start(self, progress: Progress) -> None:
        """Start the parts, side by side where one does not need the other."""
        with progress.step("Database"):
            self.household.start(Database(self.postgres))
        settings = self.settings()
        with SideBySide(self.household.stopping) as side:
            side.begin(self._mail, progress, settings)
            side.begin(self._prefect_and_its_hands, progress, settings)
            with progress.step("Tables"):
                self._migrate()
            side.begin(self._fill, progress, settings)
            side.begin(self._serve, progress, settings)

    def settings(self) -> Settings:
        """Settings for the demo's processes; keys are made once and kept in the data folder."""
        keys = self._keys()
        return Settings(
            environment="demo",
            database_url=self.postgres.app_url,
            prefect_database_url=self.postgres.prefect_url,
            prefect_api_url=f"http://127.0.0.1:{self.ports['prefect']}/api",
            prefect_auth_string=f"stafetten:{keys['prefect']}",
            secret_key=keys["secret"],
            anchor_key=keys["anchor"],
            field_key=keys["field"],
            port=self.ports["web"],
            public_url=f"http://127.0.0.1:{self.ports['web']}",
            smtp_port=self.ports["smtp"],
            smtp_tls="none",
            smtp_sender="stafetten@demo.example",
            persona_picker=True,
            demo_mailbox=self.folder / "mail",
            inbox_folder=self.folder / "inbox",
            clock_shift=self.folder / "clock",
            data_folder=self.folder,
        )

    def _keys(self) -> dict[str, str]:
        file = self.folder / "keys.json"
        if not file.exists():
            made = {name: secrets.token_urlsafe(48) for name in ("secret", "anchor", "prefect")}
            made["field"] = base64.b64encode(secrets.token_bytes(32)).decode()
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writer:
                json.dump(made, writer)
        return json.loads(file.read_text())

    def _migrate(self) -> None:
        """Bring the tables up to date; a filling that was cut short is thrown away and begun again."""
        database.upgrade(self.postgres.owner_url)
        if not self._filled.exists() and self._begun():
            self.postgres.renew()
            database.upgrade(self.postgres.owner_url)

    @property
    def _filled(self) -> Path:
        return self.folder / "filled"

    def _begun(self) -> bool:
        with self.postgres.connect(database="stafetten") as connection:
            row = connection.execute("SELECT EXISTS (SELECT FROM municipalities)").fetchone()
        return bool(row and row[0])

    def _fill(self, progress: Progress, settings: Settings) -> None:
        if self._filled.exists():
            return
        variables = {**settings.variables(), "STAFETTEN_DATABASE_OWNER_URL": self.postgres.owner_url}
        program = self._program("fill", settings, module="server.demo", variables=variables)
        program.log.unlink(missing_ok=True)
        with progress.step("Fictional region (only the first time)", log=program.log):
            self.household.run(program)
            self._filled.touch()

    def _mail(self, progress: Progress, settings: Settings) -> None:
        folder = str(settings.demo_mailbox)
        arguments = (f"--port={settings.smtp_port}", f"--folder={folder}")
        program = self._program("mail", settings, module="server.mailbox", arguments=arguments)
        program.ready = lambda: listens(settings.smtp_port)
        with progress.step("Mail server (keeps, never sends)"):
            self.household.start(program)

    def _prefect_and_its_hands(self, progress: Progress, settings: Settings) -> None:
        from server import orchestrator

        program = self._program("prefect", settings, variables=orchestrator.environment(settings))
        program.command = orchestrator.command(settings)
        program.patience = PREFECT_PATIENCE
        program.ready = lambda: listens(self.ports["prefect"])
        with progress.step("Prefect server"):
            self.household.start(program)
            orchestrator.wait_ready(settings, timeout=PREFECT_PATIENCE)
        with progress.step("Worker and courier"):
            for name in ("worker", "courier"):
                self.household.start(self._program(name, settings, arguments=(name,)))

    def _serve(self, progress: Progress, settings: Settings) -> None:
        texts.compile_catalogues()
        program = self._program("web", settings, arguments=("serve",))
        program.ready = lambda: healthy(self.ports["web"])
        with progress.step("Pages and API"):
            self.household.start(program)

    def _program(
        self,
        name: str,
        settings: Settings,
        *,
        module: str = "server.cli",
        arguments: tuple[str, ...] = (),
        variables: dict[str, str] | None = None,
    ) -> Program:
        command = (*PYTHON, module, *arguments)
        return Program(name, command, self.folder, variables or settings.variables())

    def _note(self) -> None:
        """Leave the addresses where other tools on this machine find them; nothing secret."""
        note = {"pid": os.getpid(), "ports": self.ports, "web": f"http://127.0.0.1:{self.ports['web']}"}
        (self.folder / "run" / "demo.json").write_text(json.dumps(note))


def reset(folder: Path) -> None:
    """Throw the demo's data away. Raises AlreadyRunning while it runs."""
    if folder.exists():
        EmbeddedPostgres(folder / "postgres").remove()
        shutil.rmtree(folder)


class SideBySide:
    """Steps that run at the same time; the first that fails stops the others and is the one told of."""

    def __init__(self, stopping: threading.Event) -> None:
        self.stopping = stopping
        self._pool = ThreadPoolExecutor(8)
        self._faults: list[BaseException] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if fault is not None:
            self._failed(fault)
        self._pool.shutdown(wait=True)
        for found in sorted(self._faults, key=lambda each: isinstance(each, Stopping)):
            raise found

    def begin(self, act: Callable[..., None], *given: Any) -> None:
        """Run a step beside the others."""
        self._pool.submit(self._run, act, *given)

    def _run(self, act: Callable[..., None], *given: Any) -> None:
        try:
            act(*given)
        except BaseException as fault:  # told by __exit__
            self._failed(fault)

    def _failed(self, fault: BaseException) -> None:
        self._faults.append(fault)
        self.stopping.set()


@contextlib.contextmanager
def listening(stopping: threading.Event) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal stop everything; asked twice, the guards do the rest."""

    def asked(*_: object) -> None:
        if stopping.is_set():
            os._exit(130)
        stopping.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, asked) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def free_port(wanted: int = 0) -> int:
    """Answer the wanted port or the next free one; 0 lets the system choose."""
    for port in range(wanted, wanted + 100) if wanted else (0,):
        with socket.socket() as taken, contextlib.suppress(OSError):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            return taken.getsockname()[1]
    raise OSError(f"No free port from {wanted} to {wanted + 99}.")


def listens(port: int) -> bool:
    """Tell whether somebody on this machine takes connections at a port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def healthy(port: int) -> bool:
    """Tell whether the web process can work."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError, urllib.error.URLError):
        return opener.open(f"http://127.0.0.1:{port}/health/ready", timeout=5).status == 200
    return False
