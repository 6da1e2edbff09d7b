"""Who is away from work, until when, and who stands in."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, moment, reference, text


class Absence(Row, table=True):
    """A period away from work, both days included. It says nothing of why: no sickness is written down here."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="period"),
        CheckConstraint("substitute_id <> practitioner_id", name="another"),
        Index(
            "ix_absences_standing", "practitioner_id", "until_on", postgresql_where=sql("ended_at IS NULL")
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    practitioner_id: uuid.UUID = reference("practitioners.id", index=False)
    from_on: date
    until_on: date
    substitute_id: uuid.UUID | None = reference("practitioners.id", null=True)
    note: str = text(default="", comment="a practical word to colleagues, never why somebody is away")
    registered_by_id: uuid.UUID = reference("practitioners.id", index=False)
    registered_at: datetime = moment()
    begun_at: datetime | None = moment(null=True, comment="when what follows from being away was carried out")
    ended_at: datetime | None = moment(
        null=True, comment="when the person was back, by the calendar or earlier"
    )
    version: int = Field(default=1)
