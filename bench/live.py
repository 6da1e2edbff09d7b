"""`python -m bench.live`: what 200 open case pages cost a minute, asking by themselves or listening to a stream.

The server is the real one in a process of its own. The stream stands here only, to be compared: one connection a
page, the signed-in person and the case checked when it opens, and one question to the database for all pages
together every five seconds.
"""

import argparse
import asyncio
import base64
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import anyio
import httpx
import psutil
from sqlalchemy import text

from bench import pages
from casework import Casework, news, sign_ins
from casework.access import Actor
from server import database
from server.demonstration import free_port, healthy
from server.postgres import EmbeddedPostgres
from server.settings import Settings, load
from tests.factories import Town

EVERY = 45.0
LOOK = 5.0
STREAM = "/bench/stream/"


class Streaming:
    """The real application, and beside it a stream for each open page."""

    def __init__(self) -> None:
        from server.asgi import from_environment

        self.app = from_environment()
        self.house = Casework.from_settings(load(), connections=4)
        self.marks: dict[str, int] = {}
        self.looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(STREAM):
            await self.app(scope, receive, send)
            return
        case_id = scope["path"].removeprefix(STREAM)
        cookie = dict(scope["headers"]).get(b"cookie", b"").decode()
        await anyio.to_thread.run_sync(self._enter, UUID(case_id), cookie)
        self.looking = self.looking or asyncio.create_task(self._look())
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"text/event-stream")],
            }
        )
        told = self.marks.setdefault(case_id, 0)
        while True:
            await asyncio.sleep(LOOK)
            line = b": still here\n\n" if self.marks[case_id] == told else b"data: changed\n\n"
            told = self.marks[case_id]
            await send({"type": "http.response.body", "body": line, "more_body": True})

    def _enter(self, case_id: UUID, cookie: str) -> None:
        token = re.search(r"stafetten=([^;]+)", cookie)
        with self.house.begin(Actor.stranger()) as tx:
            visit = sign_ins.look(tx, token[1] if token else "")
        with self.house.begin(visit.actor) as tx:  # type: ignore[union-attr]
            news.of_case(tx, case_id, 0)

    async def _look(self) -> None:
        while True:
            self.marks.update(await anyio.to_thread.run_sync(self._marks))
            await asyncio.sleep(LOOK)

    def _marks(self) -> dict[str, int]:
        with self.house.begin(Actor.system()) as tx:
            wanted = "SELECT id::text, version FROM cases WHERE id::text = ANY (:ids)"
            return dict(tx.session.execute(text(wanted), {"ids": list(self.marks)}).all())  # type: ignore[arg-type]


def spent(processes: list[psutil.Process]) -> float:
    """CPU seconds of some processes and their children."""
    total = 0.0
    for one in {each for top in processes for each in (top, *top.children(recursive=True))}:
        used = one.cpu_times()
        total += used.user + used.system
    return total


async def ask(client: httpx.AsyncClient, path: str, seconds: float) -> int:
    """One open page that asks every 45 seconds."""
    until, asked, tag = time.monotonic() + seconds, 0, ""
    await asyncio.sleep(random.uniform(0, EVERY))  # noqa: S311 - pages are opened at any time
    while time.monotonic() < until:
        headers = {"HX-Request": "true", "HX-Request-Type": "partial", "If-None-Match": tag}
        answer = await client.get(path, headers=headers)
        if answer.status_code not in (200, 304):
            raise RuntimeError(f"{path} answered {answer.status_code}")
        tag = answer.headers.get("etag", tag)
        asked += 1
        await asyncio.sleep(EVERY)
    return asked


async def listen(client: httpx.AsyncClient, path: str, seconds: float) -> int:
    """One open page that listens."""
    heard = 0
    try:
        async with asyncio.timeout(seconds), client.stream("GET", path) as answer:
            async for _line in answer.aiter_lines():
                heard += 1
    except TimeoutError:
        pass
    return heard


async def open_pages(address: str, session: str, how: Any, paths: list[str], seconds: float) -> int:
    """All pages side by side; answers what they got."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=address, cookies={pages.COOKIE: session}, trust_env=False, timeout=60, limits=limits
    ) as client:
        return sum(await asyncio.gather(*(how(client, path, seconds) for path in paths)))


@contextmanager
def served(url: str) -> Iterator[tuple[str, int]]:
    """The address of the real server with the stream beside it, and its process."""
    port = free_port()
    settings = Settings(
        environment="development", database_url=url, secret_key="b" * 48, port=port,
        field_key=base64.b64encode(pages.FIELD_KEY).decode(), public_url=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    command = (
        sys.executable,
        "-m",
        "uvicorn",
        "bench.live:Streaming",
        "--factory",
        f"--port={port}",
        "--no-access-log",
    )
    process = subprocess.Popen(command, env={**os.environ, **settings.variables()}, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not healthy(port):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.1)
        yield settings.public_url, process.pid
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Measure both ways and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m bench.live")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=90.0)
    given = parser.parse_args()
    with EmbeddedPostgres.temporary() as server:
        database.upgrade(server.owner_url)
        house = Casework.from_url(server.app_url, field_key=pages.FIELD_KEY)
        town = Town.build(house, server.owner_url)
        cases = [town.case(child_id=town.child(first=f"Barn{n}")) for n in range(10)]
        session = pages.signed_in(house, town.people["teacher"])
        with served(server.app_url) as (address, pid):
            counted = [psutil.Process(pid), psutil.Process(server.pid)]
            for name, how, path in (
                ("asking", ask, "/cases/{}/news?since=999"),
                ("stream", listen, STREAM + "{}"),
            ):
                paths = [path.format(cases[n % len(cases)]) for n in range(given.pages)]
                before = [spent([one]) for one in counted]
                got = asyncio.run(open_pages(address, session, how, paths, given.seconds))
                used = [
                    (spent([one]) - b) / given.seconds * 60 for one, b in zip(counted, before, strict=True)
                ]
                print(
                    f"{name}: {given.pages} pages, {got} answers, CPU s a minute: server {used[0]:.2f},"
                    f" database {used[1]:.2f}",
                    flush=True,
                )
        house.close()


if __name__ == "__main__":
    main()
