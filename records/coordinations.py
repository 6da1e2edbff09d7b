"""Coordinations, and each service's invitation."""

import uuid
from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.coordinations import CoordinationChart, InvitationChart
from records.base import Row, moment, reference, state_of, text


class Coordination(Row, table=True):
    """One coordinated effort around a case; a case has at most one running."""

    __tablename__ = "coordinations"
    __table_args__ = (
        Index("uq_coordinations_running", "case_id", unique=True, postgresql_where=sql("state <> 'ended'")),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id", index=False)
    state: str = state_of(CoordinationChart)
    started_at: datetime = moment()
    ended_at: datetime | None = moment(null=True)
    version: int = Field(default=1)


class Invitation(Row, table=True):
    """One service asked to take part, what it was asked, and its answer."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open",
            "coordination_id",
            "service_id",
            unique=True,
            postgresql_where=sql("state <> 'withdrawn'"),
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    coordination_id: uuid.UUID = reference("coordinations.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    service_id: uuid.UUID = reference("services.id")
    state: str = state_of(InvitationChart)
    needed: str = text(comment="what the case needs from the service")
    reply_by: date
    asked_by_id: uuid.UUID = reference("practitioners.id", index=False)
    asked_at: datetime = moment()
    sent_at: datetime | None = moment(null=True)
    reminded_at: datetime | None = moment(null=True)
    reminders: int = Field(default=0)
    answered_at: datetime | None = moment(null=True)
    answered_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    contact_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    answer: str = text(default="")
    version: int = Field(default=1)
