"""Odd readings: what the nightly look through the trail found, and what became of each."""

import uuid
from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from levels.readings import SIGNS, ReadingChart
from records.base import Row, moment, one_of, reference, state_of, text


class OddReading(Row, table=True):
    """One reader's reads of one file on one day, or of many, which somebody should be asked about."""

    __tablename__ = "odd_readings"
    __table_args__ = (
        UniqueConstraint("reader_id", "sign", "day", "file_id", name="uq_odd_readings_once"),
        Index("ix_odd_readings_town", "municipality_id", "day"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    reader_id: uuid.UUID = reference("practitioners.id", index=False)
    sign: str = one_of("sign", SIGNS)
    day: date
    file_id: uuid.UUID = Field(description="the file read, or the reader's id where it is about many")
    child_id: uuid.UUID | None = reference("children.id", null=True, index=False)
    entry_ids: list[uuid.UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    found_at: datetime = moment()
    state: str = state_of(ReadingChart)
    question: str = text(default="", comment="what the reader or the leader is asked")
    asked_at: datetime | None = moment(null=True)
    passed_to_id: uuid.UUID | None = reference("practitioners.id", null=True)
    answer: str = text(default="")
    answered_at: datetime | None = moment(null=True)
    answered_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    reason: str = text(default="", comment="why it was explained or reported")
    judged_at: datetime | None = moment(null=True)
    judged_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    version: int = Field(default=1)
