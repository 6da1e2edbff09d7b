"""The demo's mail server: takes every mail on loopback and keeps it as a file, delivering nothing anywhere.

One `.eml` file a mail, named so that sorting by name is sorting by time; `X-Stafetten-To` tells whom the
sender named in the envelope. The demo's inbox page reads the folder (STAFETTEN_DEMO_MAILBOX).

    python -m server.mailbox --port 2525 --folder .demo/mail
"""

import argparse
import itertools
import os
import signal
import threading
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 20 * 1024 * 1024  # bytes


class Keeper:
    """Keeps each mail in a folder; a mail is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = itertools.count()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer the sender once the mail is safely written."""
        del server, session
        self.keep(envelope.rcpt_tos, bytes(envelope.content or b""))
        return "250 Kept for the demo's inbox"

    def keep(self, receivers: list[str], content: bytes) -> Path:
        """Write one mail; answer its file."""
        told = f"X-Stafetten-To: {', '.join(receivers)}\r\n".encode("ascii", "replace")
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._number):06d}.eml"
        growing = self.folder / f".{name}"
        with os.fdopen(os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(told + content)
            file.flush()
            os.fsync(file.fileno())
        return growing.rename(self.folder / name)


def controller(folder: Path, port: int) -> Controller:
    """Make the server, not yet started."""
    return Controller(Keeper(folder), hostname="127.0.0.1", port=port, data_size_limit=LARGEST_MAIL)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m server.mailbox")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = controller(given.folder, given.port)
    running.start()
    stop.wait()
    running.stop()


if __name__ == "__main__":
    main()
