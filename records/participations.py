"""Who takes part in a case, and who is kept out."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from levels.disqualifications import DisqualificationChart, Tie
from records.base import Row, moment, one_of, reference, state_of, text

TIES = tuple(tie.value for tie in Tie)
PART_KINDS = ("holder", "leader", "member", "service")


class Participation(Row, table=True):
    """Somebody's part in a case, for as long as it lasts. Row security reads this and nothing else."""

    __tablename__ = "participations"
    __table_args__ = (
        Index(
            "ix_participations_current", "practitioner_id", "case_id", postgresql_where=sql("until IS NULL")
        ),
        # Deferred: the next holder comes in before the former goes out. That there is one, a trigger sees to.
        ExcludeConstraint(
            ("case_id", "="),
            using="btree",
            where=sql("kind = 'holder' AND until IS NULL"),
            deferrable=True,
            initially="DEFERRED",
            name="uq_participations_holder",
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    practitioner_id: uuid.UUID = reference("practitioners.id", index=False)
    service_id: uuid.UUID | None = reference("services.id", null=True)
    kind: str = one_of("kind", PART_KINDS)
    may_write: bool = Field(default=False)
    since: datetime = moment()
    until: datetime | None = moment(null=True)
    absence_id: uuid.UUID | None = reference("absences.id", null=True)


class Bar(Row, table=True):
    """A practitioner kept out of a child's files: disqualified, or barred for the child's safety."""

    __tablename__ = "bars"
    __table_args__ = (UniqueConstraint("practitioner_id", "child_id"),)
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    practitioner_id: uuid.UUID = reference("practitioners.id")
    child_id: uuid.UUID = reference("children.id")
    reason: str = text()
    barred_by_id: uuid.UUID = reference("practitioners.id", index=False)
    since: datetime = moment()
    until: datetime | None = moment(null=True)
    state: str = state_of(DisqualificationChart)
    tie: str = one_of("tie", TIES, default=Tie.OTHER.value)
    assessment: str = text(default="", comment="why it was upheld or cleared")
    assessed_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    assessed_at: datetime | None = moment(null=True)
    version: int = Field(default=1)
