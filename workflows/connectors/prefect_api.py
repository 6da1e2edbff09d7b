"""Prefect's REST interface, as far as the courier and the worker need it. Opaque ids are all it is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

POOL = "stafetten"
MOST = 200  # what Prefect answers at a time


class PrefectUnreachable(Exception):
    """Prefect did not answer, or answered that it cannot just now."""


@dataclass(frozen=True, slots=True)
class PrefectSettings:
    """Where Prefect's server is, and the user and password it asks for."""

    url: str
    auth: str = ""


class PrefectApi:
    """One connection to Prefect's server."""

    def __init__(self, settings: PrefectSettings) -> None:
        user, _, password = settings.auth.partition(":")
        self._client = httpx.Client(
            base_url=settings.url.rstrip("/") + "/",
            auth=(user, password) if settings.auth else None,
            timeout=httpx.Timeout(10.0, connect=3.0),
            headers={"Accept": "application/json"},
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def post(self, path: str, **body: Any) -> Any:
        """POST and answer the JSON; raises PrefectUnreachable, or httpx.HTTPStatusError for a refusal."""
        return self._call("POST", path, json=body)

    def _call(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._client.request(method, path, **more)
        except httpx.TransportError as broken:
            raise PrefectUnreachable(type(broken).__name__) from None
        if answer.status_code >= 500:
            raise PrefectUnreachable(f"http_{answer.status_code}")
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def healthy(self) -> bool:
        """Whether the server answers."""
        try:
            return self._call("GET", "health") is True
        except (PrefectUnreachable, httpx.HTTPStatusError):
            return False

    def deployment_id(self, flow: str) -> str | None:
        """The id of a flow's deployment, or None when no worker has registered it yet."""
        try:
            return str(self._call("GET", f"deployments/name/{flow}/{flow}")["id"])
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code == 404:
                return None
            raise PrefectUnreachable(f"http_{refused.response.status_code}") from None

    def start(self, deployment_id: str, parameters: dict[str, str], key: str) -> str:
        """Ask for one run; the same key never starts a second."""
        try:
            run = self.post(
                f"deployments/{deployment_id}/create_flow_run", parameters=parameters, idempotency_key=key
            )
        except httpx.HTTPStatusError as refused:
            raise PrefectUnreachable(f"http_{refused.response.status_code}") from None
        return str(run["id"])

    def make_pool(self) -> None:
        """Make the work pool unless it is there."""
        try:
            self.post("work_pools/", name=POOL, type="stafetten", base_job_template={})
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != 409:
                raise

    def register(self, flow: str, schedules: list[dict[str, Any]], *, paused: bool = False) -> str:
        """Register a flow and its one deployment, with its schedules as they are now, standing still or going."""
        flow_id = self.post("flows/", name=flow)["id"]
        made = self.post(
            "deployments/",
            name=flow,
            flow_id=flow_id,
            work_pool_name=POOL,
            enforce_parameter_schema=False,
            schedules=schedules,
            paused=paused,
        )
        return str(made["id"])

    def limit(self, name: str, at_once: int, *, afresh: bool = False) -> None:
        """At most so many at once hold this limit, over all workers; made when missing, changed when different.

        Afresh gives back every place that is taken.
        """
        try:
            found = self._call("GET", f"v2/concurrency_limits/{name}")
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != 404:
                raise
            found = None
        if found is None:
            try:
                self.post("v2/concurrency_limits/", name=name, limit=at_once)
            except httpx.HTTPStatusError as refused:
                if refused.response.status_code != 409:
                    raise
        elif afresh or found["limit"] != at_once:
            given_back = {"active_slots": 0} if afresh else {}
            self._call("PATCH", f"v2/concurrency_limits/{name}", json={"limit": at_once, **given_back})

    def pause(self, flow: str, *, paused: bool) -> bool:
        """Stop a flow's clock, or let it go; False when no worker has registered it."""
        known = self.deployment_id(flow)
        if known is None:
            return False
        self.post(f"deployments/{known}/{'pause' if paused else 'resume'}_deployment")
        return True

    def deployments(self) -> list[dict[str, Any]]:
        """Every deployment of the pool: its name, whether it has a clock, whether that stands still."""
        return list(self.post("deployments/filter", work_pools={"name": {"any_": [POOL]}}, limit=MOST))

    def runs(self, *states: str, sort: str = "EXPECTED_START_TIME_ASC", **when: Any) -> list[dict[str, Any]]:
        """Runs in some states, at most two hundred; `when` narrows as Prefect's own filter does."""
        wanted = {"state": {"type": {"any_": list(states)}}, **when}
        return list(self.post("flow_runs/filter", flow_runs=wanted, sort=sort, limit=MOST))

    def due_runs(self, before: datetime, limit: int) -> list[dict[str, Any]]:
        """Runs of the pool that should start by then."""
        found = self.post(
            f"work_pools/{POOL}/get_scheduled_flow_runs", scheduled_before=before.isoformat(), limit=limit
        )
        return [one["flow_run"] for one in found]

    def state_of(self, run_id: str) -> str:
        """How far a run has come: SCHEDULED, RUNNING, COMPLETED, FAILED and so on."""
        return str(self._call("GET", f"flow_runs/{run_id}")["state_type"])

    def queued(self, run_ids: Iterable[str]) -> frozenset[str]:
        """Which of these runs, at most two hundred, still wait for a worker to take them."""
        found = self.runs("SCHEDULED", id={"any_": [one for one in run_ids if one]})
        return frozenset(str(one["id"]) for one in found)

    def take(self, run_id: str) -> bool:
        """Propose that this worker runs it; False when another has taken it."""
        answer = self.post(f"flow_runs/{run_id}/set_state", state={"type": "PENDING", "name": "Pending"})
        return bool(answer["status"] == "ACCEPT")

    def give_up(self, run_id: str) -> None:
        """Say that a run this worker took has crashed."""
        self.post(f"flow_runs/{run_id}/set_state", state={"type": "CRASHED", "name": "Crashed"}, force=True)

    def beat(self, worker: str) -> None:
        """Say that this worker lives."""
        self.post(f"work_pools/{POOL}/workers/heartbeat", name=worker, heartbeat_interval_seconds=30)
