"""The family's own door: who comes in by it, the codes that let them in, and what they say."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Column, Field, LargeBinary, SmallInteger

from levels.families import KINDS
from records.base import Row, moment, one_of, reference, text

CAME_AS = ("guardian", "youth")
LANGUAGES = ("nb", "nn", "en")


class FamilyMember(Row, table=True):
    """A parent or a youth who has come in by the family's own door; which children it is about stands with them."""

    __tablename__ = "family_members"
    municipality_id: uuid.UUID = reference("municipalities.id")
    name: str = text()
    came_as: str = one_of("came_as", CAME_AS)
    language: str = one_of("language", LANGUAGES, default="nb")
    identity_index: bytes | None = Field(
        default=None,
        sa_column=Column(LargeBinary, unique=True, comment="keyed hash of the national number"),
    )
    joined_at: datetime = moment()


class FamilyCode(Row, table=True):
    """A code somebody who knows the family handed them: used once, gone after a few days or a few wrong birthdays."""

    __tablename__ = "family_codes"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    child_id: uuid.UUID = reference("children.id", cascade=True)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False)
    code_hash: str = text(unique=True)
    made_by_id: uuid.UUID = reference("practitioners.id", index=False)
    made_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(null=True)
    tries: int = Field(default=0, description="wrong dates of birth given with it")


class FamilyWord(Row, table=True):
    """Something the family says in a case. Most of it waits for an answer, by a day."""

    __tablename__ = "family_words"
    __table_args__ = (
        Index("ix_family_words_case", "case_id", "written_at"),
        CheckConstraint("kind <> 'reply' OR entry_id IS NOT NULL", name="reply_has_entry"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
        CheckConstraint("mood IS NULL OR mood BETWEEN 1 AND 3", name="mood_is_a_face"),
        Index(
            "ix_family_words_waiting",
            "case_id",
            postgresql_where=sql("answer_by IS NOT NULL AND answered_at IS NULL"),
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id", index=False)
    kind: str = one_of("kind", KINDS)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False)
    member_id: uuid.UUID = reference("family_members.id")
    body: str = text(default="")
    mood: int | None = Field(default=None, sa_column=Column(SmallInteger, comment="1 good, 2 so-so, 3 bad"))
    entry_id: uuid.UUID | None = reference("log_entries.id", null=True)
    for_guardians: bool = Field(
        default=True, description="whether a youth's words may be read by the parents"
    )
    written_at: datetime = moment()
    answer_by: date | None = Field(default=None)
    answer: str = text(default="")
    answered_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    answered_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
