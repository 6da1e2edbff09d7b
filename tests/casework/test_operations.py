"""The operator's desk: what stands still is seen and set going again, with a reason, and nobody is named."""

from datetime import timedelta

import pytest

from casework import notices, operations, outbox
from casework.access import Actor
from casework.refusals import Invalid, NotFound, Refused
from tests.factories import Town


@pytest.fixture
def empty(as_owner):  # type: ignore[no-untyped-def]
    """Nothing waits from other tests."""
    as_owner("DELETE FROM outbox")
    as_owner("DELETE FROM operator_acts")
    as_owner("DELETE FROM contacts")
    as_owner("DELETE FROM flow_reports")


@pytest.fixture
def row_id(town: Town, empty):  # type: ignore[no-untyped-def]
    """An outbox row that waits for the courier."""
    town.worry(town.child())
    with town.begin("operator") as tx:
        rows = operations.desk(tx).rows
    if not rows:
        with town.casework.begin(Actor.system()) as tx:
            tx.start_flow("send-notices")
        with town.begin("operator") as tx:
            rows = operations.desk(tx).rows
    return rows[0].id


def lost(town: Town) -> object:
    """A letter that was given up; answers its id."""
    with town.casework.begin(Actor.system()) as tx:
        made = notices.write(
            tx,
            "invitation",
            municipality_id=town.id,
            subject=("invitation", town.people["teacher"]),
            service_id=town.services["ppt"],
        )
        tx.without_trail()
    with town.casework.begin(Actor.system()) as tx:
        notices.mark_failed(tx, made, code="mailbox_unknown", permanent=True)
    return made


@pytest.mark.parametrize("who", ["teacher", "principal", "coordinator", "manager", "administrator"])
def test_the_desk_is_not_there_for_anybody_else(town: Town, row_id, who: str):
    with town.begin(who) as tx, pytest.raises(NotFound):
        operations.desk(tx)
    for act in (operations.try_again, operations.skip):
        with pytest.raises(NotFound), town.begin(who) as tx:
            act(tx, row_id, reason="Jeg vil")


def test_a_row_that_was_handed_over_and_never_done_is_handed_over_now(town: Town, row_id, clock, as_owner):
    with town.casework.begin(Actor.system()) as tx:
        outbox.claim(tx)
        outbox.mark_carried(tx, row_id, "run")
    with town.begin("operator") as tx:
        [waiting] = operations.desk(tx).rows
        assert waiting.carried_at is not None
        operations.try_again(tx, row_id, reason="Arbeideren døde", key="k1")
    with town.casework.begin(Actor.system()) as tx:
        [carried] = outbox.claim(tx)
    assert (carried.id, carried.handover) == (row_id, 1), "a new hand-over, so Prefect starts a new run"
    sql = "SELECT act, body FROM audit WHERE file_kind = 'operations' AND municipality_id = :town"
    [act] = as_owner(sql, town=town.id)
    assert act.act == "operations_again"
    assert "Arbeideren" not in act.body, "the reason is kept beside the trail, not in it"
    with town.begin("operator") as tx:
        [done] = operations.desk(tx).acts
    assert (done.kind, done.reason) == ("again", "Arbeideren døde")


def test_without_a_reason_nothing_is_done(town: Town, row_id):
    with town.begin("operator") as tx, pytest.raises(Invalid):
        operations.try_again(tx, row_id, reason="  ")


def test_what_the_clock_does_anyway_can_be_passed_by_and_nothing_else(town: Town, row_id, as_owner):
    as_owner("UPDATE outbox SET flow = 'invite-services' WHERE id = :id", id=row_id)
    with pytest.raises(Refused) as refused, town.begin("operator") as tx:
        operations.skip(tx, row_id, reason="Står i veien")
    assert refused.value.unmet == ("not_harmless",)
    as_owner("UPDATE outbox SET flow = 'send-notices' WHERE id = :id", id=row_id)
    with town.begin("operator") as tx:
        operations.skip(tx, row_id, reason="Står i veien")
    with town.casework.begin(Actor.system()) as tx:
        assert outbox.claim(tx) == []
        assert outbox.state(tx).unfinished == 0
        tx.without_trail()


