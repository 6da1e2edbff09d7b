"""The whole machinery for tests: real database, Prefect, worker, courier, pages and mail, each a process."""

import email
import email.policy
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from rich.console import Console
from sqlalchemy import create_engine, text

from api.identity import SCOPES
from casework import Casework, sign_ins
from casework.access import Actor
from server.demonstration import Demonstration, free_port, listens, reset
from server.progress import Progress
from tests.factories import Town
from workflows.connectors.prefect_api import PrefectApi, PrefectSettings

PATIENCE = 90.0  # seconds
LOOK = 0.1  # seconds


class Machinery(Demonstration):
    """The demo's processes without its people: what dies is started again, as in production."""

    town: Town
    casework: Casework

    def settings(self) -> Any:
        """As the demo's, but what a dead worker leaves is taken up sooner."""
        return super().settings().model_copy(update={"late_after": 10})

    def _fill(self, progress: Progress, settings: Any) -> None:
        del progress, settings

    def __enter__(self) -> "Machinery":
        self.household.longest_pause = 1.0
        try:
            with Progress(Console(quiet=True)) as progress:
                self.start(progress)
        except BaseException:
            self.stop()
            raise
        threading.Thread(target=self.household.watch, daemon=True).start()
        self.casework = Casework.from_settings(self.settings(), connections=4)
        self.town = Town.build(self.casework, self.postgres.owner_url)
        return self

    def __exit__(self, *_: object) -> None:
        self.casework.close()
        self.stop()

    # --- time --------------------------------------------------------------------------------------

    def forward(self, **passed: float) -> None:
        """Let time pass for every process: `forward(days=15)`."""
        file = self.folder / "clock"
        shifted = float(file.read_text()) if file.exists() else 0.0
        new = file.with_suffix(".new")
        new.write_text(str(shifted + timedelta(**passed).total_seconds()))
        new.replace(file)

    def tick(self, flow: str) -> None:
        """Let Prefect run a scheduled flow now, and wait until it has completed."""
        settings = self.settings()
        api = PrefectApi(PrefectSettings(settings.prefect_api_url, settings.prefect_auth_string))
        deployment = api.deployment_id(flow)
        assert deployment is not None, f"{flow} is not deployed"
        run = api.start(deployment, {}, str(uuid4()))
        wait_until(lambda: api.state_of(run) == "COMPLETED", f"{flow} completed")
        api.close()

    # --- looking behind the house's back -----------------------------------------------------------

    def rows(self, sql: str, **values: object) -> list[Any]:
        """What the tables' owner sees."""
        engine = create_engine(self.postgres.owner_url)
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(sql), values))
        finally:
            engine.dispose()

    def letters(self) -> list["Mail"]:
        """Every mail the mail server took."""
        return [read(path) for path in sorted((self.folder / "mail").glob("*.eml"))]

    # --- acting ------------------------------------------------------------------------------------

    def caller(self, name: str) -> "Caller":
        """A machine with a token for somebody of the town, which asks again until it is answered."""
        with self.casework.begin(Actor.stranger()) as tx:
            token = sign_ins.issue_token(tx, self.town.people[name], name="test", scopes=SCOPES)
        return Caller(f"http://127.0.0.1:{self.ports['web']}/api/v1", token)

    def kill(self, name: str) -> int:
        """End a process at once, without a word; answers its id. One that is just being started is waited for."""
        wait_until(lambda: self.pid(name) > 0, f"{name} runs")
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def pid(self, name: str) -> int:
        """The id of a process that runs."""
        if name == "database":
            file = self.folder / "postgres" / "data" / "postmaster.pid"
            return int(file.read_text().splitlines()[0])
        return int((self.folder / "run" / f"{name}.pid").read_text())

    def whole(self) -> bool:
        """Whether everything that should run does, and answers."""
        for name in ("worker", "prefect", "courier", "web"):
            os.kill(self.pid(name), 0)
        self.rows("SELECT 1")
        self.casework.engine.dispose()
        return self.postgres.running and all(listens(port) for port in self.ports.values())


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as taken."""

    id: str
    to: str
    text: str
    plain: str
    calendar: str


def read(path: Path) -> Mail:
    """One mail from its file."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = {part.get_content_type(): part for part in message.walk()}
    calendar = parts.get("text/calendar")
    return Mail(
        str(message["Message-ID"]),
        str(message["X-Stafetten-To"]),
        message.as_string(),
        parts["text/plain"].get_content(),  # type: ignore[attr-defined]
        calendar.get_content() if calendar is not None else "",  # type: ignore[attr-defined]
    )


class Caller:
    """Asks the API, and asks again under the same key as long as nobody answers."""

    def __init__(self, address: str, token: str) -> None:
        self.client = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=10, trust_env=False
        )

    def get(self, path: str) -> Any:
        """What stands there."""
        return self._asked(lambda: self.client.get(f"{self.client.base_url}{path.removeprefix('/')}"))

    def act(self, path: str, body: Any, *, key: str) -> Any:
        """Do something, once."""
        there = f"{self.client.base_url}{path.removeprefix('/')}"
        return self._asked(lambda: self.client.post(there, json=body, headers={"Idempotency-Key": key}))

    def _asked(self, ask: Callable[[], httpx.Response]) -> Any:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = ask()
                if answer.status_code < 500:
                    assert answer.status_code in (200, 201), answer.text
                    return answer.json()
            except httpx.HTTPError:
                pass
            assert time.monotonic() < until, "nobody answered"
            time.sleep(LOOK)


@contextmanager
def standing(kind: type[Machinery] = Machinery) -> Iterator[Any]:
    """The machinery in a folder of its own, which the database's user may enter; nothing is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="stafetten-"))
    folder.chmod(0o711)
    try:
        # A port the system chooses: two households that begin at once must not pick the same one.
        with kind(folder / "house", port=free_port(), console=Console(quiet=True)) as made:
            yield made
    finally:
        reset(folder / "house")
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(true: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> float:
    """Wait for something to be so; answers how many seconds it took. Fails with what was waited for."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        try:
            if true():
                return time.monotonic() - began
        except Exception:  # noqa: BLE001 - the database may be away for a moment
            pass
        time.sleep(LOOK)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def invited(machinery: Machinery, case_id: UUID) -> list[str]:
    """The states of a case's invitations."""
    return [row[0] for row in machinery.rows("SELECT state FROM invitations WHERE case_id = :c", c=case_id)]


__all__ = ["Caller", "Machinery", "Mail", "invited", "standing", "wait_until"]
