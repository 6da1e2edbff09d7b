"""Looks at an installation and says what is wrong and how to mend it."""

import importlib.util
import smtplib
import ssl
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg

from server import database, health, texts
from server.settings import ROOT, BadSettings, Problem, Settings, is_loopback, load, problems
from workflows.connectors import scanner

ROOMS = ("levels", "records", "casework", "workflows", "api", "web", "server")
OLDEST_POSTGRES = 160000
PATIENCE = 5  # seconds a neighbour has to answer

ROLE = """
SELECT current_setting('server_version_num')::int, rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class
               WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                 AND pg_has_role(current_user, relowner, 'MEMBER')),
       EXISTS (SELECT FROM pg_roles AS other
               WHERE (other.rolsuper OR other.rolbypassrls)
                 AND pg_has_role(current_user, other.oid, 'MEMBER'))
  FROM pg_roles WHERE rolname = current_user
"""


def sound_settings() -> Settings:
    """Read the settings and make sure a process may start with them.

    Raises BadSettings with all that is wrong; in production also when the database role has too much power.
    """
    settings = load()
    found = problems(settings)
    if settings.environment == "production" and settings.database_url:
        found += [each for each in database_problems(settings) if each.code != "not_migrated"]
    if found:
        raise BadSettings(found)
    return settings


def everything(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with this installation, neighbours included."""
    yield from problems(settings)
    yield from installation_problems()
    if settings.database_url.startswith("postgresql+psycopg://"):
        yield from database_problems(settings)
    yield from prefect_problems(settings)
    yield from mail_problems(settings)
    yield from sign_in_problems(settings)
    yield from scanner_problems(settings)


def database_problems(settings: Settings) -> list[Problem]:
    """What is wrong with the database: away, too old, behind, or opened with too much power."""
    try:
        with psycopg.connect(health.dsn(settings.database_url), connect_timeout=PATIENCE) as connection:
            row = connection.execute(ROLE).fetchone()
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        remedy = "Check that it runs, and the address and password in STAFETTEN_DATABASE_URL."
        return [Problem("database_unreachable", f"The database does not answer: {said}.", remedy)]
    found = list(_role_problems(*row)) if row else []
    if health.database_state(settings) == "not migrated":
        what = f"The database is not at version {database.newest()}, which this code needs."
        found.append(Problem("not_migrated", what, "Run `stafetten db upgrade`."))
    return found


def _role_problems(
    version: int, superuser: bool, bypasses: bool, owns: bool, may_become: bool
) -> Iterator[Problem]:
    if version < OLDEST_POSTGRES:
        what = f"PostgreSQL {version // 10000} is too old."
        yield Problem("database_old", what, "Use PostgreSQL 16 or newer.")
    remedy = "Use a role as in docs/production/roles.sql: LOGIN, NOINHERIT, nothing else."
    if superuser or bypasses:
        what = "The database role is a superuser or bypasses row security: nobody's file would be closed."
        yield Problem("role_powerful", what, remedy)
    elif owns or may_become:
        what = "The database role owns the tables or may become one who does."
        yield Problem("role_owns_tables", what, remedy)


def installation_problems() -> Iterator[Problem]:
    """What is wrong with the files of this installation."""
    claimed = packages_distributions()
    for room in ROOMS:
        spec = importlib.util.find_spec(room)
        here = spec and spec.origin and Path(spec.origin).is_relative_to(ROOT)
        if not here or [name for name in claimed.get(room, []) if name != "stafetten"]:
            what = f"Another package is in the way of the room `{room}`."
            yield Problem("room_shadowed", what, "Use an environment made by `make install`.")
    if not (ROOT / "web" / "static" / "manifest.json").exists():
        yield Problem("assets_missing", "Styles and scripts are not built.", "Run `make assets`.")
    missing = [name for name in texts.LANGUAGES if not (texts.folder(name) / "messages.mo").exists()]
    if missing:
        what = f"The texts are not compiled: {', '.join(missing)}."
        yield Problem("texts_missing", what, "Run `python -m server.texts compile`.")


def prefect_problems(settings: Settings) -> Iterator[Problem]:
    """Whether Prefect's server answers; without it notices wait."""
    if health.prefect_state(settings) == "down":
        what = f"Prefect's server does not answer at {settings.prefect_api_url}; notices wait in the outbox."
        remedy = "Start `stafetten orchestrator`, or correct STAFETTEN_PREFECT_API_URL and _AUTH_STRING."
        yield Problem("prefect_unreachable", what, remedy)


def mail_problems(settings: Settings) -> Iterator[Problem]:
    """Whether the mail server takes us as we would come; sends nothing."""
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    remedy = "Check STAFETTEN_SMTP_HOST, _PORT, _TLS, _USERNAME and _PASSWORD."
    try:
        with _mail_server(settings) as server:
            if settings.smtp_username:
                server.login(settings.smtp_username, settings.smtp_password)
    except (OSError, smtplib.SMTPException) as error:
        yield Problem("mail_unreachable", f"The mail server {place} cannot be used: {error}.", remedy)


def _mail_server(settings: Settings) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=PATIENCE, context=secure)
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE)
    if settings.smtp_tls == "starttls":
        server.starttls(context=secure)
    return server


def scanner_problems(settings: Settings) -> Iterator[Problem]:
    """Whether there is a malware scanner, whether it answers, and whether documents travel to it unencrypted."""
    if not settings.scanner:
        if settings.environment == "production":
            what = "There is no malware scanner: attachments are given out marked «not scanned»."
            yield Problem("scanner_missing", what, "Run clamd beside the worker, and set STAFETTEN_SCANNER.")
        return
    host = urlsplit(settings.scanner).hostname or ""
    if settings.environment == "production" and host and not is_loopback(host):
        what = f"Documents would travel unencrypted to the scanner at {host}; clamd knows no TLS."
        yield Problem("scanner_plain", what, "Run it beside the worker, or lead the way there by a tunnel.")
        return
    try:
        scanner.version(scanner.ScannerSettings(settings.scanner))
    except scanner.ScannerFault as fault:
        what = f"The malware scanner at {settings.scanner} does not answer ({fault.code})."
        yield Problem("scanner_unreachable", what, "Start clamd, or correct STAFETTEN_SCANNER.")


def sign_in_problems(settings: Settings) -> Iterator[Problem]:
    """Whether the sign-in provider says who it is."""
    if not settings.oidc_issuer:
        return
    address = f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        reply = httpx.get(address, timeout=PATIENCE).raise_for_status().json()
        same = reply.get("issuer", "").rstrip("/") == settings.oidc_issuer.rstrip("/")
    except (httpx.HTTPError, ValueError) as error:
        what = f"The sign-in provider does not answer: {error}."
        yield Problem("sign_in_unreachable", what, "Check STAFETTEN_OIDC_ISSUER.")
        return
    if not same:
        what = f"The sign-in provider calls itself {reply.get('issuer')}."
        yield Problem("sign_in_other_issuer", what, "Write STAFETTEN_OIDC_ISSUER the same way.")
