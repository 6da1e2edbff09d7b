"""Attachments in a case: documents and pictures, the malware scan's mark, and the trace of those taken away."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.attachments import KINDS, ScanChart
from levels.charts import start, states
from records.base import Row, document, moment, one_of, reference, text


class Attachment(Row, table=True):
    """A document put in a case by somebody at work, or by the family with a word to the holder.

    The content is what was put, or nothing: the database itself holds it to the digest. Taken away means a row without
    content, with who, when and why; one of the family takes back its own, and owes no reason. What came along when a
    family moved is a copy of the new case's own, which says where it came from.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_case", "case_id", "put_at"),
        Index("ix_attachments_scan", "put_at", postgresql_where=sql("scan_state <> 'infected'")),
        CheckConstraint("for_family OR hidden_reason IS NOT NULL", name="hidden_has_reason"),
        CheckConstraint("for_family OR hidden_until IS NOT NULL", name="hidden_has_day"),
        CheckConstraint("(put_by_id IS NULL) <> (member_id IS NULL)", name="put_by_one"),
        CheckConstraint(
            "(member_id IS NULL) = (word_id IS NULL) OR (word_id IS NULL AND origin IS NOT NULL)",
            name="family_with_a_word",
        ),
        CheckConstraint("only_for_id IS NULL OR only_for_id = member_id", name="only_for_who_sent_it"),
        CheckConstraint("(content IS NULL) = (taken_away_at IS NOT NULL)", name="content_or_taken_away"),
        CheckConstraint(
            "taken_away_at IS NULL OR (taken_away_by_id IS NOT NULL AND taken_away_why <> '')"
            " OR (taken_away_by_id IS NULL AND member_id IS NOT NULL)",
            name="taken_away_has_reason",
        ),
        CheckConstraint(
            "content IS NULL OR encode(sha256(content), 'hex') = digest", name="content_is_digest"
        ),
        CheckConstraint("content IS NULL OR octet_length(content) = size", name="content_has_size"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id", index=False)
    entry_id: uuid.UUID | None = reference("log_entries.id", null=True)
    word_id: uuid.UUID | None = reference("family_words.id", null=True)
    title: str = text(comment="what people call it; never a file's name")
    kind: str = one_of("kind", KINDS)
    size: int = Field(description="bytes")
    digest: str = text(comment="SHA-256 of the content")
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    put_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    member_id: uuid.UUID | None = reference("family_members.id", null=True, index=False)
    only_for_id: uuid.UUID | None = reference("family_members.id", null=True, index=False)
    origin: dict[str, Any] | None = document(
        null=True, comment="of a copy that came along: the municipality, who put it there, and when"
    )
    put_at: datetime = moment()
    for_family: bool = Field(default=True)
    hidden_reason: str | None = text(null=True)
    hidden_until: date | None = Field(default=None, description="when the hiding must be looked at again")
    scan_state: str = one_of("scan_state", states(ScanChart), default=start(ScanChart))
    scanned_at: datetime | None = moment(null=True)
    scanned_by: str = text(default="", comment="the scanner and its signatures, as it names itself")
    finding: str = text(default="", comment="what the scanner calls what it found")
    taken_away_at: datetime | None = moment(null=True)
    taken_away_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    taken_away_why: str = text(default="")
    version: int = Field(default=1)
