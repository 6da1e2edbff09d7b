"""Refreshes the figures of the night."""

from prefect import flow

from casework import indicators
from workflows.wiring import wiring


@flow(name="refresh-indicators", persist_result=False, log_prints=False)
def refresh_indicators() -> None:
    """Count anew what management sees."""
    with wiring().begin() as tx:
        indicators.refresh(tx)
