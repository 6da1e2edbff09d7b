"""How the machinery stands: signs of life, what Prefect's flows do, and what operators have done about it."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from records.base import Row, moment, one_of, reference, text


class Contact(Row, table=True):
    """When something outside, or one of our own processes, was last reached; a code when it was not."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("name", "place"),)
    name: str = text(comment="mail, sms, inbox, prefect, oidc, trail, courier, worker")
    place: str = text(default="", comment="which process, when there are several")
    succeeded_at: datetime | None = moment(null=True)
    failed_at: datetime | None = moment(null=True)
    code: str | None = text(null=True, comment="why it failed: a code, never a message")


class FlowReport(Row, table=True):
    """How one flow stands at Prefect: counts and times, no ids and no messages."""

    __tablename__ = "flow_reports"
    __table_args__ = (UniqueConstraint("flow"),)
    flow: str = text()
    running: int = Field(default=0)
    waiting: int = Field(default=0)
    failed: int = Field(default=0, description="in the last day")
    oldest_at: datetime | None = moment(null=True, comment="since when the oldest has run or waited")
    succeeded_at: datetime | None = moment(null=True)
    failed_at: datetime | None = moment(null=True)
    failure: str | None = text(null=True, comment="the exception's class alone")
    scheduled: bool = Field(default=False)
    paused: bool = Field(default=False)
    reported_at: datetime = moment()


class OperatorAct(Row, table=True):
    """What an operator asked for, and why. Stopping a flow is carried out by the courier, not by the page."""

    __tablename__ = "operator_acts"
    __table_args__ = (Index("ix_operator_acts_asked_at", "asked_at"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    kind: str = one_of("kind", ("again", "skip", "resend", "pause", "resume"))
    target_id: uuid.UUID | None = Field(default=None, description="the row it was about")
    flow: str | None = text(null=True)
    reason: str = text()
    asked_by_id: uuid.UUID = reference("practitioners.id", index=False)
    asked_at: datetime = moment()
    done_at: datetime | None = moment(null=True)
