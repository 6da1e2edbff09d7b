"""Looks at how Prefect's flows stand, tells the operators' desk, and carries out what operators have stopped.

It runs beside the courier rather than as a flow, so that it sees also when no worker runs anything.
"""

import logging
import re
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from casework import Casework, operations
from casework.access import Actor
from casework.refusals import Unavailable
from workflows.connectors.prefect_api import PrefectApi, PrefectUnreachable

log = logging.getLogger("stafetten.overseer")
EVERY = 15.0
DAY = timedelta(days=1)
# Prefect puts the class first in the message; what comes after may be anything, and is never kept.
_CLASS = re.compile(r"encountered an exception:? ([A-Za-z_][A-Za-z0-9_.]{0,59})\b")


class Overseer:
    """One that looks; several may look side by side, and see the same."""

    def __init__(self, house: Casework, api: PrefectApi, *, every: float = EVERY) -> None:
        self.house, self.api, self.every = house, api, every

    def run(self, stopping: threading.Event) -> None:
        """Look now and then until told to stop."""
        while not stopping.wait(self.every):
            try:
                self.once()
            except Unavailable:
                log.warning("database_unreachable")

    def once(self) -> None:
        """Carry out stops, look at every flow, and tell; when Prefect is silent, that is what is told."""
        broken = ""
        reports: list[operations.Report] = []
        try:
            self._stop()
            reports = self._look()
        except (PrefectUnreachable, httpx.HTTPError) as silent:
            broken = type(silent).__name__
        with self.house.begin(Actor.system("courier")) as tx:
            operations.reported(tx, reports)
            operations.contacted(tx, "courier", True)
            operations.contacted(tx, "prefect", not broken, broken)

    def _stop(self) -> None:
        with self.house.begin(Actor.system("courier")) as tx:
            wanted = operations.stops(tx)
            tx.without_trail()
        for stop in wanted:
            if self.api.pause(stop.flow, paused=stop.paused):
                with self.house.begin(Actor.system("courier")) as tx:
                    operations.stopped(tx, stop.id)

    def _look(self) -> list[operations.Report]:
        now = datetime.now(UTC)  # Prefect's own time, which no clock shift moves
        before, after = {"before_": now.isoformat()}, {"after_": (now - DAY).isoformat()}
        runs = {
            "running": self.api.runs("RUNNING", "PENDING"),
            "waiting": self.api.runs("SCHEDULED", expected_start_time=before),
            "failed": self.api.runs("FAILED", "CRASHED", sort="END_TIME_DESC", end_time=after),
            "succeeded": self.api.runs("COMPLETED", sort="END_TIME_DESC"),
        }
        return [_report(one, runs) for one in self.api.deployments()]


def _report(deployment: dict[str, Any], runs: dict[str, list[dict[str, Any]]]) -> operations.Report:
    """What Prefect says of one flow."""
    mine = {
        kind: [run for run in found if run["deployment_id"] == deployment["id"]]
        for kind, found in runs.items()
    }
    failed = next(iter(mine["failed"]), None)
    return operations.Report(
        deployment["name"],
        running=len(mine["running"]),
        waiting=len(mine["waiting"]),
        failed=len(mine["failed"]),
        oldest_at=min(_moments(mine["running"] + mine["waiting"], "expected_start_time"), default=None),
        succeeded_at=max(_moments(mine["succeeded"], "end_time"), default=None),
        failed_at=max(_moments(mine["failed"], "end_time"), default=None),
        failure=_class(failed) if failed else None,
        scheduled=bool(deployment.get("schedules")),
        paused=bool(deployment.get("paused")),
    )


def _moments(runs: Iterable[dict[str, Any]], name: str) -> list[datetime]:
    return [datetime.fromisoformat(run[name]) for run in runs if run.get(name)]


def _class(run: dict[str, Any]) -> str:
    """The class of what ended a run, and not a word of its message."""
    found = _CLASS.search(str((run.get("state") or {}).get("message") or ""))
    return found[1] if found else str(run["state_type"]).capitalize()
