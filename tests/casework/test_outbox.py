"""What is handed over and not done is found again, ever more patiently, and never in the way of what is new."""

from datetime import timedelta

import pytest

from casework import outbox
from casework.access import Actor

LATE = timedelta(minutes=2)


@pytest.fixture
def jobs(casework, as_owner):
    """Does something as the house, with nothing waiting from other tests."""
    as_owner("DELETE FROM outbox")

    def do(act, *given, **named):
        with casework.begin(Actor.system()) as tx:
            return act(tx, *given, **named)

    return do


def start(tx, flow="send-notices"):
    return tx.start_flow(flow)


def carried(jobs):
    """Hands everything that waits over; answers the ids in the order they were taken."""
    rows = jobs(outbox.claim)
    for row in rows:
        jobs(outbox.mark_carried, row.id, "run")
    return [row.id for row in rows]


def test_a_row_that_is_never_done_is_waited_for_twice_as_long_each_time(jobs, clock):
    row = jobs(start)
    assert carried(jobs) == [row]
    for waited in (2, 4, 8, 16):
        clock.at += timedelta(minutes=waited)
        assert jobs(outbox.hand_over_again, older_than=LATE) == 0, f"not yet after {waited} minutes"
        clock.at += timedelta(seconds=1)
        assert jobs(outbox.hand_over_again, older_than=LATE) == 1
        assert carried(jobs) == [row]


def test_what_is_handed_over_again_goes_behind_what_is_new(jobs, clock):
    old = jobs(start)
    carried(jobs)
    clock.at += timedelta(minutes=3)
    new = jobs(start, "invite-services")
    clock.at += timedelta(seconds=1)
    jobs(outbox.hand_over_again, older_than=LATE)
    assert carried(jobs) == [new, old]


def test_what_is_done_is_never_handed_over_again(jobs, clock):
    row = jobs(start)
    carried(jobs)
    jobs(outbox.mark_done, row)
    clock.at += timedelta(days=1)
    assert jobs(outbox.hand_over_again, older_than=LATE) == 0
