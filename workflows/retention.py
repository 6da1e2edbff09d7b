"""The night's deletion: what is past its term goes and leaves a count; what was never packed is asked for again."""

from prefect import flow

from casework import archives, consultations, retention, rosters, throttles
from workflows.deadlines import BATCH, until_done
from workflows.wiring import wiring


@flow(name="sweep", persist_result=False, log_prints=False)
def sweep() -> None:
    """Delete what nobody needs any more, and what has had its time; then see that no closed case is forgotten."""
    with wiring().begin() as tx:
        retention.sweep(tx)
        rosters.forget(tx)
        throttles.forget(tx)
    until_done(lambda tx: consultations.forget(tx, limit=BATCH))
    retention.night(wiring().begin)
    with wiring().begin() as tx:
        archives.catch_up(tx)
