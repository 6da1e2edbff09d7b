"""One whole house for the journeys: every process real, time moved by a file."""

from collections.abc import Iterator

import pytest

from tests.machinery import Machinery, standing


@pytest.fixture(scope="package")
def machinery() -> Iterator[Machinery]:
    """The house, standing, for every journey of the run; gone after the last, for it works when nobody looks."""
    with standing() as made:
        yield made
