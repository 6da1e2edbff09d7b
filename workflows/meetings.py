"""Summons a meeting: a letter with a calendar entry to everybody called; again when it is moved or called off."""

from uuid import UUID

from prefect import flow

from casework import meetings
from workflows.notices import done, send_each
from workflows.wiring import wiring


@flow(name="summon-meeting", persist_result=False, log_prints=False)
def summon_meeting(meeting_id: str, outbox_id: str | None = None) -> None:
    """Send each summons; those already sent are passed by."""
    with wiring().begin() as tx:
        waiting = meetings.summons(tx, UUID(meeting_id))
    send_each(waiting)
    done(outbox_id)
