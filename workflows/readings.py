"""Looks through the trail for odd readings."""

from prefect import flow

from casework import readings
from workflows.wiring import wiring


@flow(name="hunt-odd-readings", persist_result=False, log_prints=False)
def hunt_odd_readings() -> None:
    """Find what somebody should be asked about, and tell the data protection officers."""
    with wiring().begin() as tx:
        readings.hunt(tx)
