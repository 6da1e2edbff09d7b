"""Turns absences: those that begin, begin; those that are over, end; substitutes are told what the absent are."""

from prefect import flow

from casework import substitutes
from workflows.deadlines import BATCH, until_done


@flow(name="turn-absences", persist_result=False, log_prints=False)
def turn_absences() -> None:
    """Let the calendar do what nobody need remember."""
    until_done(lambda tx: substitutes.turn(tx, limit=BATCH))
