"""Who asks: a bearer token for one practitioner, within the scopes it was issued for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from casework import sign_ins
from casework.access import Actor
from casework.identities import IdentityKeys
from casework.transactions import Transaction

SCOPES = (
    "signals:read",
    "signals:write",
    "cases:read",
    "cases:write",
    "services:read",
    "services:write",
    "reports:read",
    "reports:write",
    "emergencies:read",
    "emergencies:write",
    "families:read",
    "families:write",
    "consultations:read",
    "consultations:write",
    "guides:read",
    "guides:write",
    "staff:read",
    "staff:write",
    "notices:read",
    "notices:write",
    "figures:read",
    "audit:read",
    "audit:write",
    "operations:read",
    "operations:write",
    "archives:read",
    "archives:write",
)
_bearer = HTTPBearer(auto_error=False, description="A token issued by `stafetten token`.")


class Unauthenticated(Exception):
    """There is no token, or it does not hold."""


class OutOfScope(Exception):
    """The token was not issued for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class Begin:
    """Opens transactions for whoever the token stands for, and has the keys for identity numbers."""

    def __init__(self, request: Request, actor: Actor) -> None:
        self._casework, self.actor = request.app.state.casework, actor

    @property
    def keys(self) -> IdentityKeys:
        """What identity numbers are encrypted and found again with."""
        found: IdentityKeys = self._casework.keys
        return found

    def __call__(self) -> AbstractContextManager[Transaction]:
        opened: AbstractContextManager[Transaction] = self._casework.begin(self.actor)
        return opened


def needs(scope: str) -> Callable[..., Begin]:
    """A dependency: the caller's transactions, if the token was issued for this scope."""
    assert scope in SCOPES  # noqa: S101 - a programmer's fault, found when the routes are made

    def found(
        request: Request, token: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
    ) -> Begin:
        if token is None or "\x00" in token.credentials:
            raise Unauthenticated
        with request.app.state.casework.begin(Actor.stranger()) as tx:
            actor = sign_ins.bearer(tx, token.credentials)
        if actor is None:
            raise Unauthenticated
        if scope not in (actor.scopes or ()):
            raise OutOfScope(scope)
        return Begin(request, actor)

    found.__name__ = f"needs_{scope.replace(':', '_')}"
    return found


def _key(
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="Repeat safely: the same key, the same result.",
        ),
    ] = None,
) -> str | None:
    return idempotency_key


def _version(
    if_match: Annotated[
        str | None, Header(pattern=r'^"?\d{1,9}"?$', description="The version you read, from ETag.")
    ] = None,
) -> int | None:
    return int(if_match.strip('"')) if if_match else None


Key = Annotated[str | None, Depends(_key)]
Version = Annotated[int | None, Depends(_version)]
