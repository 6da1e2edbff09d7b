"""Deadlines: what must have happened by when."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, document, moment, one_of, reference, text


class Deadline(Row, table=True):
    """Something that must have happened by a time, for one case, worry, invitation, measure or hand-over."""

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("ix_deadlines_running", "due_at", postgresql_where=sql("state = 'running'")),
        Index("ix_deadlines_chased", "chase_at", postgresql_where=sql("chase_at IS NOT NULL")),
        Index("ix_deadlines_subject", "subject_id", "state"),
        Index(
            "ix_deadlines_town", "municipality_id", "target_on", postgresql_where=sql("settled_at IS NULL")
        ),
        Index("ix_deadlines_case", "case_id", "target_on", postgresql_where=sql("settled_at IS NULL")),
        CheckConstraint(
            "(settled_at IS NULL) = (state IN ('running', 'missed'))", name="pending_until_settled"
        ),
        CheckConstraint(
            "subject_kind <> 'consultation' OR (case_id IS NULL AND signal_id IS NULL)",
            name="no_case_beside_consultation",
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID | None = reference("cases.id", null=True, index=False)
    signal_id: uuid.UUID | None = reference("signals.id", null=True)
    subject_kind: str = text(comment="case, signal, invitation, measure, meeting, handover, consent, report")
    subject_id: uuid.UUID
    clock: str = text(comment="the guide's clock id, or a statute's code")
    source: str = one_of("source", ("guide", "statute", "agreement"))
    due: str = text(comment="what must have happened: decision, reply, acceptance, evaluation, meeting …")
    owner_id: uuid.UUID | None = reference("practitioners.id", null=True)
    started_at: datetime = moment()
    target_on: date = Field(description="the day people are told")
    due_at: datetime = moment(comment="the instant it is missed: the end of the target day, local time")
    remind_at: datetime | None = moment(null=True)
    reminded_at: datetime | None = moment(null=True)
    rung: int = Field(default=0, description="how many rungs of the ladder above silence have been climbed")
    chase_at: datetime | None = moment(null=True, comment="when the next rung is climbed")
    unpaused_on: date | None = Field(default=None, description="the day it would have been without any pause")
    suspensions: list[Any] = document(comment="pairs of dates during which the clock stood still")
    state: str = one_of("state", ("running", "met", "missed", "met_late", "dropped"), default="running")
    settled_at: datetime | None = moment(null=True)
