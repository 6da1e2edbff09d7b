"""Closed cases as documents."""

import uuid
from datetime import datetime

from sqlalchemy import Column, LargeBinary
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
