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


def lost(tx):
    """What is late, all of it given up for lost."""
    return outbox.hand_over_again(tx, outbox.late(tx, older_than=LATE))


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
        assert jobs(lost) == 0, f"not yet after {waited} minutes"
        clock.at += timedelta(seconds=1)
        assert jobs(lost) == 1
        assert carried(jobs) == [row]


def test_what_is_handed_over_again_goes_behind_what_is_new(jobs, clock):
    old = jobs(start)
    carried(jobs)
    clock.at += timedelta(minutes=3)
    new = jobs(start, "invite-services")
    clock.at += timedelta(seconds=1)
    jobs(lost)
    assert carried(jobs) == [new, old]


def test_what_is_done_is_never_handed_over_again(jobs, clock):
    row = jobs(start)
    carried(jobs)
    jobs(outbox.mark_done, row)
    clock.at += timedelta(days=1)
    assert jobs(lost) == 0


def test_one_run_sends_for_all_who_asked_before_it_looked_and_the_next_waits_for_it(jobs, clock):
    first, second, other = jobs(start), jobs(start), jobs(start, "invite-services")
    assert carried(jobs) == [other, first], "the second would look at the same letters"
    assert carried(jobs) == []
    served = jobs(outbox.asked, "send-notices")
    assert set(served) == {first, second}
    clock.at += timedelta(seconds=1)
    third = jobs(start)
    jobs(outbox.mark_done, *served)
    assert carried(jobs) == [third], "who asked after the run had looked is served by a run of his own"


def test_what_another_courier_has_claimed_counts_as_under_way(jobs, clock):
    first, second = jobs(start), jobs(start)
    [taken] = jobs(outbox.claim)
    assert taken.id == first
    assert jobs(outbox.claim) == []
    clock.at += timedelta(seconds=31)
    assert [row.id for row in jobs(outbox.claim)] == [first], "that courier died: the row is taken up again"
    assert second


def test_asked_for_later_once_and_not_when_somebody_asks_before(jobs, clock, as_owner):
    in_a_minute = clock.at + timedelta(minutes=1)
    jobs(outbox.ask_later, "send-notices", in_a_minute)
    jobs(outbox.ask_later, "send-notices", in_a_minute + timedelta(minutes=1))
    assert as_owner("SELECT count(*) FROM outbox") == [(1,)]
    assert carried(jobs) == []
    clock.at = in_a_minute
    assert len(carried(jobs)) == 1


def test_what_another_courier_gave_to_a_new_run_meanwhile_is_left_to_that_run(jobs, clock):
    row = jobs(start)
    carried(jobs)
    clock.at += timedelta(minutes=3)
    assert jobs(outbox.hand_over_again, {row: "an older run"}) == 0
    assert jobs(outbox.hand_over_again, {row: "run"}) == 1
