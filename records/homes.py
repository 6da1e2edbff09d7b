"""Where people live, as keyed hashes that can be compared and not read."""

import uuid

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Column, Field

from records.base import Row, reference


class Home(Row, table=True):
    """The home of a child, of a guardian, or of somebody who works here; none for whoever has a protected address."""

    __tablename__ = "homes"
    __table_args__ = (
        CheckConstraint("num_nonnulls(practitioner_id, child_id, guardian_id) = 1", name="of_one"),
        *(
            Index(f"uq_homes_{whose}", whose, unique=True)
            for whose in ("practitioner_id", "child_id", "guardian_id")
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    practitioner_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False, cascade=True)
    child_id: uuid.UUID | None = reference("children.id", null=True, index=False, cascade=True)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False, cascade=True)
    house: bytes | None = Field(
        default=None, sa_column=Column(LargeBinary, comment="keyed hash of road, number and postal code")
    )
    road: bytes = Field(
        sa_column=Column(LargeBinary, nullable=False, comment="keyed hash of road and postal code")
    )
