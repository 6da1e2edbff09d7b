"""Every setting, read from the environment; what is wrong with them, and what to do about it.

Each `STAFETTEN_NAME` may instead be given as `STAFETTEN_NAME_FILE`, the path of a file that holds it, so
that secrets need not stand in an environment. `docs/settings.md` is written from this file.
"""

import base64
import binascii
import os
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "STAFETTEN_"
SHORTEST_SECRET = 32  # characters; 24 random bytes in base64
FIELD_KEY_BYTES = 32

Secret = Annotated[str, Field(repr=False)]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the settings: a code for programs, what it is and what mends it for people."""

    code: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


class BadSettings(Exception):
    """The settings cannot be used; `problems` says why and what to do."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.problems = found


class FileSource(PydanticBaseSettingsSource):
    """Reads STAFETTEN_NAME_FILE: the value is the content of the file it names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        del field
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        return (Path(path).read_text().strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {}
        for name, field in self.settings_cls.model_fields.items():
            value, _, _ = self.get_field_value(field, name)
            if value is not None:
                values[name] = value
        return values


class Settings(BaseSettings):
    """What an operator decides. Field descriptions become docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    environment: Literal["demo", "development", "production"] = Field(
        "development", description="What this is. `production` refuses to start when a setting is unsafe."
    )
    database_url: Secret = Field(
        "",
        description="PostgreSQL 16 or newer, as the application's role: `postgresql+psycopg://…`. "
        "The role must not be a superuser, bypass row security or own the tables.",
    )
    database_owner_url: Secret = Field(
        "",
        description="The same database as the role that owns the tables. "
        "Only `stafetten db` and `stafetten municipality` use it.",
    )
    secret_key: Secret = Field(
        "", description=f"Signs sessions and form tokens; at least {SHORTEST_SECRET} random characters."
    )
    field_key: Secret = Field(
        "", description="Encrypts national identity numbers; 32 random bytes in base64. Losing it loses them."
    )
    anchor_key: Secret = Field(
        "",
        description="Signs the trail's daily anchors; random, and best kept where the database's keepers "
        f"cannot read it. At least {SHORTEST_SECRET} characters.",
    )
    host: str = Field("127.0.0.1", description="The address the web process listens on.")
    port: int = Field(8400, ge=1, le=65535, description="The port the web process listens on.")
    public_url: str = Field(
        "http://127.0.0.1:8400", description="The address people use; links in mail are made from it."
    )
    forwarded_allow_ips: str = Field(
        "127.0.0.1", description="Proxies whose X-Forwarded headers are believed, separated by commas."
    )
    threads: int = Field(8, ge=1, le=100, description="Pages answered at the same time by one process.")
    prefect_api_url: str = Field("http://127.0.0.1:4200/api", description="Where Prefect's server answers.")
    prefect_auth_string: Secret = Field(
        "", description="`user:password` for Prefect's server; needed when it is not on this machine."
    )
    prefect_database_url: Secret = Field(
        "", description="Prefect's own database, `postgresql+asyncpg://…`; only its server uses it."
    )
    prefect_ui: bool = Field(
        False,
        description="Let Prefect's server show its own pages where it listens, for an operator on the machine "
        "itself. The operator's desk needs them not.",
    )
    prefect_keep_days: int = Field(
        7, ge=1, le=365, description="Days Prefect remembers a run that has ended; then it is deleted."
    )
    mail_at_once: int = Field(
        8, ge=1, le=1000, description="Letters sent to the mail server at once, by all workers together."
    )
    sms_at_once: int = Field(
        4, ge=1, le=1000, description="Text messages given to the gateway at once, by all workers together."
    )
    backup_stamp: Path | None = Field(
        None, description="A file the backup touches on success; its age is on the operator's desk."
    )
    late_after: int = Field(
        120,
        ge=5,
        le=3600,
        description="Seconds after which work that a worker took and never finished is carried again.",
    )
    smtp_host: str = Field("127.0.0.1", description="The mail server that notices leave through.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to it is encrypted; `none` only on this machine."
    )
    smtp_username: str = Field("", description="Its user, if it asks for one.")
    smtp_password: Secret = Field("", description="Its password, if it asks for one.")
    smtp_sender: str = Field("stafetten@localhost", description="The address notices come from.")
    inbox_host: str = Field(
        "", description="The IMAP server of the mailbox notices come from: bounces and answers come there."
    )
    inbox_port: int = Field(993, ge=1, le=65535, description="Its port.")
    inbox_tls: Literal["starttls", "tls", "none"] = Field(
        "tls", description="How the way to it is encrypted; `none` only on this machine."
    )
    inbox_username: str = Field("", description="Its user.")
    inbox_password: Secret = Field("", description="Its password.")
    inbox_folder: Path | None = Field(
        None,
        description="A Maildir read instead of a mailbox over IMAP, for the demo and tests; refused in production.",
    )
    sms_url: str = Field(
        "", description="Where the text message gateway takes messages; empty when none are sent."
    )
    sms_token: Secret = Field("", description="Its bearer token, or `user:password`.")
    sms_sender: str = Field("Stafetten", description="Whom text messages come from.")
    sms_receipt_secret: Secret = Field(
        "",
        description="What the gateway sends as bearer token with receipts to `/api/v1/sms/receipts`; "
        f"at least {SHORTEST_SECRET} characters. Without it no receipt is taken.",
    )
    scanner: str = Field(
        "",
        description="The malware scanner for attachments, which speaks clamd's protocol: `tcp://127.0.0.1:3310` or "
        "`unix:/run/clamav/clamd.ctl`. Without one attachments are marked as not scanned.",
    )
    oidc_issuer: str = Field("", description="The sign-in provider (OpenID Connect), its issuer address.")
    oidc_client_id: str = Field("", description="This installation's name at the provider.")
    oidc_client_secret: Secret = Field("", description="This installation's secret at the provider.")
    family_oidc_issuer: str = Field(
        "",
        description="The public sign-in for families, as ID-porten: its issuer address. Must answer with `pid`.",
    )
    family_oidc_client_id: str = Field("", description="This installation's name at the families' sign-in.")
    family_oidc_client_secret: Secret = Field(
        "", description="This installation's secret at the families' sign-in."
    )
    persona_picker: bool = Field(
        False, description="Lets anyone sign in as anyone. Only for the demo; refused in production."
    )
    demo_mailbox: Path | None = Field(
        None, description="The folder the demo's mail is kept in and shown from; empty outside the demo."
    )
    clock_shift: Path | None = Field(
        None,
        description="A file with seconds to add to the clock, so that weeks pass in the demo and in tests; "
        "refused in production.",
    )
    data_folder: Path = Field(
        ROOT / ".demo",
        description="Where the demo keeps its database, mail, keys and logs, and Prefect what it may lose.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged. Names and other personal data never are."
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let a given value win over the environment, and that over a file."""
        return sources["init_settings"], sources["env_settings"], FileSource(settings_cls)

    def variables(self) -> dict[str, str]:
        """Spell the settings as environment variables, for processes we start."""
        told = {name: value for name, value in self if value not in (None, "")}
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in told.items()}

    @property
    def field_key_bytes(self) -> bytes:
        """The key itself. Raises BadSettings when it is not 32 bytes in base64."""
        found = _field_key(self)
        if found is not None:
            raise BadSettings([found])
        return base64.b64decode(self.field_key)


def load(**given: Any) -> Settings:
    """Read the settings. Raises BadSettings naming every variable that cannot be understood."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BadSettings([_unreadable(fault) for fault in error.errors()]) from None
    except OSError as error:
        what = f"A file named by a {PREFIX}…_FILE variable cannot be read: {error.filename}."
        raise BadSettings([Problem("file_unreadable", what, "Correct the path or its rights.")]) from None


def _unreadable(fault: Any) -> Problem:
    name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
    return Problem("value_unreadable", f"{name} cannot be used: {fault['msg']}.", "See docs/settings.md.")


def problems(settings: Settings) -> list[Problem]:
    """List what is wrong, without asking the network; in production each of these stops the start."""
    found = [*_always(settings)]
    if settings.environment == "production":
        found += _in_production(settings)
    return found


def _always(settings: Settings) -> Iterator[Problem]:
    if not settings.database_url:
        yield _missing("database_url", "There is no database.")
    elif urlsplit(settings.database_url).scheme != "postgresql+psycopg":
        yield Problem(
            "database_dialect",
            "STAFETTEN_DATABASE_URL is not a PostgreSQL address.",
            "Write it as postgresql+psycopg://user:password@host/database.",
        )
    if not settings.secret_key:
        yield _missing("secret_key", "Sessions cannot be signed.")
    found = _field_key(settings)
    if found:
        yield found


def _in_production(settings: Settings) -> Iterator[Problem]:
    if settings.persona_picker or settings.demo_mailbox or settings.inbox_folder:
        yield Problem(
            "demo_doors",
            "The demo's sign-in without a password or one of its mailboxes is on.",
            "Unset STAFETTEN_PERSONA_PICKER, STAFETTEN_DEMO_MAILBOX and STAFETTEN_INBOX_FOLDER.",
        )
    if settings.clock_shift:
        yield Problem(
            "clock_shifted",
            "The clock is moved by a file; deadlines and the trail would not tell the true time.",
            "Unset STAFETTEN_CLOCK_SHIFT.",
        )
    for name in ("secret_key", "anchor_key"):
        value = getattr(settings, name)
        if (value or name == "anchor_key") and not _strong(value):
            yield Problem(
                f"{name}_weak",
                f"{PREFIX}{name.upper()} is missing, short, repetitive or a well-known example.",
                "Set it to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
            )
    if not settings.public_url.startswith("https://"):
        yield Problem(
            "public_url_plain",
            f"STAFETTEN_PUBLIC_URL is {settings.public_url}, which is not encrypted.",
            "Put a proxy with TLS in front and give its https:// address.",
        )
    yield from _mail(settings)
    yield from _neighbours(settings)


def _mail(settings: Settings) -> Iterator[Problem]:
    if settings.smtp_tls == "none" and not is_loopback(settings.smtp_host):
        yield Problem(
            "smtp_plain",
            f"Mail to {settings.smtp_host} would travel unencrypted.",
            "Set STAFETTEN_SMTP_TLS to starttls or tls.",
        )
    if settings.smtp_sender.endswith("@localhost"):
        yield _missing("smtp_sender", "Notices would come from nobody.")
    if settings.inbox_host and settings.inbox_tls == "none" and not is_loopback(settings.inbox_host):
        yield Problem(
            "inbox_plain",
            f"Mail from {settings.inbox_host} would travel unencrypted.",
            "Set STAFETTEN_INBOX_TLS to tls or starttls.",
        )
    gateway = urlsplit(settings.sms_url)
    if settings.sms_url and gateway.scheme != "https" and not is_loopback(gateway.hostname or ""):
        yield Problem(
            "sms_plain",
            "Text messages would travel unencrypted.",
            "Give STAFETTEN_SMS_URL as an https:// address.",
        )
    if settings.sms_receipt_secret and not _strong(settings.sms_receipt_secret):
        yield Problem(
            "sms_receipt_secret_weak",
            "STAFETTEN_SMS_RECEIPT_SECRET is short, repetitive or a well-known example.",
            "Set it to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )


def _neighbours(settings: Settings) -> Iterator[Problem]:
    if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
        yield Problem(
            "sign_in_missing",
            "Nobody can sign in: the sign-in provider is not complete.",
            "Set STAFETTEN_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET.",
        )
    elif not settings.oidc_issuer.startswith("https://"):
        yield Problem(
            "oidc_plain", "The sign-in provider is not reached over https.", "Give its https:// issuer."
        )
    if settings.family_oidc_issuer and not settings.family_oidc_issuer.startswith("https://"):
        yield Problem(
            "family_oidc_plain",
            "The families' sign-in is not reached over https.",
            "Give STAFETTEN_FAMILY_OIDC_ISSUER as an https:// address.",
        )
    far = not is_loopback(urlsplit(settings.prefect_api_url).hostname or "")
    if far and not settings.prefect_auth_string:
        yield _missing("prefect_auth_string", "Prefect's server on another machine would be open to all.")


def _missing(name: str, consequence: str) -> Problem:
    return Problem(f"{name}_missing", consequence, f"Set {PREFIX}{name.upper()}; see docs/settings.md.")


def _field_key(settings: Settings) -> Problem | None:
    try:
        good = len(base64.b64decode(settings.field_key, validate=True)) == FIELD_KEY_BYTES
    except (binascii.Error, ValueError):
        good = False
    if good:
        return None
    return Problem(
        "field_key_unusable",
        "STAFETTEN_FIELD_KEY is missing or not 32 bytes in base64; identity numbers cannot be encrypted.",
        "New installation: set it to the output of: openssl rand -base64 32. Otherwise find the old one.",
    )


def _strong(secret: str) -> bool:
    examples = ("secret", "change", "example", "default", "password", "stafetten")
    plain = any(word in secret.lower() for word in examples)
    return len(secret) >= SHORTEST_SECRET and len(set(secret)) >= 12 and not plain


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine and nobody else's."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def document() -> str:
    """Write docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Written by `make charts` from `server/settings.py`; a test holds the two together.",
        "",
        "Settings are environment variables. Each may instead be given with `_FILE` added to its name, as",
        "the path of a file that holds the value; do that for the secrets (marked *secret*).",
        "`stafetten doctor` says what is wrong with them and how to mend it.",
        "",
        "| Variable | Default | Meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        secret = "" if field.repr else " *secret*"
        lines.append(f"| `{PREFIX}{name.upper()}`{secret} | {_default(field)} | {field.description} |")
    return "\n".join([*lines, ""])


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    return f"`{value}`" if value not in (None, "") else "none"
