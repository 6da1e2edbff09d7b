"""Guides as published, version by version."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, moment, one_of, reference, text
from records.municipalities import SECTORS


class GuideVersion(Row, table=True):
    """One version of a municipality's guide for a sector, as it was written."""

    __tablename__ = "guides"
    __table_args__ = (
        UniqueConstraint("municipality_id", "sector", "number"),
        Index(
            "uq_guides_published",
            "municipality_id",
            "sector",
            unique=True,
            postgresql_where=sql("state = 'published'"),
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    sector: str = one_of("sector", SECTORS)
    number: int = Field(description="1, 2, 3 … per municipality and sector")
    name: str = text()
    state: str = one_of("state", ("draft", "published", "retired"), default="draft")
    source: str = text(comment="the YAML, as uploaded")
    digest: str = text(comment="SHA-256 of the source")
    youth_consent_age: int | None = Field(
        default=None,
        description="from which age a youth answers alone; empty where the municipality's setting holds",
    )
    uploaded_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    uploaded_at: datetime = moment()
    published_at: datetime | None = moment(null=True)
    retired_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
