"""Municipalities, their services, and the people who work there."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from records.base import Row, document, moment, one_of, reference, text

SERVICE_KINDS = (
    "school",
    "kindergarten",
    "health_station",
    "school_health",
    "counselling_service",
    "child_welfare",
    "leisure",
    "administration",
)
SECTORS = ("school", "kindergarten", "health_station", "culture", "all")
ROLES = (
    "educator",
    "health_nurse",
    "counsellor",
    "child_welfare_worker",
    "unit_leader",
    "coordinator",
    "manager",
    "administrator",
    "operator",
    "data_protection_officer",
    "archivist",
)
LANGUAGES = ("nb", "nn", "en")


class Municipality(Row, table=True):
    """One municipality: the home of cases and the tenant of everything."""

    __tablename__ = "municipalities"
    number: str = text(unique=True, comment="four digits; 99xx is fictional")
    name: str = text()
    language: str = one_of("language", LANGUAGES, default="nb")
    duty_phone: str = text(default="", comment="the child welfare emergency duty")
    settings: dict[str, Any] = document(
        comment="terms the municipality may choose, held to the legal floors by casework"
    )
    case_counter: int = Field(default=0)


class Service(Row, table=True):
    """One service or unit: a school, a kindergarten, a health station, PPT, child welfare."""

    __tablename__ = "services"
    municipality_id: uuid.UUID = reference("municipalities.id")
    kind: str = one_of("kind", SERVICE_KINDS)
    name: str = text()
    mailbox: str = text(default="", comment="where letters without names are sent")
    phone: str = text(default="")
    reply_days: int = Field(default=7)
    leader_id: uuid.UUID | None = reference("practitioners.id", null=True)
    closed_on: date | None = Field(default=None)
    version: int = Field(default=1)


class ServiceReach(Row, table=True):
    """A service that works with another unit's children, or serves another municipality."""

    __tablename__ = "service_reaches"
    __table_args__ = (
        UniqueConstraint("service_id", "unit_id"),
        UniqueConstraint("service_id", "municipality_id"),
    )
    service_id: uuid.UUID = reference("services.id")
    unit_id: uuid.UUID | None = reference("services.id", null=True)
    municipality_id: uuid.UUID | None = reference("municipalities.id", null=True)


class Practitioner(Row, table=True):
    """A person who works in a municipality."""

    __tablename__ = "practitioners"
    name: str = text()
    email: str = text(unique=True)
    phone: str = text(default="")
    title: str = text(default="", comment="what the person is called at work")
    language: str = one_of("language", LANGUAGES, default="nb")
    subject: str | None = text(null=True, unique=True, comment="issuer and subject from the sign-in provider")
    left_on: date | None = Field(default=None)
    version: int = Field(default=1)


class Assignment(Row, table=True):
    """A person's role in a service for a period."""

    __tablename__ = "assignments"
    __table_args__ = (Index("ix_assignments_current", "practitioner_id", "service_id"),)
    practitioner_id: uuid.UUID = reference("practitioners.id")
    service_id: uuid.UUID = reference("services.id")
    role: str = one_of("role", ROLES)
    since: date
    until: date | None = Field(default=None, description="last day, inclusive")


class SignIn(Row, table=True):
    """A browser that has signed in, somebody at work or one of a family; only the hash of its token is kept."""

    __tablename__ = "sign_ins"
    __table_args__ = (CheckConstraint("num_nonnulls(practitioner_id, member_id) = 1", name="one_person"),)
    token_hash: str = text(unique=True)
    practitioner_id: uuid.UUID | None = reference("practitioners.id", null=True)
    member_id: uuid.UUID | None = reference("family_members.id", null=True)
    assignment_id: uuid.UUID | None = reference("assignments.id", null=True)
    csrf: str = text()
    language: str | None = text(null=True)
    method: str = text()
    started_at: datetime = moment()
    proved_at: datetime | None = moment(null=True, comment="last proved who it is since it began")
    seen_at: datetime = moment()
    ended_at: datetime | None = moment(null=True)


class ApiToken(Row, table=True):
    """A machine's key, acting for one practitioner within listed scopes; only its hash is kept."""

    __tablename__ = "api_tokens"
    token_hash: str = text(unique=True)
    name: str = text()
    practitioner_id: uuid.UUID = reference("practitioners.id")
    scopes: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(null=True)
