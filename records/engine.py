"""The way to the database: sized for both doors, and never holding a connection that has died."""

from sqlalchemy import Connection, Engine, create_engine, event

OPENING = "opening"


def make_engine(url: str, *, connections: int = 12) -> Engine:
    """An engine for the application's own role; connects when first used.

    A transaction begins with the statements of the execution option `OPENING` in the same message, so that saying
    who acts costs no way of its own.
    """
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=4,
        pool_timeout=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,
        # The driver would send BEGIN by itself and wait for the answer.
        connect_args={"connect_timeout": 5, "application_name": "stafetten", "autocommit": True},
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101
    threshold, driver.prepare_threshold = (
        driver.prepare_threshold,
        None,
    )  # several statements are never prepared
    try:
        connection.exec_driver_sql("BEGIN; " + connection.get_execution_options().get(OPENING, ""))
    finally:
        driver.prepare_threshold = threshold
