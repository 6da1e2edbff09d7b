"""Finds what was handed over and never done, as when a worker died, and lets it be carried anew."""

from prefect import flow

from casework import outbox
from workflows.wiring import wiring


@flow(name="hunt-unfinished", persist_result=False, log_prints=False)
def hunt_unfinished() -> None:
    """Hand over again what has been under way for too long, and whatever letters still wait."""
    with wiring().begin() as tx:
        outbox.hand_over_again(tx)
    from workflows.notices import send_notices

    send_notices()
