"""The audit trail: one chain per file, anchored daily."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from records.base import Row, moment, reference, text


class AuditHead(Row, table=True):
    """The newest link of one file's audit chain."""

    __tablename__ = "audit_heads"
    municipality_id: uuid.UUID = reference("municipalities.id")
    file_kind: str = text(comment="case, signal, concern_report, guide, staff, sign_in")
    seq: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    changed_at: datetime = moment(index=True)


class ForgottenTrail(Row, table=True):
    """The last seal of a trail that was deleted after its term, kept while anchors it stood in are counted anew."""

    __tablename__ = "forgotten_trails"
    municipality_id: uuid.UUID = reference("municipalities.id")
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    forgotten_at: datetime = moment()


class AuditEntry(Row, table=True):
    """One act on one file: who, what, when. Append-only, each entry sealed by the one before."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("file_id", "seq"),
        Index("ix_audit_actor", "actor_id", "at"),
        Index("ix_audit_at", "municipality_id", "at"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    file_kind: str = text()
    file_id: uuid.UUID
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    at: datetime = moment()
    actor_id: uuid.UUID
    role: str = text()
    act: str = text()
    body: str = text(comment="canonical JSON the hash was taken over, codes and ids only")
    previous: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AuditAnchor(Row, table=True):
    """All heads of a municipality on one day, sealed with the day before and signed."""

    __tablename__ = "audit_anchors"
    __table_args__ = (UniqueConstraint("municipality_id", "day"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    day: date
    files: int
    heads_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    previous: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    until: datetime | None = moment(
        null=True, comment="the heads are those of the entries up to here; null in anchors made before 0021"
    )
    made_at: datetime = moment()


class TrailCheck(Row, table=True):
    """One time the trail of a municipality was verified: by the nightly job, or because somebody asked."""

    __tablename__ = "trail_checks"
    __table_args__ = (Index("ix_trail_checks", "municipality_id", "checked_at"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    checked_at: datetime = moment()
    asked_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    files: int
    entries: int = Field(sa_column=Column(BigInteger, nullable=False))
    faults: int
    anchors: int
    broken_anchors: int
