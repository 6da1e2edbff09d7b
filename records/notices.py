"""Letters without names, how far each came, and how people want to be told."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from records.base import Row, moment, one_of, reference, text

STATES = ("written", "sent", "delivered", "bounced", "failed", "dropped", "inside")
CHANNELS = ("mail", "sms", "digest", "inside")


class Notice(Row, table=True):
    """A letter without names to one person: its id is the message id, so a repeat is recognised.

    `sent` means handed over: a mail or text message server took it, and more is not known yet.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_waiting", "written_at", postgresql_where=sql("state = 'written'")),
        Index(
            "ix_notices_unmatched",
            "municipality_id",
            "unmatched_at",
            postgresql_where=sql("unmatched IS NOT NULL AND settled_at IS NULL"),
        ),
        Index("ix_notices_texted", "transport_id", postgresql_where=sql("channel = 'sms'")),
        Index("ix_notices_unopened", "subject_id", postgresql_where=sql("seen_at IS NULL")),
        Index(
            "uq_notices_digest",
            "practitioner_id",
            "edition",
            unique=True,
            postgresql_where=sql("kind = 'digest'"),
        ),
        CheckConstraint(
            "subject_kind <> 'consultation' OR (case_id IS NULL AND guardian_id IS NULL)",
            name="no_case_beside_consultation",
        ),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    kind: str = text()
    practitioner_id: uuid.UUID | None = reference("practitioners.id", null=True)
    service_id: uuid.UUID | None = reference("services.id", null=True, index=False)
    guardian_id: uuid.UUID | None = reference("guardians.id", null=True, index=False)
    case_id: uuid.UUID | None = reference("cases.id", null=True)
    subject_kind: str = text()
    subject_id: uuid.UUID
    edition: int = Field(default=0, description="0, the calendar entry's sequence, or the digest's day")
    channel: str = one_of("channel", CHANNELS, default="mail")
    state: str = one_of("state", STATES, default="written")
    written_at: datetime = moment()
    sent_at: datetime | None = moment(null=True)
    delivered_at: datetime | None = moment(
        null=True, comment="a delivery status notification or a receipt said so"
    )
    seen_at: datetime | None = moment(null=True, comment="the person saw it inside Stafetten")
    bounced_at: datetime | None = moment(null=True)
    bounce_code: str | None = text(null=True, comment="a status code, never an address")
    claimed_until: datetime | None = moment(null=True, comment="somebody is sending it until then")
    attempts: int = Field(default=0)
    error: str | None = text(null=True, comment="a code, never an address")
    transport_id: str | None = text(null=True)
    address_mark: str | None = text(null=True, comment="hash of the address it was really sent to")
    unmatched: str | None = one_of(
        "unmatched", ("not_handed_over", "given_up", "bounced", "unanswered"), null=True
    )
    unmatched_at: datetime | None = moment(null=True)
    settled_as: str | None = one_of("settled_as", ("sent_again", "otherwise"), null=True)
    settled_reason: str | None = text(null=True)
    settled_by_id: uuid.UUID | None = reference("practitioners.id", null=True, index=False)
    settled_at: datetime | None = moment(null=True)


class NoticeChoice(Row, table=True):
    """How one person wants to be told of one kind of event; without a row, at once by mail."""

    __tablename__ = "notice_choices"
    __table_args__ = (UniqueConstraint("practitioner_id", "about"),)
    practitioner_id: uuid.UUID = reference("practitioners.id", index=False)
    about: str = text()
    way: str = one_of("way", CHANNELS)


class InboxCount(Row, table=True):
    """How many letters of one sort the inbox was sent on one day; no letter is kept."""

    __tablename__ = "inbox_counts"
    __table_args__ = (UniqueConstraint("day", "outcome"),)
    day: date
    outcome: str = text()
    number: int = Field(default=0)
