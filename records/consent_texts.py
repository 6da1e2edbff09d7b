"""Consent texts: what a municipality says in its own words, and what somebody read before answering."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.consent_texts import Kind
from records.base import Row, document, moment, one_of, reference, text
from records.consents import CHANNELS

KINDS = tuple(kind.value for kind in Kind)


class ConsentText(Row, table=True):
    """A municipality's own wording of one text in one language; a version that has been shown is never changed."""

    __tablename__ = "consent_texts"
    __table_args__ = (
        UniqueConstraint("municipality_id", "kind", "language", "number"),
        Index(
            "uq_consent_texts_published",
            "municipality_id",
            "kind",
            "language",
            unique=True,
            postgresql_where=sql("state = 'published'"),
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    kind: str = one_of("kind", KINDS)
    language: str = text()
    number: int = Field(description="1, 2, 3 … per municipality, kind and language")
    state: str = one_of("state", ("published", "retired"), default="published")
    wording: dict[str, str] = document()
    based_on: str = text(comment="the version of the common text it was written from")
    proofread_by: str = text(default="", comment="the native speaker who has read it; empty when none has")
    written_by_id: uuid.UUID = reference("practitioners.id", index=False)
    written_at: datetime = moment()
    version: int = Field(default=1)


class ConsentReading(Row, table=True):
    """The text somebody was shown or read aloud to when answering, word for word. Only added to."""

    __tablename__ = "consent_readings"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    consent_id: uuid.UUID = reference("consents.id")
    answer: str = one_of("answer", ("given", "limited", "declined", "renewed"))
    kind: str = one_of("kind", KINDS)
    text_version: str = text()
    language: str = text(comment="the language it was given in")
    digest: str = text(comment="SHA-256 of every word of it")
    words: dict[str, object] = document()
    channel: str = one_of("channel", CHANNELS)
    interpreter: str = text(default="", comment="who interpreted, or who spoke the language")
    received_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    witness: str = text(default="")
    answered_at: datetime = moment()
