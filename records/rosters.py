"""Rosters read and not yet confirmed: encrypted, for whoever uploaded them, for a short while."""

import uuid
from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field

from records.base import Row, moment, reference


class RosterDraft(Row, table=True):
    """What was read out of a file; deleted when it is confirmed, cancelled or forgotten."""

    __tablename__ = "roster_drafts"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    made_by_id: uuid.UUID = reference("practitioners.id")
    made_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    cipher: bytes = Field(
        sa_column=Column(LargeBinary, nullable=False, comment="encrypted by the application")
    )
