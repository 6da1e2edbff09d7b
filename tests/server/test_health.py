"""Health answers and the doctor, against a real database and neighbours that are and are not there."""

import asyncio
import base64
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from server import doctor, mailbox
from server.demonstration import free_port
from server.health import Health, database_state, dsn
from server.settings import BadSettings, Settings
from tests.server.test_settings import GOOD, no_settings_from_outside  # noqa: F401


def settings(**given: object) -> Settings:
    nowhere = {"prefect_api_url": f"http://127.0.0.1:{free_port()}/api", "smtp_port": free_port()}
    keys = {"secret_key": "x" * 40, "field_key": base64.b64encode(bytes(32)).decode()}
    return Settings(**{**nowhere, **keys, **given})


def ask(path: str, given: Settings) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=Health(given))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    return asyncio.run(asked())


@contextmanager
def answering(path: str, said: dict) -> Iterator[str]:
    """A neighbour that answers one path with JSON."""

    class Neighbour(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == path else 404)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Neighbour) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_with_its_database_it_is_ready_and_says_that_prefect_is_down(migrated):
    answer = ask("/health/ready", settings(database_url=migrated.app_url))
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "up", "prefect": "down"}
    assert answer.headers["cache-control"] == "no-store"


def test_it_sees_prefect_when_it_is_there(migrated):
    with answering("/api/health", True) as url:
        given = settings(database_url=migrated.app_url, prefect_api_url=f"{url}/api")
        assert ask("/health/ready", given).json()["prefect"] == "up"


def test_without_its_database_it_lives_but_is_not_ready(folder):
    given = settings(database_url=f"postgresql+psycopg://app:x@/stafetten?host={folder}")
    assert ask("/health/live", given).json() == {"status": "alive"}
    answer = ask("/health/ready", given)
    assert (answer.status_code, answer.json()["database"]) == (503, "down")


def test_a_database_behind_the_code_is_not_ready(cluster):
    with cluster.connect() as connection:
        connection.execute("CREATE DATABASE behind OWNER stafetten_owner")
    assert database_state(settings(database_url=cluster.url("app", database="behind"))) == "not migrated"


def found(given: Settings) -> set[str]:
    """What is wrong with the neighbours and settings; the files of the installation are another test's."""
    return {each.code for each in doctor.everything(given)} - {p.code for p in doctor.installation_problems()}


def test_the_doctor_finds_nothing_when_everything_is_there(migrated, folder):
    port = free_port()
    mail = mailbox.controller(folder / "mail", port)
    mail.start()
    with answering("/api/health", True) as url:
        given = settings(
            database_url=migrated.app_url, prefect_api_url=f"{url}/api", smtp_port=port, smtp_tls="none"
        )
        assert found(given) == set()
    mail.stop()


def test_a_package_in_the_way_of_a_room_is_noticed(monkeypatch):
    monkeypatch.setattr(doctor, "packages_distributions", lambda: {"records": ["records"], "server": []})
    said = [each.what for each in doctor.installation_problems() if each.code == "room_shadowed"]
    assert "Another package is in the way of the room `records`." in said
    assert not any("`server`" in what or "`levels`" in what for what in said)


def test_the_doctor_names_neighbours_that_are_away(migrated):
    missing = found(settings(database_url=migrated.app_url, smtp_tls="none"))
    assert {"prefect_unreachable", "mail_unreachable"} <= missing
    assert "database_unreachable" in found(settings(database_url="postgresql+psycopg://x@/x?host=/nowhere"))


def test_the_doctor_notices_a_provider_that_is_another(migrated):
    path = "/.well-known/openid-configuration"
    with answering(path, {"issuer": "https://else"}) as url:
        codes = {p.code for p in doctor.sign_in_problems(settings(oidc_issuer=url))}
    assert codes == {"sign_in_other_issuer"}
    assert {p.code for p in doctor.sign_in_problems(settings(oidc_issuer=url))} == {"sign_in_unreachable"}


@pytest.mark.parametrize(
    ("role", "code"), [("superuser", "role_powerful"), ("owner", "role_owns_tables"), ("app", None)]
)
def test_the_doctor_judges_the_database_role(migrated, role, code):
    given = settings(database_url=migrated.url(role, database="stafetten"))
    assert [problem.code for problem in doctor.database_problems(given)] == ([code] if code else [])


def test_a_role_that_could_become_the_owner_is_refused_too(migrated):
    with migrated.connect() as connection:
        connection.execute("CREATE ROLE sly LOGIN NOINHERIT PASSWORD 'sly' IN ROLE stafetten_owner")
        connection.execute("GRANT CONNECT ON DATABASE stafetten TO sly")
    url = migrated.app_url.replace("stafetten_app", "sly").replace(
        migrated.app_url.split(":")[2].split("@")[0], "sly"
    )
    codes = [problem.code for problem in doctor.database_problems(settings(database_url=url))]
    assert codes == ["role_owns_tables"]


@pytest.mark.parametrize("role", ["superuser", "owner"])
def test_production_does_not_start_with_a_powerful_role(migrated, role, monkeypatch):
    url = migrated.url(role, database="stafetten")
    for name, value in Settings(**{**GOOD, "database_url": url}).variables().items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=r"row security|owns the tables"):
        doctor.sound_settings()


def test_production_starts_with_the_applications_role(migrated, monkeypatch):
    for name, value in Settings(**{**GOOD, "database_url": migrated.app_url}).variables().items():
        monkeypatch.setenv(name, value)
    assert doctor.sound_settings().environment == "production"


def test_addresses_are_spelled_for_psycopg_with_odd_passwords_too(migrated):
    with psycopg.connect(dsn(migrated.app_url)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("stafetten_app",)
    assert "p%40ss" in dsn("postgresql+psycopg://a:p%40ss@db/x")
