"""A malware scanner that speaks clamd's protocol: content is streamed to it, and it answers clean or infected.

`zINSTREAM` and chunks, each after its length in four bytes, ended by an empty one; `stream: OK` or `stream: … FOUND`.
Whatever else happens (no connection, silence, a size limit, an answer not understood) is a fault, and never «clean».
"""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECT, PATIENCE = 3.0, 60.0  # seconds
CHUNK = 64 * 1024  # bytes
LONGEST_ANSWER = 4096  # bytes
PORT = 3310


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """Where the scanner listens: `tcp://host:port`, or `unix:/path/to/socket`."""

    address: str
    connect: float = CONNECT
    patience: float = PATIENCE

    @property
    def place(self) -> tuple[str, int] | str:
        """Host and port, or the path of a socket; raises ScannerFault for an address that is neither."""
        parts = urlsplit(self.address)
        try:
            if parts.scheme == "tcp" and parts.hostname:
                return parts.hostname, parts.port or PORT
        except ValueError:
            raise ScannerFault("scanner_address") from None
        if parts.scheme == "unix" and parts.path.startswith("/"):
            return parts.path
        raise ScannerFault("scanner_address")


class ScannerFault(Exception):
    """The scanner has not answered whether the content is clean. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the scanner says: infected or not, what it calls itself, and what it calls what it found."""

    infected: bool
    scanner: str
    finding: str = ""


def scan(settings: ScannerSettings, content: bytes) -> Answer:
    """Show the content to the scanner; raises ScannerFault when it has not answered yes or no."""
    name = version(settings)
    with _asking(settings) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it hung up: its answer says why
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                line.sendall(struct.pack("!I", len(part)) + part)
            line.sendall(struct.pack("!I", 0))
        said = _answer(line, settings.patience)
    if said == "stream: OK":
        return Answer(False, name)
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return Answer(True, name, said.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerFault("scanner_limit" if "size limit" in said else "scanner_refused")


def version(settings: ScannerSettings) -> str:
    """What the scanner and its signatures call themselves; raises ScannerFault when it does not answer."""
    with _asking(settings) as line:
        line.sendall(b"zVERSION\0")
        return _answer(line, settings.connect)


@contextlib.contextmanager
def _asking(settings: ScannerSettings) -> Iterator[socket.socket]:
    place = settings.place
    try:
        with _connected(place, settings.connect) as line:
            line.settimeout(settings.patience)
            yield line
    except OSError as broken:
        raise ScannerFault(type(broken).__name__) from None


def _connected(place: tuple[str, int] | str, timeout: float) -> socket.socket:
    if isinstance(place, tuple):
        return socket.create_connection(place, timeout=timeout)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(timeout)
    try:
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket, patience: float) -> str:
    """Everything up to the NUL, within the time there is; a byte now and then does not make it longer."""
    until, said = time.monotonic() + patience, b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        line.settimeout(max(0.001, until - time.monotonic()))
        part = line.recv(LONGEST_ANSWER)
        if not part:
            break
        said += part
    if not said.endswith(b"\0"):
        raise ScannerFault("scanner_silent")
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()
