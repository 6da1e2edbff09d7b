"""Lets Flask answer inside the ASGI process: one hop to a thread and one back for each request.

Its own pool of threads is the size of the database pool, so a burst of requests waits here, cheaply, and not
for connections. Server-sent events and other long streams belong to FastAPI: a thread cannot wait for years.
"""

import asyncio
import contextvars
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import RequestEntityTooLarge

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Wsgi = Callable[..., Iterable[bytes]]

LARGEST_BODY = 4 * 1024 * 1024  # bytes; the pages themselves ask for less
UPLOADS = ("/attachments", "/say")  # where a document may come along
LARGEST_UPLOAD = 15 * 1024 * 1024  # bytes: the largest document, in base64
READ_PAST_LIMIT = 4  # times the limit; a browser shows our answer only if we let it finish sending
AT_ONCE = 256 * 1024  # bytes; longer answers go out in pieces instead of filling memory
WITHOUT_BODY = frozenset({204, 304})


class Disconnected(Exception):
    """The client left before it had sent everything, so nothing was done."""


class TooLarge(io.RawIOBase):
    """Stands where a body over the limit would be: who reads it gets 413, and Flask shows its own page."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> NoReturn:
        raise RequestEntityTooLarge

    def read(self, _size: int = -1) -> NoReturn:
        raise RequestEntityTooLarge


class Bridge:
    """An ASGI application around a WSGI one, `threads` requests at a time; bodies over `limit` get 413."""

    def __init__(self, app: Wsgi, *, threads: int, limit: int = LARGEST_BODY) -> None:
        self.app = app
        self.limit = limit
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive, room_for(scope, self.limit))
        except Disconnected:
            return
        loop = asyncio.get_running_loop()

        def send_from_thread(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(send(message), loop).result()

        call = Call(self.app, environ(scope, body), send_from_thread)
        context = contextvars.copy_context()
        for message in await loop.run_in_executor(self._pool, context.run, call.answer):
            await send(message)

    def close(self) -> None:
        """Let what runs end, take nothing new."""
        self._pool.shutdown(wait=True)


class Call:
    """One request through the WSGI application, in its thread."""

    def __init__(self, app: Wsgi, given: Environ, send: Callable[[Message], None]):
        self.app, self.given, self.send = app, given, send
        self.status, self.headers = 500, []
        self.written: list[bytes] = []

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable:
        """What the application calls with its status and headers (PEP 3333)."""
        del exc_info  # nothing has been sent yet, so the new status simply replaces the old one
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self.written.append

    def answer(self) -> list[Message]:
        """Run the application; answer the messages left to send, having sent the pieces of a long answer."""
        chunks = self.app(self.given, self.start_response)
        try:
            rest = iter(chunks)
            first, whole = self._gather(rest)
            if self.given["REQUEST_METHOD"] == "HEAD":
                return [self._start(), {"type": "http.response.body", "body": b""}]
            if whole:
                self._add_length(len(first))
                return [self._start(), {"type": "http.response.body", "body": first}]
            self._stream(first, rest)
            return [{"type": "http.response.body", "body": b""}]
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _gather(self, rest: Iterator[bytes]) -> tuple[bytes, bool]:
        """Collect up to AT_ONCE bytes; tell whether that was everything."""
        size = 0
        for chunk in rest:
            self.written.append(chunk)
            size += len(chunk)
            if size > AT_ONCE:
                return b"".join(self.written), False
        return b"".join(self.written), True

    def _stream(self, first: bytes, rest: Iterator[bytes]) -> None:
        self.send(self._start())
        self.send({"type": "http.response.body", "body": first, "more_body": True})
        for chunk in rest:
            self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    def _start(self) -> Message:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    def _add_length(self, size: int) -> None:
        if self.status not in WITHOUT_BODY and not any(name == b"content-length" for name, _ in self.headers):
            self.headers.append((b"content-length", b"%d" % size))


def room_for(scope: Scope, usual: int) -> int:
    """How many bytes a body may have: more where a document may come along."""
    return max(usual, LARGEST_UPLOAD) if scope["path"].endswith(UPLOADS) else usual


async def read_body(scope: Scope, receive: Receive, limit: int) -> io.BytesIO | TooLarge:
    """Read the whole body, or as much past the limit as lets the client hear our answer.

    Raises Disconnected when the client leaves first.
    """
    declared = next((int(v) for k, v in scope["headers"] if k == b"content-length" and v.isdigit()), 0)
    kept, size = io.BytesIO(), 0
    more = declared <= limit * READ_PAST_LIMIT
    while more and size <= limit * READ_PAST_LIMIT:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece = message.get("body", b"")
        size += len(piece)
        if size <= limit:
            kept.write(piece)
        more = message.get("more_body", False)
    if max(size, declared) > limit:
        return TooLarge()
    kept.seek(0)
    return kept


def environ(scope: Scope, body: io.BytesIO | TooLarge) -> Environ:
    """Spell an ASGI scope as a WSGI environment: text as bytes in latin-1, the mount point apart."""
    host, port = scope.get("server") or ("localhost", 0)
    client = scope.get("client") or ("", 0)
    root = scope.get("root_path", "").encode().decode("latin-1")
    made: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root,
        "PATH_INFO": path_of(scope).removeprefix(root),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "asgi.scope": scope,
    }
    add_headers(made, scope["headers"])
    made["CONTENT_LENGTH"] = str(body.getbuffer().nbytes if isinstance(body, io.BytesIO) else sys.maxsize)
    return made


def path_of(scope: Scope) -> str:
    """The path's bytes as the client meant them, also those that are not UTF-8."""
    raw = scope.get("raw_path")
    found = unquote_to_bytes(raw) if raw is not None else scope["path"].encode()
    return found.decode("latin-1")


def add_headers(made: Environ, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Add the headers, joining those sent twice."""
    for name, value in headers:
        key = variable(bytes(name))
        if key is None:
            continue
        text = bytes(value).decode("latin-1")
        if key in made:
            text = made[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        made[key] = text


@lru_cache(maxsize=512)
def variable(name: bytes) -> str | None:
    """Name the variable of a header; None for those that could pose as another one."""
    if b"_" in name or name == b"proxy":
        return None
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
