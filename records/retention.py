"""What must be kept longer, and how much was deleted when."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.retention import GROUNDS, KINDS
from records.base import Row, moment, one_of, reference, text


class RetentionHold(Row, table=True):
    """A case that is not deleted, whatever its term, until somebody lifts the hold."""

    __tablename__ = "retention_holds"
    __table_args__ = (
        Index("ix_retention_holds_standing", "case_id", postgresql_where=sql("lifted_at IS NULL")),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    case_id: uuid.UUID = reference("cases.id", index=False)
    number: str = text(comment="the case's number, for those who do not see the case")
    ground: str = one_of("ground", GROUNDS)
    reason: str = text()
    set_by_id: uuid.UUID = reference("practitioners.id", index=False)
    set_at: datetime = moment()
    lifted_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    lifted_at: datetime | None = moment(null=True)
    lift_reason: str = text(default="")
    version: int = Field(default=1)


class SignalHold(Row, table=True):
    """A worry that is not deleted, whatever its term, until its leader lifts the hold."""

    __tablename__ = "signal_holds"
    __table_args__ = (
        Index("ix_signal_holds_standing", "signal_id", postgresql_where=sql("lifted_at IS NULL")),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    signal_id: uuid.UUID = reference("signals.id", cascade=True)
    ground: str = one_of("ground", GROUNDS)
    reason: str = text()
    set_by_id: uuid.UUID = reference("practitioners.id", index=False)
    set_at: datetime = moment()
    lifted_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    lifted_at: datetime | None = moment(null=True)
    lift_reason: str = text(default="")
    version: int = Field(default=1)


class RetentionCount(Row, table=True):
    """How many of one kind were deleted on one day; without a municipality, for the whole house."""

    __tablename__ = "retention_counts"
    __table_args__ = (Index("ix_retention_counts_day", "municipality_id", "day"),)
    municipality_id: uuid.UUID | None = reference("municipalities.id", null=True, index=False)
    day: date
    kind: str = one_of("kind", KINDS)
    number: int
    source: str = text(comment="the rule it was deleted by")
