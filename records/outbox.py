"""Flows to start after the commit."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, document, moment, text


class Outgoing(Row, table=True):
    """One flow to start after the commit, with opaque ids as its only parameters."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "not_before", postgresql_where=sql("carried_at IS NULL")),
        Index("ix_outbox_unfinished", "carried_at", postgresql_where=sql("done_at IS NULL")),
    )
    flow: str = text()
    ids: dict[str, Any] = document()
    not_before: datetime = moment()
    created_at: datetime = moment()
    claimed_until: datetime | None = moment(null=True)
    carried_at: datetime | None = moment(null=True)
    carried_run: str | None = text(null=True)
    done_at: datetime | None = moment(null=True)
    attempts: int = Field(default=0)
    handovers: int = Field(default=0, description="how often it had to be handed over again")
    last_error: str | None = text(null=True)
