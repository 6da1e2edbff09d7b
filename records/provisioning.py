"""What a municipality's identity provider keeps here: its tokens, its people, its groups and what they stand for."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, moment, one_of, reference, text

GIVEN_ROLES = (
    "educator",
    "health_nurse",
    "counsellor",
    "child_welfare_worker",
    "unit_leader",
    "coordinator",
    "manager",
)


class ProvisioningToken(Row, table=True):
    """An identity provider's key to one municipality's people; only its hash is kept."""

    __tablename__ = "provisioning_tokens"
    municipality_id: uuid.UUID = reference("municipalities.id")
    token_hash: str = text(unique=True)
    name: str = text()
    made_by_id: uuid.UUID = reference("practitioners.id", index=False)
    made_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(null=True)
    used_at: datetime | None = moment(null=True, comment="within a minute")


class ProvisionedPerson(Row, table=True):
    """What the identity provider of a municipality calls somebody, and whether it lets them in."""

    __tablename__ = "provisioned_people"
    __table_args__ = (
        UniqueConstraint("municipality_id", "practitioner_id"),
        Index(
            "uq_provisioned_people_user_name",
            "municipality_id",
            "user_name",
            unique=True,
            postgresql_where=sql("deleted_at IS NULL"),
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    practitioner_id: uuid.UUID = reference("practitioners.id")
    user_name: str = text()
    external_id: str | None = text(null=True)
    given_name: str = text(default="")
    family_name: str = text(default="")
    display_name: str = text(default="")
    language: str = text(default="", comment="as it was said, which need not be one we have")
    active: bool | None = Field(default=True, description="null when the provider has unsaid it: as it stood")
    made_at: datetime = moment()
    changed_at: datetime = moment()
    deleted_at: datetime | None = moment(null=True)


class ProvisionedGroup(Row, table=True):
    """A group of the identity provider; its members hold `role` in the service once an administrator has said so."""

    __tablename__ = "provisioned_groups"
    __table_args__ = (
        UniqueConstraint("municipality_id", "name"),
        CheckConstraint("(service_id IS NULL) = (role IS NULL)", name="stands_for_both"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    name: str = text()
    external_id: str | None = text(null=True)
    service_id: uuid.UUID | None = reference("services.id", null=True, index=False)
    role: str | None = one_of("role", GIVEN_ROLES, null=True)
    made_at: datetime = moment()
    changed_at: datetime = moment()
    version: int = Field(default=1)


class ProvisionedMember(Row, table=True):
    """Somebody in such a group, and the assignment it has given."""

    __tablename__ = "provisioned_members"
    __table_args__ = (UniqueConstraint("group_id", "practitioner_id"),)
    group_id: uuid.UUID = reference("provisioned_groups.id", index=False, cascade=True)
    practitioner_id: uuid.UUID = reference("practitioners.id")
    assignment_id: uuid.UUID | None = reference("assignments.id", null=True)
