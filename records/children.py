"""Children and the people with parental responsibility for them."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Column, Field

from levels.children import KINDS, About
from records.base import Row, one_of, reference, text

RELATIONS = ("mother", "father", "co_parent", "foster_parent", "other")


class Child(Row, table=True):
    """Whom a file is about: a child or youth up to 23, a child not yet born, or a group.

    A child not yet born goes by the pregnant woman's name, and `born_on` is the day it is expected; a group goes by its
    own name and has no such day. Neither has a number, and a group has no guardians.
    """

    __tablename__ = "children"
    __table_args__ = (
        Index("ix_children_unit_name", "unit_id", "last_name", "first_name"),
        Index("ix_children_groups", "id", postgresql_where=sql("kind = 'group'")),
        UniqueConstraint("municipality_id", "identity_index"),
        CheckConstraint("(kind = 'group') = (born_on IS NULL)", name="only_groups_have_no_day"),
        CheckConstraint(
            "kind = 'child' OR (identity_index IS NULL AND identity_cipher IS NULL AND member_id IS NULL)",
            name="only_the_born_have_numbers",
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    unit_id: uuid.UUID | None = reference("services.id", null=True)
    first_name: str = text()
    last_name: str = text()
    kind: str = one_of("kind", KINDS, default=About.CHILD.value)
    born_on: date | None = Field(default=None, description="before birth the day it is expected")
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
