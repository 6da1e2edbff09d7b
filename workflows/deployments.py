"""Every flow, its schedule and how many may run at once: one list."""

from dataclasses import dataclass
from typing import Any

from prefect import Flow

from workflows.audit import anchor_audit
from workflows.coordinations import invite_services
from workflows.deadlines import expire_deadlines, remind, sweep
from workflows.indicators import refresh_indicators
from workflows.meetings import summon_meeting
from workflows.notices import send_notices
from workflows.outbox import hunt_unfinished

MINUTE = 60.0


@dataclass(frozen=True)
class Deployed:
    """A flow with its schedule: seconds between runs, or a cron line in Norwegian time, or only when asked."""

    flow: Flow[..., Any]
    every: float | None = None
    cron: str | None = None

    @property
    def name(self) -> str:
        """The name courier rows use."""
        return self.flow.name

    def schedules(self) -> list[dict[str, Any]]:
        """As Prefect's interface wants it."""
        if self.every is not None:
            return [{"schedule": {"interval": self.every}, "active": True}]
        if self.cron is not None:
            return [{"schedule": {"cron": self.cron, "timezone": "Europe/Oslo"}, "active": True}]
        return []


def deployed(environment: str) -> tuple[Deployed, ...]:
    """All of them; the demo's clockwork ticks every minute, production's every five."""
    tick = MINUTE if environment == "demo" else 5 * MINUTE
    return (
        Deployed(invite_services),
        Deployed(summon_meeting),
        Deployed(send_notices),
        Deployed(expire_deadlines, every=tick),
        Deployed(remind, every=tick),
        Deployed(hunt_unfinished, every=2 * tick),
        Deployed(sweep, cron="15 3 * * *"),
        Deployed(refresh_indicators, cron="30 2 * * *"),
        Deployed(anchor_audit, cron="45 2 * * *"),
    )
