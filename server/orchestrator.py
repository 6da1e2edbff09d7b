"""How Prefect's server is run: on its own database, on loopback or behind a password, telling nobody."""

import sys
import time
from typing import Any

from workflows.connectors.prefect_api import PrefectApi, PrefectSettings

DAY = 24 * 60 * 60  # seconds


def _auth(settings: Any) -> str:
    found = settings.prefect_auth_string
    return found.get_secret_value() if hasattr(found, "get_secret_value") else str(found or "")


def environment(settings: Any) -> dict[str, str]:
    """Pinned settings of the server: telemetry off, no ephemeral mode, old runs deleted, little work at rest."""
    address, _, _ = str(settings.prefect_api_url).removeprefix("http://").partition("/")
    host, _, port = address.partition(":")
    found = {
        "PREFECT_HOME": str(settings.data_folder / "prefect"),
        "PREFECT_SERVER_API_HOST": host or "127.0.0.1",
        "PREFECT_SERVER_API_PORT": port or "4200",
        "PREFECT_API_URL": str(settings.prefect_api_url),
        "PREFECT_API_DATABASE_CONNECTION_URL": _plain(settings.prefect_database_url),
        "PREFECT_SERVER_API_AUTH_STRING": _auth(settings),
        "PREFECT_API_AUTH_STRING": _auth(settings),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_UI_ENABLED": "true" if settings.prefect_ui else "false",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P3D",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "true",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(settings.prefect_keep_days * DAY),
        # On disk, so that a place at the mail server is given back although Prefect's server was restarted.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "20",
        "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
    }
    return {name: value for name, value in found.items() if value}


def _plain(value: Any) -> str:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value or "")


def command(settings: Any) -> list[str]:
    """The server's command line."""
    found = environment(settings)
    return [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        found["PREFECT_SERVER_API_HOST"],
        "--port",
        found["PREFECT_SERVER_API_PORT"],
        *(() if settings.prefect_ui else ("--no-ui",)),
    ]


def wait_ready(settings: Any, timeout: float = 90.0) -> None:
    """Wait until the server answers; raises TimeoutError."""
    api = PrefectApi(PrefectSettings(str(settings.prefect_api_url), _auth(settings)))
    ends = time.monotonic() + timeout
    try:
        while not api.healthy():
            if time.monotonic() > ends:
                raise TimeoutError("Prefect's server did not answer in time")
            time.sleep(0.25)
    finally:
        api.close()
