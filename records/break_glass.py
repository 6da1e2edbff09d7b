"""Emergency reads: who, whom, why, until when, and what the leader found afterwards."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.break_glass import EMERGENCIES, VERDICTS
from records.base import Row, moment, one_of, reference, text


class BrokenGlass(Row, table=True):
    """One emergency read of the least one must know of a child; a few hours long, reviewed the next working day."""

    __tablename__ = "broken_glasses"
    __table_args__ = (
        CheckConstraint("(reviewed_at IS NULL) = (verdict IS NULL)", name="reviewed_with_verdict"),
        Index("ix_broken_glasses_unreviewed", "service_id", postgresql_where=sql("reviewed_at IS NULL")),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    practitioner_id: uuid.UUID = reference("practitioners.id")
    service_id: uuid.UUID = reference("services.id", index=False)
    child_id: uuid.UUID = reference("children.id")
    case_id: uuid.UUID | None = reference("cases.id", null=True, index=False)
    emergency: str = one_of("emergency", EMERGENCIES)
    reason: str = text()
    opened_at: datetime = moment()
    closes_at: datetime = moment()
    review_by: date = Field(description="the next working day")
    reviewed_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    reviewed_at: datetime | None = moment(null=True)
    verdict: str | None = one_of("verdict", VERDICTS, null=True)
    review: str = text(default="")
    version: int = Field(default=1)
