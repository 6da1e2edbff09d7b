"""Brings a database to the newest migration, one process at a time, and tells where it stands."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).resolve().parents[1]
MIGRATIONS = ROOT / "records" / "migrations"
ONE_AT_A_TIME = 0x57AFE77  # advisory lock: two machines may be told to upgrade at the same moment
LET_ALL_SEE = "GRANT SELECT ON alembic_version TO PUBLIC"  # the web process says when it is behind


def upgrade(owner_url: str, revision: str = "head") -> str | None:
    """Run what is missing, as the role that owns the tables; answer the revision reached.

    Raises sqlalchemy.exc.OperationalError when the database cannot be reached.
    """
    with _connection(owner_url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
        connection.commit()
        try:
            command.upgrade(configuration(owner_url, connection), revision)
            connection.commit()
            connection.execute(text(LET_ALL_SEE))
            connection.commit()
            return MigrationContext.configure(connection).get_current_revision()
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ONE_AT_A_TIME})
            connection.commit()


def current(url: str) -> str | None:
    """Tell which revision a database has, None when it was never migrated."""
    with _connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str | None:
    """Tell which revision this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def configuration(url: str, connection: Connection | None = None) -> Config:
    """Make Alembic's configuration; `attributes["connection"]` is for records/migrations/env.py to use."""
    config = Config(toml_file=ROOT / "pyproject.toml", attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def _connection(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool).connect()
