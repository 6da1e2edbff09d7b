"""Questions asked without a child, their answers, and what was learnt.

No key here leads to a child, a family or a case: a test walks the whole schema.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.charts import start, states
from levels.consultations import AGE_BANDS, ConsultationChart, KnowledgeChart
from records.base import Row, moment, one_of, reference, state_of, text
from records.municipalities import SECTORS
from records.signals import THEMES

MESSAGE_KINDS = ("question", "answer", "follow_up", "thanks")
ASKED_FROM = tuple(one for one in SECTORS if one != "all")


class Consultation(Row, table=True):
    """One question put to a service by somebody at work; whose child it is about is known to the asker alone."""

    __tablename__ = "consultations"
    __table_args__ = (
        Index("ix_consultations_open", "service_id", postgresql_where=sql("state IN ('asked', 'taken')")),
        Index("ix_consultations_moved", "moved_at"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    service_id: uuid.UUID = reference("services.id")
    asker_id: uuid.UUID = reference("practitioners.id")
    named: bool = Field(description="whether the service is told who asks")
    age_band: str = one_of("age_band", AGE_BANDS)
    sector: str = one_of("sector", ASKED_FROM)
    theme: str = one_of("theme", THEMES)
    state: str = state_of(ConsultationChart)
    taken_by_id: uuid.UUID | None = reference("practitioners.id", null=True)
    asked_at: datetime = moment()
    moved_at: datetime = moment(comment="when anything last happened; it is deleted a while after")
    knowledge_state: str = one_of("knowledge_state", states(KnowledgeChart), default=start(KnowledgeChart))
    knowledge_question: str = text(default="", comment="the wording proposed, until it is kept or declined")
    knowledge_answer: str = text(default="")
    version: int = Field(default=1)


class ConsultationMessage(Row, table=True):
    """One thing said in the thread of a question."""

    __tablename__ = "consultation_messages"
    consultation_id: uuid.UUID = reference("consultations.id", cascade=True)
    author_id: uuid.UUID = reference("practitioners.id", index=False)
    kind: str = one_of("kind", MESSAGE_KINDS)
    body: str = text()
    written_at: datetime = moment()


class Knowledge(Row, table=True):
    """What a municipality has learnt from an answer: without an asker, a case, or the question it came from.

    Its id is random where others tell the time, so that nothing shows when, and thereby from what, it was made.
    """

    __tablename__ = "knowledge"
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    municipality_id: uuid.UUID = reference("municipalities.id")
    service_id: uuid.UUID = reference("services.id")
    age_band: str = one_of("age_band", AGE_BANDS)
    sector: str = one_of("sector", ASKED_FROM)
    theme: str = one_of("theme", THEMES)
    question: str = text()
    answer: str = text()
    kept_on: date
    retired_on: date | None = Field(default=None, description="no longer held to be right")
    version: int = Field(default=1)
