"""Meetings, the times proposed for them, who attends, and the address of one's own calendar."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.meetings import MeetingChart, MeetingProposalChart
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
    minutes_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    minutes_at: datetime | None = moment(null=True)
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


class MeetingProposal(Row, table=True):
    """Times proposed for a meeting about a case, until one is agreed on or all are withdrawn."""

    __tablename__ = "meeting_proposals"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (state = 'proposed')", name="open_until_settled"),
        CheckConstraint("(meeting_id IS NULL) = (state <> 'agreed')", name="agreed_is_summoned"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    kind: str = one_of("kind", MEETING_KINDS)
    state: str = state_of(MeetingProposalChart)
    place: str = text(default="")
    video_link: str = text(default="")
    agenda: list[Any] = document(comment="what people added, in order")
    answer_by: date
    proposed_by_id: uuid.UUID = reference("practitioners.id", index=False)
    proposed_at: datetime = moment()
    reminded_at: datetime | None = moment(null=True)
    settled_at: datetime | None = moment(null=True)
    withdrawn_reason: str = text(default="")
    meeting_id: uuid.UUID | None = reference("meetings.id", null=True)
    version: int = Field(default=1)


class ProposalSlot(Row, table=True):
    """One of the times proposed."""

    __tablename__ = "proposal_slots"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    proposal_id: uuid.UUID = reference("meeting_proposals.id", cascade=True)
    starts_at: datetime = moment()
    ends_at: datetime = moment()


class ProposalAnswer(Row, table=True):
    """Somebody to be called, and what they answered to each time."""

    __tablename__ = "proposal_answers"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    proposal_id: uuid.UUID = reference("meeting_proposals.id", cascade=True)
    practitioner_id: uuid.UUID | None = reference("practitioners.id", null=True)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False)
    the_child: bool = Field(default=False)
    answers: dict[str, Any] = document(comment="slot id: yes, maybe or no")
    answered_at: datetime | None = moment(null=True)


class CalendarFeed(Row, table=True):
    """The address of a person's own calendar; only the hash of its token is kept, and one is open at a time."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        Index(
            "uq_calendar_feeds_open",
            "practitioner_id",
            unique=True,
            postgresql_where=sql("revoked_at IS NULL"),
        ),
    )
    practitioner_id: uuid.UUID = reference("practitioners.id")
    token_hash: str = text(unique=True)
    made_at: datetime = moment()
    revoked_at: datetime | None = moment(null=True)
