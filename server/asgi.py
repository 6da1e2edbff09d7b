"""The web process: one ASGI application with the two doors, the static files and the health answers.

`/api` is FastAPI, `/static` and `/health` are answered here, everything else is Flask behind the bridge.
"""

import gc
import json
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio.to_thread

from server.bridge import Bridge, Disconnected, Message, Receive, Scope, Send, TooLarge, read_body, room_for
from server.compression import Compressed
from server.health import Health
from server.settings import ROOT, Settings
from server.static import Static, answer

log = logging.getLogger(__name__)

STATIC = ROOT / "web" / "static"
LARGEST_API_BODY = 4 * 1024 * 1024  # bytes
SPARE_CONNECTIONS = 2  # for signing in while every thread works

App = Callable[[Scope, Receive, Send], Any]


def create_app(settings: Settings, *, static: Path = STATIC) -> App:
    """Put the rooms together for these settings; connects to the database when first asked."""
    from api.app import create_api
    from casework import Casework
    from web.app import create_web

    casework = Casework.from_settings(settings, connections=2 * settings.threads + SPARE_CONNECTIONS)
    bridge = Bridge(create_web(casework, settings), threads=settings.threads)
    api = create_api(casework, settings)
    return House(
        api=Compressed(limited(api)),
        pages=Compressed(bridge),
        static=Static(static),
        health=Health(settings),
        lifespan=Lifespan(api, settings.threads, (bridge.close, casework.close)),
    )


def from_environment() -> App:
    """Make the application for this process's settings; what `stafetten serve` runs in each process."""
    from server import logs
    from server.doctor import sound_settings

    settings = sound_settings()
    logs.configure(settings.log_level)
    made = create_app(settings)
    gc.collect()
    gc.freeze()  # what was made for good is not gone through again while somebody waits for a page
    return made


class House:
    """Shows each request to its door."""

    def __init__(self, *, api: App, pages: App, static: App, health: App, lifespan: App) -> None:
        self.api, self.pages, self.static = api, pages, static
        self.health, self.lifespan = health, lifespan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(scope, receive, send)
            return
        root = scope.get("root_path", "")
        path = scope["path"].removeprefix(root)
        if path == "/api" or path.startswith("/api/"):
            await self.api({**scope, "root_path": f"{root}/api"}, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})  # nobody here speaks it
        elif path.startswith("/static/"):
            await self.static(scope, receive, send)
        elif path.startswith("/health/"):
            await self.health(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


def limited(api: App, limit: int = LARGEST_API_BODY) -> App:
    """Read a body before the API sees it, and refuse one that is too large with a problem document."""

    async def within_limit(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await api(scope, receive, send)
            return
        try:
            body = await read_body(scope, receive, room_for(scope, limit))
        except Disconnected:
            return
        if isinstance(body, TooLarge):
            await _too_large(send, room_for(scope, limit))
        else:
            await api(scope, replayed(body.getvalue(), receive), send)

    return within_limit


def replayed(body: bytes, receive: Receive) -> Receive:
    """Hand a body over once more; after it, whatever the client sends next."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


async def _too_large(send: Send, limit: int) -> None:
    problem = {
        "type": "about:blank",
        "title": "Content too large",
        "status": 413,
        "detail": f"The body is larger than {limit} bytes. Nothing was stored.",
    }
    kind = [(b"content-type", b"application/problem+json")]
    await answer(send, 413, kind, json.dumps(problem).encode())


class Lifespan:
    """Starts and ends what lives as long as the process: the API's own lifespan, threads and connections."""

    def __init__(self, api: Any, threads: int, closing: tuple[Callable[[], None], ...]) -> None:
        self.api, self.threads, self.closing = api, threads, closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as stack:
            await receive()
            try:
                anyio.to_thread.current_default_thread_limiter().total_tokens = self.threads
                for close in reversed(self.closing):
                    stack.callback(close)
                state = await stack.enter_async_context(self.api.router.lifespan_context(self.api))
                scope.get("state", {}).update(state or {})
            except Exception as error:
                log.exception("could not start")
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
