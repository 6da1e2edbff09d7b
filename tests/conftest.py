"""A real database per worker, migrated once; a clock that stands still; a town with people in it."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, create_engine, text

from casework import Casework
from casework.ports import SetClock
from server import database
from server.postgres import EmbeddedPostgres
from tests.factories import Town
from tests.web.browsers import chromium  # noqa: F401 - a fixture: one browser for a worker, whoever asks

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def pytest_collection() -> None:
    """Let nothing be looked through for rubbish while everything is imported."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Never go through what was imported again: an eighth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One server for the worker, fast because nothing in it need survive."""
    with EmbeddedPostgres.temporary() as server:
        database.upgrade(server.owner_url)
        yield server


@pytest.fixture(scope="session")
def shared_casework(postgres: EmbeddedPostgres) -> Iterator[Casework]:
    """The application's own role on that server."""
    made = Casework.from_url(postgres.app_url, field_key=b"k" * 32, clock=SetClock(NOON))
    yield made
    made.close()


@pytest.fixture
def clock(shared_casework: Casework) -> SetClock:
    """The clock of the house, set to noon on 24 November 2026 before every test."""
    found = shared_casework.clock
    assert isinstance(found, SetClock)
    found.at = NOON
    return found


@pytest.fixture
def casework(shared_casework: Casework, clock: SetClock) -> Casework:
    """The house, ready to act in."""
    return shared_casework


@pytest.fixture
def town(casework: Casework, postgres: EmbeddedPostgres) -> Town:
    """A fresh municipality with a school, services, people and children; nobody else's town is touched."""
    return Town.build(casework, postgres.owner_url)


@pytest.fixture(scope="session")
def owner(postgres: EmbeddedPostgres) -> Iterator[Engine]:
    """The tables' owner on that server."""
    engine = create_engine(postgres.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def as_owner(owner: Engine):  # type: ignore[no-untyped-def]
    """Run SQL as the tables' owner: for looking behind the house's back, and for tampering."""

    def run(sql: str, **values: object) -> list:  # type: ignore[type-arg]
        with owner.begin() as connection:
            result = connection.execute(text(sql), values)
            return list(result) if result.returns_rows else []

    return run
