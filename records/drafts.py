"""What somebody has typed but not saved."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from records.base import Row, document, moment, text


class Draft(Row, table=True):
    """What a person has typed but not saved, kept for that person only."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("owner_id", "form"),)
    owner_id: uuid.UUID = Field(description="whoever typed it, at work or of a family")
    form: str = text(comment="which form, with the opaque id of what it is about")
    values: dict[str, Any] = document()
    saved_at: datetime = moment()
