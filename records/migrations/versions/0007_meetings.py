"""Meetings: times proposed and answered, who wrote the minutes, and the personal calendar's address."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from records.migrations import sql_files

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), primary_key=True)


def _to(name: str, target: str, *, null: bool = False, cascade: bool = False) -> sa.Column:
    key = sa.ForeignKey(target, ondelete="CASCADE" if cascade else None)
    return sa.Column(name, sa.Uuid(), key, nullable=null)


def _proposals() -> None:
    op.create_table(
        "meeting_proposals",
        _id(),
        _to("municipality_id", "municipalities.id"),
        _to("case_id", "cases.id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("video_link", sa.Text(), nullable=False),
        sa.Column("agenda", JSONB(), nullable=False, comment="what people added, in order"),
        sa.Column("answer_by", sa.Date(), nullable=False),
        _to("proposed_by_id", "practitioners.id"),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        _to("meeting_id", "meetings.id", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('joint', 'evaluation', 'resource_team', 'decision_forum')",
            name=op.f("ck_meeting_proposals_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'agreed', 'withdrawn')", name=op.f("ck_meeting_proposals_state")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (state = 'proposed')",
            name=op.f("ck_meeting_proposals_open_until_settled"),
        ),
        sa.CheckConstraint(
            "(meeting_id IS NULL) = (state <> 'agreed')", name=op.f("ck_meeting_proposals_agreed_is_summoned")
        ),
    )
    op.create_index("ix_meeting_proposals_case_id", "meeting_proposals", ["case_id"])
    op.create_index("ix_meeting_proposals_meeting_id", "meeting_proposals", ["meeting_id"])


def _times() -> None:
    op.create_table(
        "proposal_slots",
        _id(),
        _to("municipality_id", "municipalities.id"),
        _to("proposal_id", "meeting_proposals.id", cascade=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_proposal_slots_ends_after_start")),
    )
    op.create_index("ix_proposal_slots_proposal_id", "proposal_slots", ["proposal_id"])
    op.create_table(
        "proposal_answers",
        _id(),
        _to("municipality_id", "municipalities.id"),
        _to("proposal_id", "meeting_proposals.id", cascade=True),
        _to("practitioner_id", "practitioners.id", null=True),
        _to("guardian_id", "guardians.id", null=True),
        sa.Column("the_child", sa.Boolean(), nullable=False),
        sa.Column("answers", JSONB(), nullable=False, comment="slot id: yes, maybe or no"),
        sa.Column("answered_at", MOMENT, nullable=True),
    )
    op.create_index("ix_proposal_answers_proposal_id", "proposal_answers", ["proposal_id"])
    op.create_index("ix_proposal_answers_practitioner_id", "proposal_answers", ["practitioner_id"])


def _feeds() -> None:
    op.create_table(
        "calendar_feeds",
        _id(),
        _to("practitioner_id", "practitioners.id"),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index("ix_calendar_feeds_practitioner_id", "calendar_feeds", ["practitioner_id"])
    op.create_index(
        "uq_calendar_feeds_open",
        "calendar_feeds",
        ["practitioner_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def upgrade() -> None:
    """Make the tables, and let a meeting remember who wrote its minutes last."""
    _proposals()
    _times()
    _feeds()
    op.add_column(
        "meetings", sa.Column("minutes_by_id", sa.Uuid(), sa.ForeignKey("practitioners.id"), nullable=True)
    )
    op.add_column("meetings", sa.Column("minutes_at", MOMENT, nullable=True))
    sql_files.run("0007_meetings.sql")


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("meetings", "minutes_at")
    op.drop_column("meetings", "minutes_by_id")
    for table in ("calendar_feeds", "proposal_answers", "proposal_slots", "meeting_proposals"):
        op.drop_table(table)
