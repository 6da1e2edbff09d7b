"""Runs migrations as the owner, with short lock and statement waits so that nobody at work is held up."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from records.tables import metadata


def _included(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name in (None, "public")


def _run(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '10min'"))
    connection.commit()
    context.configure(
        connection=connection, target_metadata=metadata, include_name=_included, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


def _migrate() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        _run(connection)
    engine.dispose()


_migrate()
