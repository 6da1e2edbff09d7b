"""Cases: where they stand and how they got there."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.cases import CaseChart
from levels.charts import start, states
from levels.plans import Coordinator, PlanChart
from levels.relays import RelayChart
from records.base import Row, document, moment, one_of, reference, state_of, text

VERDICTS = ("allowed", "allowed_late", "warned", "not_in_guide")


class Case(Row, table=True):
    """A child's case. It always has a holder; a closed case keeps the last one."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_holder_open", "holder_id", postgresql_where=sql("state <> 'closed'")),
        Index("ix_cases_one_open", "child_id", unique=True, postgresql_where=sql("state <> 'closed'")),
        UniqueConstraint("municipality_id", "number"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("(relay_state = 'offered') = (offered_to_id IS NOT NULL)", name="offer_has_receiver"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id")
    number: str = text(comment="year and running number, the name people use")
    child_id: uuid.UUID = reference("children.id")
    unit_id: uuid.UUID = reference("services.id")
    guide_id: uuid.UUID = reference("guides.id")
    level_id: str = text(comment="the guide's level")
    step_id: str = text(comment="the guide's step")
    state: str = state_of(CaseChart)
    level_since: datetime = moment()
    holder_id: uuid.UUID = reference("practitioners.id", index=False)
    holder_since: datetime = moment()
    relay_state: str = one_of("relay_state", states(RelayChart), default=start(RelayChart))
    offered_to_id: uuid.UUID | None = reference("practitioners.id", null=True)
    shared_log: bool = Field(
        default=True, description="false: the family said no, work goes on without a log"
    )
    opened_at: datetime = moment()
    log_opened_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)
    closing: dict[str, Any] | None = document(
        null=True, comment="reason, the child's and the parents' verdict, follow-up"
    )
    last_activity_at: datetime = moment()
    child_view_at: datetime | None = moment(null=True)
    concern_reported_at: datetime | None = moment(null=True)
    archived_at: datetime | None = moment(null=True)
    plan_state: str = one_of("plan_state", states(PlanChart), default=start(PlanChart))
    plan_since: datetime | None = moment(null=True)
    plan_coordinator_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    plan_coordinator_as: str | None = one_of("plan_coordinator_as", tuple(Coordinator), null=True)
    came_from: str = text(default="", comment="the municipality the family moved from; empty for all others")
    paused_until: date | None = Field(default=None, description="the last day the case stands still")
    attachments: int = Field(default=0, description="how many were ever put in it")
    version: int = Field(default=1)


class CaseStep(Row, table=True):
    """A step of the guide done or skipped in this round at this level."""

    __tablename__ = "case_steps"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    level_id: str = text()
    step_id: str = text()
    round: int = Field(default=1, description="how many times the level has been entered or gone round")
    outcome: str = one_of("outcome", ("done", "skipped"))
    note: str = text(default="")
    verdict: str = one_of("verdict", VERDICTS, default="allowed")
    done_by_id: uuid.UUID = reference("practitioners.id", index=False)
    done_at: datetime = moment()


class CaseMove(Row, table=True):
    """One move of the case: from, to, the guide's verdict and the reason."""

    __tablename__ = "case_moves"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    event: str = text()
    before: str = text()
    after: str = text()
    level_before: str = text()
    level_after: str = text()
    guide_id: uuid.UUID = reference("guides.id", index=False)
    outcome: str | None = text(null=True)
    verdict: str = one_of("verdict", VERDICTS)
    findings: list[Any] = document(comment="the guide's reasons, as codes")
    reason: str = text(default="")
    moved_by_id: uuid.UUID = reference("practitioners.id", index=False)
    moved_at: datetime = moment()


class CasePause(Row, table=True):
    """A time in which a case stands still on purpose, as over the summer, and its clocks with it."""

    __tablename__ = "case_pauses"
    __table_args__ = (
        Index("uq_case_pauses_running", "case_id", unique=True, postgresql_where=sql("ended_on IS NULL")),
        CheckConstraint("until_on >= from_on", name="ends_after_start"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    from_on: date
    until_on: date = Field(description="the last day, as planned")
    reason: str = text()
    begun_by_id: uuid.UUID = reference("practitioners.id", index=False)
    begun_at: datetime = moment()
    ended_on: date | None = Field(default=None, description="the last day, as it was")
    ended_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
