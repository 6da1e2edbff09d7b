"""The API on a real house: callers with tokens."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_api
from api.identity import SCOPES
from casework import Casework, sign_ins
from casework.access import Actor
from tests.factories import Town


class Caller:
    """A machine acting for one person of the town."""

    def __init__(self, client: TestClient, token: str, language: str = "nb") -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def get(self, path: str, **headers: str) -> Any:
        """GET below /api/v1."""
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **headers})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST below /api/v1; header names with underscores."""
        return self._send("POST", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        """PUT below /api/v1; header names with underscores."""
        return self._send("PUT", path, body, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(
            method, f"/api/v1{path}", json=body or {}, headers={**self.headers, **named}
        )


@pytest.fixture
def client(casework: Casework) -> TestClient:
    """The API as the server mounts it."""
    return TestClient(create_api(casework, None), root_path="/api", raise_server_exceptions=True)


@pytest.fixture
def call(client: TestClient, casework: Casework, town: Town) -> Callable[..., Caller]:
    """`call("teacher").get("/cases")`: a caller with a token for somebody of the town."""

    def caller(
        name: str, *, scopes: tuple[str, ...] = SCOPES, language: str = "nb", of: Town = town
    ) -> Caller:
        with casework.begin(Actor.stranger()) as tx:
            token = sign_ins.issue_token(tx, of.people[name], name="test", scopes=scopes)
        return Caller(client, token, language)

    return caller
