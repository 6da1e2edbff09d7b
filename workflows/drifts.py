"""Hunts for cases about to be left lying."""

from prefect import flow

from casework import drifts
from workflows.wiring import wiring


@flow(name="hunt-drift", persist_result=False, log_prints=False)
def hunt_drift() -> None:
    """Find what drifts, and settle what no longer does."""
    with wiring().begin() as tx:
        drifts.hunt(tx)
