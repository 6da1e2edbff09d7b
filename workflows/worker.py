"""The worker: one long-lived process that takes due runs from Prefect and runs them in its own threads.

A process per run costs whole CPU seconds; here a run costs tenths. Prefect's engine still runs every flow, so
that states, retries and concurrency are Prefect's own.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from casework.refusals import Unavailable
from workflows.connectors.prefect_api import PrefectApi, PrefectSettings, PrefectUnreachable

log = logging.getLogger("stafetten.worker")
POLL = 0.35
BEAT = timedelta(seconds=20)
REGISTER = timedelta(minutes=5)


def client_environment(settings: Any) -> dict[str, str]:
    """What Prefect's library reads: set before it is imported."""
    auth = getattr(settings.prefect_auth_string, "get_secret_value", lambda: settings.prefect_auth_string)()
    found = {
        "PREFECT_API_URL": str(settings.prefect_api_url),
        "PREFECT_API_AUTH_STRING": auth or "",
        "PREFECT_HOME": str(settings.data_folder / "prefect"),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
    }
    return {name: value for name, value in found.items() if value}


class Worker:
    """Takes runs, runs them, says that it lives; survives restarts of Prefect's server."""

    def __init__(
        self,
        api: PrefectApi,
        flows: dict[str, Any],
        *,
        threads: int = 4,
        limits: Mapping[str, int] | None = None,
        alive: Callable[[str], frozenset[str]] = lambda _name: frozenset(),
    ) -> None:
        """`limits` says how many at once each outside system takes; `alive` tells the house that this worker lives,
        and answers which flows' clocks stand still.
        """
        self.api, self.flows, self.threads = api, flows, threads
        self.limits, self.alive = limits or {}, alive
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.stopping = threading.Event()
        self._by_deployment: dict[str, Any] = {}
        self._running: dict[str, Future[None]] = {}
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="flow")
        self._beaten = self._registered = datetime.min.replace(tzinfo=UTC)
        self._silence = False

    def run(self) -> None:
        """Work until told to stop; what has begun is finished first."""
        patience = POLL
        while not self.stopping.wait(patience):
            try:
                self._once()
                patience = POLL
            except (PrefectUnreachable, Unavailable, httpx.HTTPError) as broken:
                patience = min(patience * 2, 10.0)
                self._registered = datetime.min.replace(tzinfo=UTC)
                self._silence = self._silence or isinstance(broken, PrefectUnreachable)
                silent = "database" if isinstance(broken, Unavailable) else "prefect"
                log.warning(f"{silent}_unreachable", extra={"code": type(broken).__name__})
        self._pool.shutdown(wait=True)

    def _once(self) -> None:
        now = datetime.now(UTC)  # noqa: DTZ005 - a worker's own pulse, not a case's time
        if now - self._registered > REGISTER:
            self._register()
            self._registered = now
        if now - self._beaten > BEAT:
            self.api.beat(self.name)
            self.alive(self.name)
            self._beaten = now
        self._running = {run: one for run, one in self._running.items() if not one.done()}
        room = self.threads - len(self._running)
        if room > 0:
            for run in self.api.due_runs(now + timedelta(seconds=1), room):
                self._begin(run)

    def _register(self) -> None:
        self.api.make_pool()
        for name, at_once in self.limits.items():
            # A server that dies between counting a place and writing down who has it, would count it for ever. Better
            # for a moment a few more at once than one letter less from then on.
            self.api.limit(name, at_once, afresh=self._silence)
        self._silence = False
        still = self.alive(self.name)
        self._by_deployment = {
            self.api.register(name, one.schedules(), paused=name in still): one.flow
            for name, one in self.flows.items()
        }

    def _begin(self, run: dict[str, Any]) -> None:
        found = self._by_deployment.get(str(run["deployment_id"]))
        if found is None or run["id"] in self._running or not self.api.take(run["id"]):
            return
        self._running[run["id"]] = self._pool.submit(self._execute, found, run)

    def _execute(self, found: Any, run: dict[str, Any]) -> None:
        from prefect.client.schemas import FlowRun
        from prefect.flow_engine import run_flow_sync

        try:
            run_flow_sync(
                found,
                flow_run=FlowRun.model_validate(run),
                parameters=run["parameters"],
                return_type="state",
            )
        except Exception as broken:  # noqa: BLE001 - whatever it was, the worker lives on
            log.warning("flow_crashed", extra={"flow": found.name, "code": type(broken).__name__})
            try:
                self.api.give_up(run["id"])
            except (PrefectUnreachable, httpx.HTTPError):
                log.warning("prefect_unreachable", extra={"code": "give_up"})


def run(settings: Any) -> None:
    """Run a worker until SIGTERM or Ctrl-C."""
    os.environ.update(client_environment(settings))
    # Imported only now: Prefect reads its settings when it is imported, and no door may pay for importing it.
    from workflows.deployments import deployed, limits, unspoken
    from workflows.wiring import alive, wire

    wire(settings)
    auth = os.environ.get("PREFECT_API_AUTH_STRING", "")
    api = PrefectApi(PrefectSettings(str(settings.prefect_api_url), auth))
    flows = {one.name: unspoken(one) for one in deployed(settings.environment)}
    worker = Worker(api, flows, limits=limits(settings), alive=alive)
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: worker.stopping.set())
    worker.run()
