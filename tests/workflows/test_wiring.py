"""What fails is told by its class alone."""

import pytest

from workflows.wiring import hushed


def test_a_failure_keeps_its_class_and_loses_its_words():
    @hushed
    def fails() -> None:
        raise LookupError("Key (email)=(kari@example.no) already exists")

    with pytest.raises(Exception, match="^$") as failed:
        fails()
    assert type(failed.value).__name__ == "LookupError"
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_what_goes_well_goes_through():
    assert hushed(lambda number: number + 1)(1) == 2
