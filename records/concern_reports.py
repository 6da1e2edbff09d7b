"""Reports of concern: a file of its own."""

import uuid
from datetime import datetime

from sqlmodel import Field

from levels.concern_reports import ConcernReportChart
from records.base import Row, moment, reference, state_of, text


class ConcernReport(Row, table=True):
    """A report of concern to child welfare. A file of its own: no case row points here."""

    __tablename__ = "concern_reports"
    municipality_id: uuid.UUID = reference("municipalities.id")
    service_id: uuid.UUID = reference("services.id")
    child_id: uuid.UUID = reference("children.id")
    reporter_id: uuid.UUID = reference("practitioners.id")
    worry: str = text()
    child_said: str = text(default="")
    guardians_told: bool = Field(default=False)
    why_not_told: str = text(default="")
    urgent: bool = Field(default=False)
    violence: bool = Field(default=False)
    state: str = state_of(ConcernReportChart)
    sent_at: datetime = moment()
    delivered_at: datetime | None = moment(null=True)
    opened_at: datetime | None = moment(null=True)
    opened_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    version: int = Field(default=1)
