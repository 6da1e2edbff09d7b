"""A short chaos run: everything is struck at random while stories are told, and everything is counted."""

import pytest

from tests.faults import chaos
from tests.machinery import standing

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("faults")]


def test_nothing_acknowledged_is_lost_or_doubled_whatever_is_struck():
    with standing() as machinery:
        report = chaos.run(machinery, cases=4, seed=7, at_once=3)
    assert report.blows > 0
    assert report.sound, report
