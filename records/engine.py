"""The way to the database: sized for both doors, and never holding a connection that has died."""

from sqlalchemy import Engine, create_engine


def make_engine(url: str, *, connections: int = 12) -> Engine:
    """An engine for the application's own role; connects when first used."""
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=4,
        pool_timeout=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "application_name": "stafetten"},
    )
