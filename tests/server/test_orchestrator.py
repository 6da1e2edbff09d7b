"""Prefect's server is asked what it has understood of the settings it is given."""

import json
import os
import subprocess
import sys

import pytest

from server import orchestrator
from server.settings import Settings

ASK = """
import json
from prefect.settings import get_current_settings
s = get_current_settings().server
v = s.services.db_vacuum
print(json.dumps({
    "ui": s.ui.enabled, "ephemeral": s.ephemeral.enabled, "analytics": s.analytics_enabled,
    "vacuum": sorted(v.enabled_vacuum_types), "days": v.retention_period.total_seconds() / 86400,
    "leases": s.concurrency.lease_storage, "host": s.api.host,
}))
"""


def understood(**given: object) -> dict[str, object]:
    settings = Settings(prefect_database_url="postgresql+asyncpg://x@127.0.0.1/p", **given)
    variables = {**os.environ, **orchestrator.environment(settings)}
    answer = subprocess.run(
        [sys.executable, "-c", ASK], env=variables, capture_output=True, text=True, check=True
    )
    return dict(json.loads(answer.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def pinned() -> dict[str, object]:
    return understood(prefect_keep_days=9)


def test_the_server_is_on_loopback_and_tells_nobody(pinned):
    assert pinned["host"] == "127.0.0.1"
    assert (pinned["analytics"], pinned["ephemeral"], pinned["ui"]) == (False, False, False)


def test_old_runs_are_deleted_after_the_days_the_operator_says(pinned):
    assert "flow_runs" in pinned["vacuum"]
    assert pinned["days"] == 9


def test_a_place_at_the_mail_server_outlives_a_restart_of_the_server(pinned):
    assert str(pinned["leases"]).endswith("filesystem")


def test_prefects_own_pages_are_shown_only_when_asked_for():
    with_pages = Settings(prefect_database_url="postgresql+asyncpg://x@127.0.0.1/p", prefect_ui=True)
    assert "--no-ui" not in orchestrator.command(with_pages)
    assert orchestrator.environment(with_pages)["PREFECT_SERVER_UI_ENABLED"] == "true"
    assert "--no-ui" in orchestrator.command(Settings())
