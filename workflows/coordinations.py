"""Invites the services of one coordination: a task for each, with retries of its own."""

from uuid import UUID

from prefect import flow

from casework import coordinations
from workflows.notices import done, send_each
from workflows.wiring import wiring


@flow(name="invite-services", persist_result=False, log_prints=False)
def invite_services(coordination_id: str, outbox_id: str | None = None) -> None:
    """Send each service its letter; those already sent are passed by."""
    with wiring().begin() as tx:
        waiting = coordinations.invitations_to_send(tx, UUID(coordination_id))
    send_each(waiting)
    done(outbox_id)
