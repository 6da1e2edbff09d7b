"""A folder the database's own user can reach, and one quick cluster for all tests of this room."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import database
from server.postgres import EmbeddedPostgres


@pytest.fixture(autouse=True)
def no_loop_of_a_browser() -> Iterator[None]:
    """A browser that another test of this worker keeps open leaves its event loop behind; ours needs one of its own."""
    running = asyncio._get_running_loop()  # noqa: SLF001
    asyncio._set_running_loop(None)  # noqa: SLF001
    yield
    asyncio._set_running_loop(running)  # noqa: SLF001


@pytest.fixture
def folder() -> Iterator[Path]:
    """pytest's own folders are closed to others, so PostgreSQL's user could not enter them."""
    made = Path(tempfile.mkdtemp(prefix="stafetten-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="package")
def cluster() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres.temporary() as running:
        yield running


@pytest.fixture(scope="package")
def migrated(cluster: EmbeddedPostgres) -> EmbeddedPostgres:
    database.upgrade(cluster.owner_url)
    return cluster
