"""Letters without names, and what became of them."""

import uuid
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, moment, one_of, reference, text


class Notice(Row, table=True):
    """A letter without names to one person: its id is the message id, so a repeat is recognised."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_waiting", "written_at", postgresql_where=sql("state = 'written'")),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    kind: str = text()
    practitioner_id: uuid.UUID | None = reference("practitioners.id", null=True)
    service_id: uuid.UUID | None = reference("services.id", null=True, index=False)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False)
    case_id: uuid.UUID | None = reference("cases.id", null=True)
    subject_kind: str = text()
    subject_id: uuid.UUID
    edition: int = Field(default=0, description="0, or the calendar entry's sequence")
    state: str = one_of("state", ("written", "sent", "failed", "dropped"), default="written")
    written_at: datetime = moment()
    sent_at: datetime | None = moment(null=True)
    seen_at: datetime | None = moment(null=True, comment="the person saw it inside Stafetten")
    claimed_until: datetime | None = moment(null=True, comment="somebody is sending it until then")
    attempts: int = Field(default=0)
    error: str | None = text(null=True, comment="a code, never an address")
    transport_id: str | None = text(null=True)
