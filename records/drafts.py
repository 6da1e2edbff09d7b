"""What somebody has typed but not saved."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint

from records.base import Row, document, moment, reference, text


class Draft(Row, table=True):
    """What a person has typed but not saved, kept for that person only."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("practitioner_id", "form"),)
    practitioner_id: uuid.UUID = reference("practitioners.id", index=False)
    form: str = text(comment="which form, with the opaque id of what it is about")
    values: dict[str, Any] = document()
    saved_at: datetime = moment()
