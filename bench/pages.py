"""Asks for whole pages inside this process, signed in as somebody: server time without a network."""

from uuid import UUID

from casework import Casework, sign_ins
from casework.access import Actor
from server.settings import Settings


class Browser:
    """Flask's own client with a session cookie."""

    def __init__(self, house: Casework, who: UUID) -> None:
        from web.app import create_web

        settings = Settings(
            environment="development", secret_key="b" * 48, public_url="http://127.0.0.1:8400"
        )
        self.client = create_web(house, settings).test_client()
        with house.begin(Actor.stranger()) as tx:
            token = sign_ins.start(tx, who, method="bench")
        from web.identity import COOKIE

        self.client.set_cookie(COOKIE, token, domain="127.0.0.1")

    def get(self, path: str) -> int:
        """The page's status; raises when it is not there, so that no error page is ever measured."""
        answer = self.client.get(path, base_url="http://127.0.0.1:8400")
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return answer.status_code
