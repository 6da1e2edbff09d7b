"""This process's Casework and connectors, made once from the settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework import Casework
from casework.access import Actor
from casework.transactions import Transaction
from workflows.connectors.mail import MailSettings

LOCALE = Path(__file__).resolve().parents[1] / "locale"


@dataclass(frozen=True)
class Wiring:
    """What flows need: the house to ask, the mail server, and where links lead."""

    casework: Casework
    mail: MailSettings
    public_url: str
    anchor_key: bytes

    def begin(self):  # type: ignore[no-untyped-def]
        """A transaction of the house itself."""
        return self.casework.begin(Actor.system("worker"))


_wired: list[Wiring] = []


def wire(settings: Any, casework: Casework | None = None) -> Wiring:
    """Make this process's wiring; done once when a worker starts."""
    made = Wiring(
        casework=casework or Casework.from_settings(settings, connections=6),
        mail=MailSettings(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_sender,
            settings.smtp_username or "",
            _secret(settings.smtp_password),
            settings.smtp_tls,
        ),
        public_url=str(settings.public_url).rstrip("/"),
        anchor_key=_secret(settings.anchor_key).encode(),
    )
    _wired[:] = [made]
    return made


def _secret(value: Any) -> str:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value or "")


def wiring() -> Wiring:
    """This process's wiring; raises RuntimeError before `wire`."""
    if not _wired:
        raise RuntimeError("the worker has not been wired")
    return _wired[0]


__all__ = ["LOCALE", "Transaction", "Wiring", "wire", "wiring"]
