"""The demo as a whole: real processes, one address, nothing left behind, data kept."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from server import demonstration
from tests.server.test_postgres import wait_until_gone

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("demo")]


class Demo:
    """A demo started the way `make demo` does it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "server.cli", "demo", "--data", str(data)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def wait(self, words: str) -> None:
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return
        raise AssertionError("".join(self.said))

    @property
    def note(self) -> dict:
        return json.loads((self.data / "run" / "demo.json").read_text())

    def pids(self) -> dict[str, int]:
        found = {file.stem: int(file.read_text()) for file in (self.data / "run").glob("*.pid")}
        database = self.data / "postgres" / "data" / "postmaster.pid"
        return {**found, "database": int(database.read_text().splitlines()[0])}

    def get(self, path: str) -> int:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return opener.open(self.note["web"] + path, timeout=10).status

    def count(self, table: str, *, database: str = "stafetten") -> int:
        passwords = json.loads((self.data / "postgres" / "passwords.json").read_text())
        host = str(self.data / "postgres")
        with psycopg.connect(
            host=host, user="postgres", password=passwords["superuser"], dbname=database
        ) as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.stdout.read()
        return self.process.wait(60)


@pytest.fixture
def data(folder):
    yield folder / "demo"
    demonstration.reset(folder / "demo")


def until(true, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def answers(demo: Demo) -> bool:
    try:
        return demo.get("/health/ready") == 200
    except OSError:
        return False


def test_the_demo_becomes_ready_mends_itself_and_leaves_nothing_but_its_data(data):
    demo = Demo(data)
    demo.wait("is ready")
    assert set(demo.pids()) == {"mail", "prefect", "web", "worker", "courier", "database"}
    assert demo.get("/") == 200
    cases = demo.count("cases")
    assert cases > 100
    until(lambda: demo.count("flow_run WHERE auto_scheduled", database="stafetten_prefect") > 0, 60)

    for name in ("web", "database"):
        os.kill(demo.pids()[name], signal.SIGKILL)
        demo.wait(f"{name} ended; starting it again")
        until(lambda: answers(demo), 30)

    pids = demo.pids()
    assert demo.end(signal.SIGINT) == 0
    for pid in pids.values():
        wait_until_gone(pid, 5)

    again = Demo(data)
    again.wait("is ready")
    assert again.count("cases") == cases
    pids = again.pids()
    again.end(signal.SIGKILL)
    for pid in pids.values():
        wait_until_gone(pid, 30)
