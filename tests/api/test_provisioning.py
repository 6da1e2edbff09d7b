"""SCIM 2.0: the public conformance tester, and what identity providers send that no tester does."""

import pytest
from starlette.testclient import TestClient

from api.app import create_api
from casework import provisioning

BASE = "/api/scim/v2"


@pytest.fixture
def token(town):
    with town.begin("administrator") as tx:
        return provisioning.make_token(tx, name="Entra ID")


@pytest.fixture
def scim(casework, token):
    client = TestClient(create_api(casework, None), root_path="/api", raise_server_exceptions=True)
    client.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    return client


def through(client):
    """The API as a WSGI application, which the tester calls without a network."""

    def app(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        where = f"{path}?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else path
        answer = client.request(environ["REQUEST_METHOD"], where, content=body, headers=headers)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.headers.items()))
        return [answer.content]

    return app


def test_the_public_conformance_tester_finds_nothing_wrong(scim, token):
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server

    client = WSGISCIMClient(
        through(scim), f"http://testserver{BASE}", headers={"Authorization": f"Bearer {token}"}
    )
    results = check_server(client)
    wrong = [f"{one.title}: {one.reason}" for one in results if one.status in (Status.ERROR, Status.CRITICAL)]
    assert wrong == [], "\n".join(wrong)
    assert sum(one.status == Status.SUCCESS for one in results) > 80
