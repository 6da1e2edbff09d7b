"""Consents: one row per consenting person, service and purpose."""

import uuid
from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.charts import start, states
from levels.consent_texts import Kind
from levels.consents import ConsentChart
from levels.plans import PlanChart
from records.base import Row, moment, one_of, reference, state_of, text

CHANNELS = ("portal", "paper", "oral")


class Consent(Row, table=True):
    """One person's answer about sharing with one service; without a service it is about the log itself."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_guardian",
            "case_id",
            "guardian_id",
            "service_id",
            unique=True,
            postgresql_where=sql("guardian_id IS NOT NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_consents_child",
            "case_id",
            "service_id",
            unique=True,
            postgresql_where=sql("guardian_id IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id", index=False)
    service_id: uuid.UUID | None = reference("services.id", null=True)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True)
    purpose: str = text()
    shared: str = text(default="", comment="what is shared, in the words the family was given")
    not_shared: str = text(default="")
    plan: str = one_of("plan", states(PlanChart), default=start(PlanChart))
    state: str = state_of(ConsentChart)
    limits: str = text(default="")
    channel: str | None = one_of("channel", CHANNELS, null=True)
    received_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    witness: str = text(default="")
    language: str = text(default="nb", comment="the language it was given in")
    text_kind: str | None = one_of("text_kind", (kind.value for kind in Kind), null=True)
    text_version: str = text(default="1", comment="of the text that was read; see consent_readings")
    text_digest: str = text(default="", comment="SHA-256 of every word that was read")
    interpreter: str = text(default="", comment="who interpreted, or who spoke the language")
    asked_by_id: uuid.UUID = reference("practitioners.id", index=False)
    asked_at: datetime = moment()
    asked_anew_at: datetime | None = moment(null=True, comment="asked anew while the old answer stands")
    answered_at: datetime | None = moment(null=True)
    expires_on: date | None = Field(default=None)
    version: int = Field(default=1)
