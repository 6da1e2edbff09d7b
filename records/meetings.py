"""Meetings and who attends them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from levels.meetings import MeetingChart
from records.base import Row, document, moment, one_of, reference, state_of, text

MEETING_KINDS = ("joint", "evaluation", "resource_team", "decision_forum")


class Meeting(Row, table=True):
    """A meeting about a case; its id is the calendar entry's id and `sequence` its edition."""

    __tablename__ = "meetings"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    coordination_id: uuid.UUID | None = reference("coordinations.id", null=True)
    kind: str = one_of("kind", MEETING_KINDS)
    state: str = state_of(MeetingChart)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    place: str = text(default="")
    video_link: str = text(default="")
    agenda: list[Any] = document(comment="points in order: code or text")
    minutes: str = text(default="")
    decisions: list[Any] = document(comment="what was decided, in order")
    sequence: int = Field(default=0)
    called_by_id: uuid.UUID = reference("practitioners.id", index=False)
    held_at: datetime | None = moment(null=True)
    cancelled_reason: str = text(default="")
    version: int = Field(default=1)


class Attendance(Row, table=True):
    """Who is summoned to a meeting, their answer, and whether they came."""

    __tablename__ = "attendances"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    meeting_id: uuid.UUID = reference("meetings.id", cascade=True)
    practitioner_id: uuid.UUID | None = reference("practitioners.id", null=True)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False)
    the_child: bool = Field(default=False)
    answer: str = one_of("answer", ("none", "yes", "no", "maybe"), default="none")
    came: bool | None = Field(default=None)
