"""Says whether this process lives and can work. Prefect down is told, but work goes on without it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import psycopg
from sqlalchemy.engine import make_url

from server import database
from server.bridge import Receive, Scope, Send
from server.settings import Settings
from server.static import answer

PATIENCE = 2  # seconds a neighbour has to answer
JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
REVISION = "SELECT version_num FROM alembic_version"


@dataclass(frozen=True)
class Health:
    """An ASGI application for /health/live and /health/ready."""

    settings: Settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["path"].endswith("/health/live"):
            await _say(send, 200, {"status": "alive"})
        elif scope["path"].endswith("/health/ready"):
            await self._ready(send)
        else:
            await _say(send, 404, {"status": "unknown"})

    async def _ready(self, send: Send) -> None:
        stored, hands = await asyncio.gather(self._ask(database_state), self._ask(prefect_state))
        good = stored == "up"
        told = {"status": "ready" if good else "not ready", "database": stored, "prefect": hands}
        await _say(send, 200 if good else 503, told)

    async def _ask(self, question: Callable[[Settings], str]) -> str:
        return await asyncio.to_thread(question, self.settings)


def database_state(settings: Settings) -> str:
    """`up`, `down`, or `not migrated` when its tables are of another version than this code."""
    try:
        with psycopg.connect(dsn(settings.database_url), connect_timeout=PATIENCE) as connection:
            row = connection.execute(REVISION).fetchone()
    except psycopg.OperationalError:
        return "down"
    except psycopg.Error:
        return "not migrated"
    return "up" if row and row[0] == database.newest() else "not migrated"


def prefect_state(settings: Settings) -> str:
    """`up` or `down`; while it is down, notices wait in the outbox."""
    name, _, password = settings.prefect_auth_string.partition(":")
    try:
        reply = httpx.get(
            f"{settings.prefect_api_url}/health",
            timeout=PATIENCE,
            auth=(name, password) if name else None,
            trust_env=False,
        )
    except httpx.HTTPError:
        return "down"
    return "up" if reply.is_success else "down"


def dsn(url: str) -> str:
    """Spell an SQLAlchemy address the way psycopg takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def _say(send: Send, status: int, told: dict[str, str]) -> None:
    await answer(send, status, JSON, json.dumps(told).encode())
