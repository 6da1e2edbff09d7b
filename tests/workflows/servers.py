"""Servers for contract tests: mail over TLS, a mailbox over IMAP, a text message gateway. All on loopback."""

import datetime
import http.server
import ipaddress
import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """A certificate made for one test, and the context a server uses it in."""

    file: Path
    context: ssl.SSLContext


def certificate(folder: Path, *, host: str = "127.0.0.1", name: str = "server") -> Certificate:
    """A self-signed certificate for an address of this machine, or for a name that is not."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    try:
        known: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        known = x509.DNSName(host)
    day = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(day - datetime.timedelta(days=1))
        .not_valid_after(day + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return Certificate(file, context)


@dataclass
class Post:
    """A mail server's hands: what it was given, and how it answers."""

    taken: list[Any] = field(default_factory=list)
    at_rcpt: str = "250 OK"
    at_data: str = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, ANN001, ANN201
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, ANN001, ANN201
        if self.at_data.startswith("250"):
            self.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.content)))
        return self.at_data


def _may(server, session, envelope, mechanism, data):  # noqa: ANN001, ANN202
    good = getattr(data, "login", b"") == b"stafetten" and getattr(data, "password", b"") == b"riktig"
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(post: Post, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None,
                auth: bool = False) -> Iterator[int]:  # fmt: skip
    """The port of a mail server that runs meanwhile."""
    more: dict[str, Any] = {"authenticator": _may, "auth_required": True} if auth else {}
    if tls is not None and auth:
        more["auth_require_tls"] = False  # the way is encrypted from the first byte
    running = Controller(
        post,
        hostname="127.0.0.1",
        port=free(),
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        **more,
    )
    # Over implicit TLS the controller's own look whether it answers needs no certificate of ours.
    running.start()
    try:
        yield running.port
    finally:
        running.stop()


def free() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def silence() -> Iterator[int]:
    """The port of a server that takes the connection and never says a word."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        yield deaf.getsockname()[1]


@dataclass
class Gateway:
    """A text message gateway: what it was asked, and how it answers."""

    status: int = 200
    answer: Any = field(default_factory=dict)
    stall: float = 0.0
    asked: list[tuple[dict[str, str], Any]] = field(default_factory=list)


@contextmanager
def gateway(told: Gateway) -> Iterator[str]:
    """The gateway's address while it runs."""

    class Hands(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if told.stall:
                time.sleep(told.stall)
            try:
                self.send_response(told.status)
                self.end_headers()
                self.wfile.write(json.dumps(told.answer).encode())
            except BrokenPipeError:
                return

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hands) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/messages"
        server.shutdown()


@dataclass
class Mailbox:
    """A mailbox over IMAP, as much of it as a reader of unread letters needs."""

    letters: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    password: str = "riktig"


@contextmanager
def imap_server(box: Mailbox, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The mailbox's port while it runs, TLS from the first byte when a context is given."""

    class Hands(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("* OK ready")
            for raw in self.rfile:
                tag, command, *rest = raw.decode().strip().split(" ")
                if command.upper() == "UID":
                    command, *rest = rest
                if not self.answer(tag, command.upper(), rest):
                    return

        def answer(self, tag: str, command: str, rest: list[str]) -> bool:
            if command == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
            elif command == "LOGIN" and rest[1].strip('"') != box.password:
                self.say(f"{tag} NO wrong")
                return True
            elif command == "SELECT":
                self.say(f"* {len(box.letters)} EXISTS")
            elif command == "SEARCH":
                unread = [str(n + 1) for n in range(len(box.letters)) if n + 1 not in box.seen]
                self.say("* SEARCH " + " ".join(unread))
            elif command == "FETCH":
                content = box.letters[int(rest[0]) - 1]
                self.wfile.write(f"* {rest[0]} FETCH (UID {rest[0]} BODY[] {{{len(content)}}}\r\n".encode())
                self.wfile.write(content + b")\r\n")
            elif command == "STORE":
                box.seen.add(int(rest[0]))
            self.say(f"{tag} OK done")
            return command != "LOGOUT"

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def get_request(self) -> Any:
            plain, address = super().get_request()
            return (tls.wrap_socket(plain, server_side=True) if tls else plain), address

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Hands) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@dataclass
class Scanner:
    """A malware scanner's hands: what it was shown, and how it answers. It speaks clamd's protocol for real."""

    limit: int = 25 * 1024 * 1024
    stall: float = 0.0
    answers: str | None = None
    seen: list[bytes] = field(default_factory=list)

    def ask(self, line: socket.socket) -> bytes:
        """Take one command and answer it; raises ValueError for what no clamd would understand."""
        stream = line.makefile("rb")
        command = b""
        while not command.endswith(b"\0"):
            command += stream.read(1) or b"\0"
        if command == b"zVERSION\0":
            return b"ClamAV 1.4.1/27500/Tue Nov 24 09:00:00 2026"
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        content = b""
        while size := int.from_bytes(stream.read(4), "big"):
            content += stream.read(size)
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        time.sleep(self.stall)
        self.seen.append(content)
        if self.answers is not None:
            return self.answers.encode()
        return b"stream: Eicar-Signature FOUND" if b"EICAR-STANDARD-ANTIVIRUS" in content else b"stream: OK"


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A server on a socket in the file system."""


@contextmanager
def scanner(told: Scanner, path: Path | None = None) -> Iterator[str]:
    """The address of a scanner on a free port of this machine, or on a socket at a path."""

    class Line(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(told.ask(self.request) + b"\0")

    kind: Any = _UnixServer if path else socketserver.ThreadingTCPServer
    with kind(str(path) if path else ("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"unix:{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