def test_a_letter_that_was_given_up_is_written_again_under_the_same_id(town: Town, empty, as_owner):
    notice_id = lost(town)
    with town.begin("operator") as tx:
        assert notice_id in {one.id for one in operations.desk(tx).given_up}
        operations.send_again(tx, notice_id, reason="Adressen er rettet")
    with town.casework.begin(Actor.system()) as tx:
        assert notice_id in notices.waiting(tx, limit=1000)
    assert as_owner("SELECT flow FROM outbox WHERE carried_at IS NULL")[-1].flow == "send-notices"
    with pytest.raises(NotFound), town.begin("operator") as tx:
        operations.send_again(tx, notice_id, reason="En gang til")


def test_nobody_but_operators_can_write_a_letter_again(town: Town, empty):
    notice_id = lost(town)
    with town.begin("teacher") as tx:
        assert tx.scalar("SELECT app.write_letter_again(:id)", id=notice_id) is False
        tx.without_trail()


def test_a_flow_is_stopped_by_the_courier_and_stays_stopped(town: Town, empty, casework):
    with casework.begin(Actor.system()) as tx:
        operations.reported(
            tx, [operations.Report("remind", scheduled=True), operations.Report("send-notices")]
        )
    with town.begin("operator") as tx:
        operations.pause(tx, "remind", reason="Feil i guiden")
    with pytest.raises(Refused), town.begin("operator") as tx:
        operations.pause(tx, "send-notices", reason="Har ingen klokke")
    with casework.begin(Actor.system()) as tx:
        [stop] = operations.stops(tx)
        assert (stop.flow, stop.paused) == ("remind", True)
        operations.stopped(tx, stop.id)
        assert operations.stops(tx) == []
        assert operations.paused(tx) == {"remind"}
    with town.begin("operator") as tx:
        operations.resume(tx, "remind", reason="Rettet")
    with casework.begin(Actor.system()) as tx:
        assert operations.paused(tx) == frozenset()
        tx.without_trail()


def test_what_prefect_has_forgotten_we_still_know(town: Town, empty, casework, clock):
    then = clock.at
    failed = operations.Report(
        "anchor-audit", failed=1, failed_at=then, failure="TrailBroken", succeeded_at=then
    )
    with casework.begin(Actor.system()) as tx:
        operations.reported(tx, [failed])
    clock.at += timedelta(hours=5)
    with casework.begin(Actor.system()) as tx:
        operations.reported(tx, [operations.Report("anchor-audit")])
    with town.begin("operator") as tx:
        [flow] = operations.desk(tx).flows
    assert (flow.failed, flow.failed_at, flow.failure, flow.succeeded_at) == (0, then, "TrailBroken", then)


def test_a_contact_remembers_its_last_success_and_its_last_failure_and_no_message(
    town: Town, empty, casework, clock
):
    with casework.begin(Actor.system()) as tx:
        operations.contacted(tx, "mail", True)
    clock.at += timedelta(minutes=1)
    with casework.begin(Actor.system()) as tx:
        operations.contacted(tx, "mail", False, "Refused: kari@example.no")
    with town.begin("operator") as tx:
        [sign] = operations.desk(tx).signs
    assert sign.troubled
    assert sign.code == "unknown", "what is no code is not kept"
    clock.at += timedelta(minutes=1)
    with casework.begin(Actor.system()) as tx:
        operations.contacted(tx, "mail", True)
    with town.begin("operator") as tx:
        [sign] = operations.desk(tx).signs
    assert not sign.troubled


def test_the_desk_says_how_big_the_database_is_and_when_the_trail_was_anchored(town: Town, empty):
    with town.begin("operator") as tx:
        desk = operations.desk(tx)
    assert desk.database_size > 1_000_000
    assert desk.database_version.split(".")[0].isdigit()
    assert desk.tables_version >= "0009"
