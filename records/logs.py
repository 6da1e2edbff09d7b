"""The relay log, and the child's own words."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Column, Field, SmallInteger

from levels.child_views import REASONS
from records.base import Row, document, moment, one_of, reference, text

ENTRY_KINDS = (
    "conversation",
    "phone_call",
    "meeting",
    "observation",
    "decision",
    "child_view",
    "consent",
    "level",
    "baton",
    "invitation",
    "measure",
    "system",
)


class LogEntry(Row, table=True):
    """An entry in the relay log (stafettlogg). Corrected with the old text kept, never deleted."""

    __tablename__ = "log_entries"
    __table_args__ = (
        Index("ix_log_entries_case_time", "case_id", "written_at"),
        Index("ix_log_entries_corrects", "corrects_id", postgresql_where=sql("corrects_id IS NOT NULL")),
        CheckConstraint("for_family OR hidden_reason IS NOT NULL", name="hidden_has_reason"),
        CheckConstraint("for_family OR hidden_until IS NOT NULL", name="hidden_has_day"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id", index=False)
    kind: str = one_of("kind", ENTRY_KINDS)
    code: str | None = text(null=True, comment="for entries the system writes: which text to show")
    facts: dict[str, Any] = document(comment="values for the system's text, never free text")
    body: str = text(default="")
    happened_at: datetime = moment()
    written_at: datetime = moment()
    author_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    for_family: bool = Field(default=True)
    hidden_reason: str | None = text(null=True)
    hidden_until: date | None = Field(default=None, description="when the hiding must be looked at again")
    corrects_id: uuid.UUID | None = reference("log_entries.id", null=True, index=False)


class ChildView(Row, table=True):
    """What the child says or shows, or why the child has not been asked and who brings its view instead."""

    __tablename__ = "child_views"
    __table_args__ = (CheckConstraint("mood IS NULL OR mood BETWEEN 1 AND 3", name="mood_is_a_face"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    words: str = text(default="")
    mood: int | None = Field(default=None, sa_column=Column(SmallInteger, comment="1 good, 2 so-so, 3 bad"))
    shown: str = text(default="", comment="what a small child pointed at, drew or did, in an adult's words")
    why_not: str = text(default="")
    not_asked: str | None = one_of("not_asked", REASONS, null=True)
    brought_by: str = text(default="", comment="who brings the view of a child who was not asked")
    talked_by_id: uuid.UUID = reference("practitioners.id", index=False)
    talked_on: date
    written_at: datetime = moment()
