"""Serves the built styles, scripts, icons and fonts from memory, compressed, and kept by browsers for a year.

Only files found at the start are served, so no address can reach outside the folder. Names with a fingerprint
never change their content; the others are asked for again with their tag.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli

from server.bridge import Receive, Scope, Send
from server.compression import TEXT, accepted

FINGERPRINT = re.compile(r"[.-][0-9a-f]{8,64}\.")
FOREVER = b"public, max-age=31536000, immutable"
ASK_AGAIN = b"public, no-cache"
MADE_BEFOREHAND = {".br": b"br", ".gz": b"gzip"}
GUARDS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


@dataclass(frozen=True)
class File:
    """One file and its compressed forms, made when first asked for unless the build made them."""

    path: Path

    @cached_property
    def plain(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def kind(self) -> bytes:
        guess = mimetypes.guess_type(self.path.name)[0] or "application/octet-stream"
        text = guess.startswith("text/") or guess == "application/javascript"
        return (f"{guess}; charset=utf-8" if text else guess).encode()

    @cached_property
    def tag(self) -> bytes:
        return b'"%s"' % hashlib.sha256(self.plain).hexdigest()[:20].encode()

    @cached_property
    def lasts(self) -> bytes:
        return FOREVER if FINGERPRINT.search(self.path.name) else ASK_AGAIN

    @cached_property
    def brotli(self) -> bytes:
        return self._beside(".br") or brotli.compress(self.plain, quality=6)

    @cached_property
    def gzip(self) -> bytes:
        return self._beside(".gz") or gzip.compress(self.plain, 6, mtime=0)

    def _beside(self, ending: str) -> bytes | None:
        made = self.path.with_name(self.path.name + ending)
        return made.read_bytes() if made.exists() else None

    def form(self, coding: bytes | None) -> tuple[bytes, bytes | None]:
        """Answer the bytes to send and the coding they are in, None when plain."""
        if coding is None or not self.kind.startswith(TEXT):
            return self.plain, None
        return (self.brotli if coding == b"br" else self.gzip), coding


class Static:
    """An ASGI application for the files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.files: Mapping[str, File] = {
            path.relative_to(folder).as_posix(): File(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in MADE_BEFOREHAND
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        file = self.files.get(scope["path"].rpartition("/static/")[2])
        if file is None:
            await answer(send, 404, [(b"content-type", b"text/plain; charset=utf-8")], b"Not found")
        elif scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, [(b"allow", b"GET, HEAD")], b"")
        else:
            await self._send(file, scope, send)

    async def _send(self, file: File, scope: Scope, send: Send) -> None:
        encoder = accepted(scope)
        body, coding = file.form(encoder[0] if encoder else None)
        tag = file.tag if coding is None else file.tag[:-1] + b"-" + coding + b'"'
        headers = [(b"etag", tag), (b"cache-control", file.lasts), (b"vary", b"Accept-Encoding"), *GUARDS]
        if any(name == b"if-none-match" and _matches(value, tag) for name, value in scope["headers"]):
            await answer(send, 304, headers, None)
            return
        headers += [(b"content-type", file.kind)] + ([(b"content-encoding", coding)] if coding else [])
        headers.append((b"content-length", b"%d" % len(body)))
        await answer(send, 200, headers, body if scope["method"] == "GET" else b"")


def _matches(given: bytes, tag: bytes) -> bool:
    return given.strip() == b"*" or tag in (part.strip().removeprefix(b"W/") for part in given.split(b","))


async def answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes | None) -> None:
    """Send a whole answer; `None` for those that have no body."""
    if body is not None and not any(name == b"content-length" for name, _ in headers):
        headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body or b""})
