"""Acts already carried out under an idempotency key."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint

from records.base import Row, document, moment, text


class Done(Row, table=True):
    """An act already carried out under an idempotency key, with the address of its result."""

    __tablename__ = "done_acts"
    __table_args__ = (UniqueConstraint("actor_id", "key"),)
    actor_id: uuid.UUID
    key: str = text()
    act: str = text()
    fingerprint: str = text(comment="SHA-256 of what was asked, so a key cannot be used for something else")
    result: dict[str, Any] = document()
    at: datetime = moment(index=True)
