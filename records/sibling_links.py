"""Siblings side by side: the link, everybody's consent to it, and what is shared by it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from levels.sibling_links import SiblingLinkChart
from records.base import Row, moment, one_of, reference, state_of


class SiblingLink(Row, table=True):
    """Two children's files side by side; seen only by whoever may see both."""

    __tablename__ = "sibling_links"
    __table_args__ = (
        Index(
            "uq_sibling_links_linked",
            "case_id",
            "other_case_id",
            unique=True,
            postgresql_where=sql("state = 'linked'"),
        ),
        CheckConstraint("case_id < other_case_id", name="one_row_a_pair"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_has_time"),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    other_case_id: uuid.UUID = reference("cases.id")
    state: str = state_of(SiblingLinkChart)
    made_by_id: uuid.UUID = reference("practitioners.id", index=False)
    made_at: datetime = moment()
    ended_at: datetime | None = moment(null=True)
    version: int = Field(default=1)


class SiblingConsent(Row, table=True):
    """One person's yes, given in one of the two cases; without a guardian it is the youth's own."""

    __tablename__ = "sibling_consents"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    link_id: uuid.UUID = reference("sibling_links.id", cascade=True)
    case_id: uuid.UUID = reference("cases.id")
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False)
    channel: str = one_of("channel", ("paper", "oral"))
    received_by_id: uuid.UUID = reference("practitioners.id", index=False)
    given_at: datetime = moment()
    withdrawn_at: datetime | None = moment(null=True)


class SiblingShare(Row, table=True):
    """Two rows, one in each child's case, made together: the same meeting, or the same measure."""

    __tablename__ = "sibling_shares"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(meeting_id, other_meeting_id) IN (0, 2)"
            " AND num_nonnulls(measure_id, other_measure_id) = 2 - num_nonnulls(meeting_id, other_meeting_id)",
            name="one_pair",
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    link_id: uuid.UUID = reference("sibling_links.id", cascade=True)
    meeting_id: uuid.UUID | None = reference("meetings.id", null=True, cascade=True)
    other_meeting_id: uuid.UUID | None = reference("meetings.id", null=True, cascade=True)
    measure_id: uuid.UUID | None = reference("measures.id", null=True, cascade=True)
    other_measure_id: uuid.UUID | None = reference("measures.id", null=True, cascade=True)
    parted_at: datetime | None = moment(null=True, comment="since then each meeting stands alone")
