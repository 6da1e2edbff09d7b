"""Meetings: summoned by a letter with a calendar entry, again when moved or called off; the silent reminded."""

from uuid import UUID

from prefect import flow

from casework import meetings
from workflows.notices import done, send_each
from workflows.wiring import wiring

BATCH = 100
MOST_ROUNDS = 50


@flow(name="summon-meeting", persist_result=False, log_prints=False)
def summon_meeting(meeting_id: str, outbox_id: str | None = None) -> None:
    """Send each summons; those already sent are passed by."""
    with wiring().begin() as tx:
        waiting = meetings.summons(tx, UUID(meeting_id))
    send_each(waiting)
    done(outbox_id)


@flow(name="remind-times", persist_result=False, log_prints=False)
def remind_times() -> None:
    """Remind those who have not answered which times suit; batch after batch, each its own transaction."""
    for _ in range(MOST_ROUNDS):
        with wiring().begin() as tx:
            found = meetings.remind_silent(tx, limit=BATCH)
        if found < BATCH:
            return
