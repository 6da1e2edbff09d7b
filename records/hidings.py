"""What was kept from the family and looked at again: the former reason and day, and what came of it."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from levels.charts import states
from levels.hidings import HidingChart
from records.base import Row, moment, one_of, reference, text


class HidingReview(Row, table=True):
    """One look at a hidden entry or attachment; never changed. The reason that stands now is with the thing itself."""

    __tablename__ = "hiding_reviews"
    __table_args__ = (CheckConstraint("(entry_id IS NULL) <> (attachment_id IS NULL)", name="of_one_thing"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    entry_id: uuid.UUID | None = reference("log_entries.id", null=True)
    attachment_id: uuid.UUID | None = reference("attachments.id", null=True)
    state: str = one_of("state", states(HidingChart))  # from then on
    former_reason: str = text(comment="by which law it was hidden until then")
    former_until: date = Field(description="the day on which it was to be looked at again")
    reviewed_by_id: uuid.UUID = reference("practitioners.id", index=False)
    reviewed_at: datetime = moment()
