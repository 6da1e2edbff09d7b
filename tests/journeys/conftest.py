"""One whole house for the journeys: every process real, time moved by a file."""

from collections.abc import Iterator

import pytest

from tests.machinery import Machinery, standing


@pytest.fixture(scope="session")
def machinery() -> Iterator[Machinery]:
    """The house, standing, for every journey of the run."""
    with standing() as made:
        yield made
