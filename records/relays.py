"""Every offer of the baton and what became of it."""

import uuid
from datetime import date, datetime

from sqlmodel import Field

from records.base import Row, moment, one_of, reference, text


class Handover(Row, table=True):
    """One offer of the baton and what became of it."""

    __tablename__ = "handovers"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    from_id: uuid.UUID = reference("practitioners.id", index=False)
    to_id: uuid.UUID = reference("practitioners.id")
    outcome: str = one_of("outcome", ("offered", "accepted", "declined", "lapsed", "withdrawn", "taken_over"))
    reason: str = text(default="")
    urgent: str = text(default="", comment="what the next holder must know first")
    family_told_on: date | None = Field(default=None)
    offered_at: datetime = moment()
    settled_at: datetime | None = moment(null=True)
    settled_reason: str = text(default="")
