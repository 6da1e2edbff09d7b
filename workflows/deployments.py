"""Every flow, its schedule and how many may run at once: one list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prefect import Flow

from workflows.absences import turn_absences
from workflows.archives import pack_archive
from workflows.attachments import scan_attachments, sweep_attachments
from workflows.audit import anchor_audit
from workflows.coordinations import invite_services
from workflows.deadlines import expire_deadlines, remind
from workflows.drifts import hunt_drift
from workflows.inbox import read_inbox
from workflows.indicators import refresh_indicators
from workflows.meetings import remind_times, summon_meeting
from workflows.notices import reconcile_deliveries, send_digests, send_notices
from workflows.outbox import hunt_unfinished
from workflows.readings import hunt_odd_readings
from workflows.retention import sweep
from workflows.wiring import hushed

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
        Deployed(pack_archive),
        Deployed(scan_attachments),
        Deployed(expire_deadlines, every=tick),
        Deployed(remind, every=tick),
        Deployed(remind_times, every=tick),
        Deployed(hunt_unfinished, every=2 * tick),
        Deployed(read_inbox, every=tick),
        Deployed(reconcile_deliveries, cron="0 4 * * *"),
        Deployed(send_digests, cron="0 7 * * 1-5"),
        Deployed(sweep, cron="15 3 * * *"),
        Deployed(refresh_indicators, cron="30 2 * * *"),
        Deployed(anchor_audit, cron="45 2 * * *"),
        Deployed(turn_absences, every=tick),
        Deployed(sweep_attachments, every=2 * tick),
        Deployed(hunt_drift, cron="30 4 * * *"),
        Deployed(hunt_odd_readings, cron="45 4 * * *"),
    )


def limits(settings: Any) -> Mapping[str, int]:
    """How many at once each outside system is asked to take, over all workers together."""
    return {"mail": settings.mail_at_once, "sms": settings.sms_at_once}


def unspoken(one: Deployed) -> Deployed:
    """The flow, whose failures reach Prefect by their class alone."""
    one.flow.fn = hushed(one.flow.fn)
    return one
