"""Notices: by which channel, how far each came, what is unmatched, and how people want to be told."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW = "state IN ('written', 'sent', 'delivered', 'bounced', 'failed', 'dropped', 'inside')"
OLD = "state IN ('written', 'sent', 'failed', 'dropped')"
CHANNELS = "channel IN ('mail', 'sms', 'digest', 'inside')"
SETTLED = "settled_as IN ('sent_again', 'otherwise')"
UNMATCHED = "unmatched IN ('not_handed_over', 'given_up', 'bounced', 'unanswered')"
WAYS = "way IN ('mail', 'sms', 'digest', 'inside')"


def _moment(name: str, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment)


def upgrade() -> None:
    """Tell more of each notice, and make the tables beside it."""
    for column in (
        sa.Column("channel", sa.Text(), sa.CheckConstraint(CHANNELS, name="channel"), nullable=False,
                  server_default="mail"),
        sa.Column("address_mark", sa.Text(), nullable=True,
                  comment="hash of the address it was really sent to"),
        _moment("delivered_at", "a delivery status notification or a receipt said so"),
        _moment("bounced_at"),
        sa.Column("bounce_code", sa.Text(), nullable=True, comment="a status code, never an address"),
        sa.Column("unmatched", sa.Text(), sa.CheckConstraint(UNMATCHED, name="unmatched"), nullable=True),
        _moment("unmatched_at"),
        sa.Column("settled_as", sa.Text(), sa.CheckConstraint(SETTLED, name="settled_as"), nullable=True),
        sa.Column("settled_reason", sa.Text(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        _moment("settled_at"),
    ):  # fmt: skip
        op.add_column("notices", column)
    op.create_foreign_key("fk_notices_settled_by_id", "notices", "practitioners", ["settled_by_id"], ["id"])
    op.drop_constraint(op.f("ck_notices_state"), "notices", type_="check")
    op.create_check_constraint(op.f("ck_notices_state"), "notices", NEW)
    op.create_index("ix_notices_unmatched", "notices", ["municipality_id", "unmatched_at"],
                    postgresql_where=sa.text("unmatched IS NOT NULL AND settled_at IS NULL"))  # fmt: skip
    op.create_index("ix_notices_texted", "notices", ["transport_id"],
                    postgresql_where=sa.text("channel = 'sms'"))  # fmt: skip
    op.create_index("ix_notices_unopened", "notices", ["subject_id"],
                    postgresql_where=sa.text("seen_at IS NULL"))  # fmt: skip
    op.create_index("uq_notices_digest", "notices", ["practitioner_id", "edition"], unique=True,
                    postgresql_where=sa.text("kind = 'digest'"))  # fmt: skip
    _tables()
    sql_files.run("0006_notices.sql")


def _tables() -> None:
    op.create_table(
        "notice_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), sa.CheckConstraint(WAYS, name="way"), nullable=False),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioners.id"],
                                name=op.f("fk_notice_choices_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choices")),
        sa.UniqueConstraint("practitioner_id", "about", name=op.f("uq_notice_choices_practitioner_id_about")),
    )  # fmt: skip
    op.create_table(
        "inbox_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_counts")),
        sa.UniqueConstraint("day", "outcome", name=op.f("uq_inbox_counts_day_outcome")),
    )


def downgrade() -> None:
    """Forget how far letters came."""
    op.execute("DROP POLICY reported ON notices")
    op.execute("DROP POLICY reported_settle ON notices")
    op.execute(
        "DROP FUNCTION app.open_notices(text, uuid, timestamptz), app.unmatched_deliveries(integer), "
        "app.settle_delivery(uuid, text, text, timestamptz)"
    )
    op.drop_table("inbox_counts")
    op.drop_table("notice_choices")
    for name in ("uq_notices_digest", "ix_notices_unopened", "ix_notices_texted", "ix_notices_unmatched"):
        op.drop_index(name, "notices")
    op.execute("UPDATE notices SET state = 'sent' WHERE state IN ('delivered', 'inside')")
    op.execute("UPDATE notices SET state = 'failed' WHERE state = 'bounced'")
    op.drop_constraint(op.f("ck_notices_state"), "notices", type_="check")
    op.create_check_constraint(op.f("ck_notices_state"), "notices", OLD)
    for name in (
        "settled_at", "settled_by_id", "settled_reason", "settled_as", "unmatched_at", "unmatched",
        "bounce_code", "bounced_at", "delivered_at", "address_mark", "channel",
    ):  # fmt: skip
        op.drop_column("notices", name)
