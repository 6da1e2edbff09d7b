"""What the clock does: terms run out, reminders are written, consents end. Batches, so that bulk is cheap."""

from collections.abc import Callable

from prefect import flow

from casework import cases, chasing, followups, relocations
from casework.transactions import Transaction
from workflows.wiring import wiring

BATCH = 200
MOST_ROUNDS = 50


def until_done(act: Callable[[Transaction], int]) -> int:
    """Batch after batch, each its own transaction, until a batch is not full."""
    total = 0
    for _ in range(MOST_ROUNDS):
        with wiring().begin() as tx:
            found = act(tx)
        total += found
        if found < BATCH:
            break
    return total


@flow(name="expire-deadlines", persist_result=False, log_prints=False)
def expire_deadlines() -> None:
    """Let terms that have run out be missed, climb the ladders above silence, end pauses and consents in time."""
    until_done(lambda tx: followups.expire_due(tx, limit=BATCH))
    until_done(lambda tx: chasing.climb_due(tx, limit=BATCH))
    until_done(lambda tx: cases.end_pauses(tx, limit=BATCH))
    until_done(lambda tx: relocations.lapse_due(tx, limit=BATCH))
    until_done(lambda tx: followups.expire_consents(tx, limit=BATCH))
    until_done(lambda tx: followups.come_of_age(tx, limit=BATCH))


@flow(name="remind", persist_result=False, log_prints=False)
def remind() -> None:
    """Write the reminders whose time has come."""
    until_done(lambda tx: followups.remind_due(tx, limit=BATCH))
    until_done(lambda tx: followups.remind_of_consents(tx, limit=BATCH))
