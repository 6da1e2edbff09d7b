"""Cases that are about to be left lying: what was found, whose it is, and when its cause was gone."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, moment, one_of, reference, text

DRIFT_KINDS = (
    "no_activity",
    "long_at_level",
    "evaluation_overdue",
    "going_round",
    "closed_without_outcome",
    "invitation_ignored",
    "baton_waiting",
    "holder_away",
    "consent_running_out",
)


class Drift(Row, table=True):
    """One way in which a case drifts. It is settled when the cause is gone, and never deleted by hand."""

    __tablename__ = "drifts"
    __table_args__ = (
        Index("uq_drifts_open", "case_id", "kind", unique=True, postgresql_where=sql("settled_at IS NULL")),
        Index("ix_drifts_owner", "owner_id", postgresql_where=sql("settled_at IS NULL")),
        CheckConstraint("snoozed_until IS NULL OR snooze_reason <> ''", name="snoozed_with_reason"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id", index=False)
    kind: str = one_of("kind", DRIFT_KINDS)
    owner_id: uuid.UUID = reference("practitioners.id", index=False)
    found_at: datetime = moment()
    snoozed_until: date | None = Field(default=None, description="silent until this day")
    snooze_reason: str = text(default="")
    snoozed_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    settled_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
