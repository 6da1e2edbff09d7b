"""Children and the people with parental responsibility for them."""

import uuid
from datetime import date

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Column, Field

from records.base import Row, one_of, reference, text

RELATIONS = ("mother", "father", "co_parent", "foster_parent", "other")


class Child(Row, table=True):
    """A child, a youth up to 23, or a pregnant woman, as the municipality knows them."""

    __tablename__ = "children"
    __table_args__ = (
        Index("ix_children_unit_name", "unit_id", "last_name", "first_name"),
        UniqueConstraint("municipality_id", "identity_index"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    unit_id: uuid.UUID | None = reference("services.id", null=True)
    first_name: str = text()
    last_name: str = text()
    born_on: date
    group_name: str = text(default="", comment="class or department")
    language: str = text(default="", comment="home language; empty when Norwegian")
    interpreter: bool = Field(default=False)
    protected_address: bool = Field(default=False)
    identity_cipher: bytes | None = Field(
        default=None, sa_column=Column(LargeBinary, comment="national number, encrypted by the application")
    )
    identity_index: bytes | None = Field(
        default=None,
        sa_column=Column(
            LargeBinary, index=True, comment="keyed hash of the national number, for look-up only"
        ),
    )
    member_id: uuid.UUID | None = reference("family_members.id", null=True)
    version: int = Field(default=1)


class Guardian(Row, table=True):
    """A parent or other guardian of one child."""

    __tablename__ = "guardians"
    child_id: uuid.UUID = reference("children.id", cascade=True)
    municipality_id: uuid.UUID = reference("municipalities.id")
    name: str = text()
    relation: str = one_of("relation", RELATIONS)
    responsible: bool = Field(default=True, description="has parental responsibility (foreldreansvar)")
    phone: str = text(default="")
    email: str = text(default="")
    language: str = text(default="")
    protected_address: bool = Field(default=False)
    kept_out: bool = Field(
        default=False, description="may not look in, by a court's order or for somebody's safety"
    )
    member_id: uuid.UUID | None = reference("family_members.id", null=True)
    identity_index: bytes | None = Field(
        default=None, sa_column=Column(LargeBinary, index=True, comment="keyed hash of the national number")
    )
    version: int = Field(default=1)
