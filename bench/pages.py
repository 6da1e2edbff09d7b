"""Whole pages: inside this process for server time, and over HTTP from the real server with several at once."""

import base64
import gc
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from uuid import UUID

import httpx

from casework import Casework, sign_ins
from casework.access import Actor
from server.demonstration import free_port, healthy
from server.processes import PYTHON, Program
from server.settings import Settings
from web.app import create_web

COOKIE = "stafetten"
FIELD_KEY = b"k" * 32


class Browser:
    """Flask's own client with a session cookie."""

    def __init__(self, house: Casework, who: UUID) -> None:
        settings = Settings(
            environment="development", secret_key="b" * 48, public_url="http://127.0.0.1:8400"
        )
        self.client = create_web(house, settings).test_client()
        self.client.set_cookie(COOKIE, signed_in(house, who), domain="127.0.0.1")
        gc.collect()
        gc.freeze()  # as `stafetten serve` does once it is made

    def get(self, path: str) -> int:
        """The page's status; raises when it is not there, so that no error page is ever measured."""
        answer = self.client.get(path, base_url="http://127.0.0.1:8400")
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return answer.status_code


def signed_in(house: Casework, who: UUID) -> str:
    """A session for somebody."""
    with house.begin(Actor.stranger()) as tx:
        return sign_ins.start(tx, who, method="bench")


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """The address of `stafetten serve` on that database, as one process."""
    with tempfile.TemporaryDirectory(prefix="stb-") as folder:
        port = free_port()
        settings = Settings(
            environment="development", database_url=database_url, secret_key="b" * 48, port=port,
            field_key=base64.b64encode(FIELD_KEY).decode(), public_url=f"http://127.0.0.1:{port}",
        )  # fmt: skip
        program = Program("web", (*PYTHON, "server.cli", "serve"), Path(folder), settings.variables())
        program.start()
        try:
            until = time.monotonic() + 60
            while not healthy(port):
                if time.monotonic() > until or not program.alive():
                    raise RuntimeError(program.last_words())
                time.sleep(0.1)
            yield settings.public_url
        finally:
            program.stop()


def together(
    address: str, visitors: list[tuple[str, list[str]]], *, seconds: float
) -> tuple[float, list[float]]:
    """Let visitors (session, pages in turn) read side by side; answers pages a second and every time in ms."""
    times: list[list[float]] = [[] for _ in visitors]
    until = time.monotonic() + seconds

    def read(n: int, session: str, paths: list[str]) -> None:
        with httpx.Client(base_url=address, cookies={COOKIE: session}, trust_env=False, timeout=60) as client:
            for path in cycle(paths):
                began = time.perf_counter()
                client.get(path).raise_for_status()
                times[n].append((time.perf_counter() - began) * 1000)
                if time.monotonic() > until:
                    return

    crew = [threading.Thread(target=read, args=(n, *one)) for n, one in enumerate(visitors)]
    began = time.perf_counter()
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    every = sorted(each for one in times for each in one)
    return len(every) / (time.perf_counter() - began), every


def quantiles(times: list[float]) -> tuple[str, str]:
    """Median and 95th percentile of sorted milliseconds, as the table prints them."""
    return f"p50 {statistics.median(times):.1f} ms", f"p95 {times[max(0, int(len(times) * 0.95) - 1)]:.1f} ms"


def timed(act: Callable[[], object], rounds: int) -> tuple[str, str]:
    """Median and 95th percentile of one read, after one that is not counted."""
    act()
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return quantiles(sorted(found))
