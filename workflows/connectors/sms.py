"""Text messages by a gateway's HTTP interface: handed over, put off, or refused for good.

The gateway is asked with `POST {url}` and JSON `{"id", "from", "to", "text"}`, under `Idempotency-Key`; it answers any
2xx, with `{"id": …}` if it gives the message a name of its own. Receipts come to `POST /api/v1/sms/receipts`.
"""

from dataclasses import dataclass

import httpx

TIMEOUT = 10.0
TRY_AGAIN = frozenset({401, 403, 404, 405, 407, 408, 409, 425, 429})  # ours to mend, or only for a while
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """Where the gateway is, who we are to it, and whom messages come from.

    `token` is a bearer token, or `user:password` for basic authentication.
    """

    url: str
    token: str = ""
    sender: str = "Stafetten"
    timeout: float = TIMEOUT


class SmsRefused(Exception):
    """The gateway would not take the message. `code` says why, `permanent` whether to try again."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code, self.permanent = code, permanent


def send(settings: SmsSettings, *, message_id: str, to: str, text: str) -> str:
    """Hand one message over and answer what the gateway calls it, or our own id; raises SmsRefused."""
    user, found, password = settings.token.partition(":")
    headers = {"Idempotency-Key": message_id}
    if settings.token and not found:
        headers["Authorization"] = f"Bearer {settings.token}"
    body = {"id": message_id, "from": settings.sender, "to": to, "text": text}
    try:
        answer = httpx.post(
            settings.url,
            json=body,
            headers=headers,
            auth=(user, password) if found else None,
            timeout=httpx.Timeout(settings.timeout, connect=min(3.0, settings.timeout)),
        )
    except httpx.HTTPError as broken:
        raise SmsRefused(type(broken).__name__, permanent=False) from None
    if not answer.is_success:
        status = answer.status_code
        lasting = 400 <= status < 500 and status not in TRY_AGAIN
        raise SmsRefused(f"sms_{status}", permanent=lasting)
    return _name(answer) or message_id


def _name(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        return ""
    name = found.get("id") if isinstance(found, dict) else None
    return str(name)[:LONGEST_ID] if isinstance(name, str | int) else ""
