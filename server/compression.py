"""Sends text smaller: brotli or gzip, as the browser asks.

Only whole answers are compressed. Streams (server-sent events, long downloads) pass untouched. Pages carry a
form token, so `web` must mask it anew in every answer, or its size would give it away (the BREACH attack).
"""

import gzip
from collections.abc import Callable

import brotli

from server.bridge import Message, Receive, Scope, Send

SMALLEST = 600  # bytes; below this one network packet carries it anyway
BROTLI_QUALITY = 4  # a page in well under a millisecond; 11 is for files made beforehand
GZIP_LEVEL = 5
TEXT = (
    b"text/",
    b"application/json",
    b"application/problem+json",
    b"application/javascript",
    b"image/svg+xml",
)

Encoder = tuple[bytes, Callable[[bytes], bytes]]
BROTLI: Encoder = (b"br", lambda body: brotli.compress(body, quality=BROTLI_QUALITY))
GZIP: Encoder = (b"gzip", lambda body: gzip.compress(body, GZIP_LEVEL, mtime=0))


class Compressed:
    """An ASGI application whose whole text answers are compressed."""

    def __init__(self, app: Callable) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start: Message = {}

        async def smaller(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            if start:
                held = dict(start)
                start.clear()
                message = compress(held, message, accepted(scope))
                await send(held)
            await send(message)

        await self.app(scope, receive, smaller)


def compress(start: Message, first: Message, encoder: Encoder | None) -> Message:
    """Compress an answer that is whole and worth it, changing its headers with it."""
    if first.get("type") != "http.response.body":
        return first
    headers = dict(start["headers"])
    if not headers.get(b"content-type", b"").startswith(TEXT) or b"content-encoding" in headers:
        return first
    start["headers"] = [*start["headers"], (b"vary", b"Accept-Encoding")]
    body = first.get("body", b"")
    if encoder is None or first.get("more_body") or len(body) < SMALLEST:
        return first
    name, shrink = encoder
    smaller = shrink(body)
    kept = [pair for pair in start["headers"] if pair[0] != b"content-length"]
    start["headers"] = [
        *_weakened(kept),
        (b"content-encoding", name),
        (b"content-length", b"%d" % len(smaller)),
    ]
    return {**first, "body": smaller}


def _weakened(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Mark the entity tag weak, as RFC 9110 asks when the bytes are no longer the same."""
    return [
        (name, b"W/" + value if name == b"etag" and not value.startswith(b"W/") else value)
        for name, value in headers
    ]


def accepted(scope: Scope) -> Encoder | None:
    """Choose the best coding the browser takes; None when it takes none of ours."""
    said = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding").decode(
        "latin-1"
    )
    wishes = dict(map(_wish, said.lower().split(",")))
    if wishes.get("br", 0) > 0:
        return BROTLI
    return GZIP if wishes.get("gzip", 0) > 0 else None


def _wish(part: str) -> tuple[str, float]:
    """Read `gzip;q=0.5`: the coding and how much it is wanted."""
    name, _, quality = part.partition(";")
    try:
        return name.strip(), float(quality.replace(" ", "").removeprefix("q=") or 1)
    except ValueError:
        return name.strip(), 0.0
