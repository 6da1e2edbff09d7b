"""Families who move: what was offered to which municipality, by whose consent, and who took the case there."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.relocations import RelocationChart
from records.base import Row, document, moment, reference, state_of, text


class Relocation(Row, table=True):
    """One hand-over of a case to the municipality a family moves to."""

    __tablename__ = "relocations"
    __table_args__ = (
        Index("uq_relocations_offered", "case_id", unique=True, postgresql_where=sql("state = 'offered'")),
        CheckConstraint(
            "(settled_at IS NULL) = (state IN ('prepared', 'offered'))", name="open_until_settled"
        ),
        CheckConstraint("(state = 'accepted') = (taken_by <> '')", name="taken_by_somebody"),
        CheckConstraint(
            "pack IS NULL OR (to_unit_id IS NOT NULL AND settled_at IS NULL)", name="pack_until_settled"
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    state: str = state_of(RelocationChart)
    receiver: str = text(comment="the municipality the family moves to, and the service asked")
    to_unit_id: uuid.UUID | None = reference("services.id", null=True)
    pack: dict[str, Any] | None = document(
        null=True, comment="what a unit of this house is shown; gone when settled"
    )
    moves_on: date | None = Field(default=None)
    parts: list[Any] = document(comment="what the family said may be handed over")
    attachments: list[Any] = document(comment="the documents the family said may go along")
    agreed: list[Any] = document(comment="the guardians who said yes; null is the youth")
    offered_by_id: uuid.UUID = reference("practitioners.id", index=False)
    offered_at: datetime = moment()
    answer_by: date
    taken_by: str = text(default="", comment="who took the case there")
    reference_there: str = text(default="", comment="the case's number there")
    reason: str = text(default="")
    settled_at: datetime | None = moment(null=True)
    version: int = Field(default=1)


class Arrival(Row, table=True):
    """What came with a family from another municipality: the new case's own copy, and part of its file."""

    __tablename__ = "arrivals"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    pack: dict[str, Any] = document(comment="what the family said may be handed over")
    taken_in_by_id: uuid.UUID = reference("practitioners.id", index=False)
    taken_in_at: datetime = moment()
