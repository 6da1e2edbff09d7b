"""Closed cases as documents, and how far each has come on its way to the municipality's archive."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, moment, reference, text


class ArchivePackage(Row, table=True):
    """The closed case as a document, with its hash; nothing archived is deleted."""

    __tablename__ = "archive_packages"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    digest: str = text()
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    media_type: str = text(default="application/json")
    made_at: datetime = moment()


class ArchiveDelivery(Row, table=True):
    """One archive copy on its way: packed by the follow-up, fetched by people, taken over by the archive.

    Number, unit and closing day stand here so that the archivist needs no look into the case.
    """

    __tablename__ = "archive_deliveries"
    __table_args__ = (
        Index(
            "ix_archive_deliveries_waiting", "municipality_id", postgresql_where=sql("taken_over_at IS NULL")
        ),
        CheckConstraint("packed_at IS NULL OR package_digest IS NOT NULL", name="packed_has_digest"),
        CheckConstraint("taken_over_at IS NULL OR archive_reference <> ''", name="taken_over_has_reference"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    archive_id: uuid.UUID = reference("archive_packages.id", index=False)
    number: str = text()
    unit_id: uuid.UUID = reference("services.id", index=False)
    closed_at: datetime = moment()
    made_at: datetime = moment()
    package: bytes | None = Field(default=None, sa_column=Column(LargeBinary, comment="the zip"))
    package_digest: str | None = text(null=True, comment="SHA-256 of the zip")
    packed_at: datetime | None = moment(null=True)
    taken_over_at: datetime | None = moment(null=True)
    taken_over_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    archive_reference: str = text(default="", comment="what the archive calls it")
    version: int = Field(default=1)
