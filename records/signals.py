"""Worries, and what was seen and said about them."""

import uuid
from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from levels.signals import SignalChart
from records.base import Row, moment, one_of, reference, state_of, text

STRENGTHS = ("wondering", "worried", "very_worried")
THEMES = (
    "wellbeing",
    "friends",
    "absence",
    "learning",
    "concentration",
    "food_and_sleep",
    "home",
    "body_and_health",
    "substances",
    "other",
)
TALKED_WITH = ("child", "guardians", "colleague", "not_yet")
NOTE_KINDS = ("observation", "talk_child", "talk_guardians", "talk_colleague", "leader_note")


class Signal(Row, table=True):
    """One worry about one child: its author and the nearest leader see it, nobody else."""

    __tablename__ = "signals"
    municipality_id: uuid.UUID = reference("municipalities.id")
    child_id: uuid.UUID = reference("children.id")
    unit_id: uuid.UUID = reference("services.id")
    author_id: uuid.UUID = reference("practitioners.id")
    leader_id: uuid.UUID | None = reference("practitioners.id", null=True)
    guide_id: uuid.UUID = reference("guides.id")
    level_id: str = text()
    step_id: str = text()
    state: str = state_of(SignalChart)
    strength: str = one_of("strength", STRENGTHS)
    themes: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    talked_with: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    observation: str = text()
    happened_on: date
    noted_at: datetime = moment()
    shared_at: datetime | None = moment(null=True)
    decided_at: datetime | None = moment(null=True, index=True)
    outcome: str | None = text(null=True, comment="the guide's outcome code")
    reason: str | None = text(null=True)
    case_id: uuid.UUID | None = reference("cases.id", null=True)
    version: int = Field(default=1)


class SignalNote(Row, table=True):
    """A further observation, talk or the leader's note on a worry."""

    __tablename__ = "signal_notes"
    municipality_id: uuid.UUID = reference("municipalities.id")
    signal_id: uuid.UUID = reference("signals.id", cascade=True)
    author_id: uuid.UUID = reference("practitioners.id", index=False)
    kind: str = one_of("kind", NOTE_KINDS)
    body: str = text()
    happened_on: date
    written_at: datetime = moment()
