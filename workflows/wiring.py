"""This process's Casework and connectors, made once from the settings."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from casework import Casework, operations
from casework.access import Actor
from casework.transactions import Transaction
from workflows.connectors.inbox import InboxSettings
from workflows.connectors.mail import MailSettings
from workflows.connectors.scanner import ScannerSettings
from workflows.connectors.sms import SmsSettings

P = ParamSpec("P")
R = TypeVar("R")
LOCALE = Path(__file__).resolve().parents[1] / "locale"


@dataclass(frozen=True)
class Wiring:
    """What flows need: the house to ask, the ways letters go and come, and where links lead."""

    casework: Casework
    mail: MailSettings
    public_url: str
    anchor_key: bytes
    sms: SmsSettings | None = None
    inbox: InboxSettings = InboxSettings()
    scanner: ScannerSettings | None = None

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
        sms=_sms(settings),
        inbox=InboxSettings(
            settings.inbox_host,
            settings.inbox_port,
            settings.inbox_tls,
            settings.inbox_username,
            _secret(settings.inbox_password),
            settings.inbox_folder,
        ),
        scanner=ScannerSettings(settings.scanner) if settings.scanner else None,
    )
    _wired[:] = [made]
    return made


def _sms(settings: Any) -> SmsSettings | None:
    if not settings.sms_url:
        return None
    return SmsSettings(settings.sms_url, _secret(settings.sms_token), settings.sms_sender)


def _secret(value: Any) -> str:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value or "")


def wiring() -> Wiring:
    """This process's wiring; raises RuntimeError before `wire`."""
    if not _wired:
        raise RuntimeError("the worker has not been wired")
    return _wired[0]


def alive(worker: str) -> frozenset[str]:
    """Tell the operators' desk that a worker lives; answers the flows whose clocks stand still."""
    with wiring().begin() as tx:
        operations.contacted(tx, "worker", True, place=worker)
        return operations.paused(tx)


def hushed(work: Callable[P, R]) -> Callable[P, R]:
    """Let what fails be told by its class alone: Prefect keeps messages, and a message may quote a row."""

    @functools.wraps(work)
    def done(*given: P.args, **named: P.kwargs) -> R:
        try:
            return work(*given, **named)
        except Exception as broken:  # noqa: BLE001 - whatever it says, only its class may leave
            raise type(type(broken).__name__, (Exception,), {})() from None

    return done


__all__ = ["LOCALE", "Transaction", "Wiring", "alive", "hushed", "wire", "wiring"]
