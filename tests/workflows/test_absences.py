"""The clock's own runs: absences begin and end, and what drifts is found, without anybody asking."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from casework import absences, cases, drifts
from casework.access import Actor
from workflows import wiring
from workflows.absences import turn_absences
from workflows.deployments import deployed
from workflows.drifts import hunt_drift


@pytest.fixture
def wired(casework, monkeypatch):
    made = SimpleNamespace(begin=lambda: casework.begin(Actor.system("worker")))
    monkeypatch.setattr(wiring, "_wired", [made])


@pytest.mark.usefixtures("wired")
def test_an_absence_set_for_tomorrow_begins_and_ends_by_itself(town, clock):
    case_id = town.case()
    with town.begin("teacher") as tx:
        tomorrow = tx.today + timedelta(days=1)
        absences.register(
            tx, town.people["teacher"], absences.SetAbsence(tomorrow, tomorrow, town.people["colleague"])
        )
    seen = []
    for _ in range(3):
        turn_absences.fn()
        with town.begin("colleague") as tx:
            seen.append([one.id for one in cases.mine(tx).cases])
        clock.at += timedelta(days=1)
    assert seen == [[], [case_id], []]


@pytest.mark.usefixtures("wired")
def test_the_nights_hunt_finds_what_nobody_has_looked_at(town, clock):
    town.case()
    clock.at += timedelta(days=31)
    for _ in range(2):
        hunt_drift.fn()
    with town.begin("teacher") as tx:
        assert [one.kind for one in drifts.mine(tx)] == ["no_activity"]


def test_both_run_by_the_clock():
    found = {one.name: (one.every, one.cron) for one in deployed("production")}
    assert found["turn-absences"] == (300.0, None)
    assert found["hunt-drift"] == (None, "30 4 * * *")
