"""Ladders above silence, and a way to corrections that does not read the whole log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a deadline remember how far up its ladder it has come."""
    op.add_column("deadlines", sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "deadlines",
        sa.Column(
            "chase_at", sa.DateTime(timezone=True), nullable=True, comment="when the next rung is climbed"
        ),
    )
    op.create_index(
        "ix_deadlines_chased", "deadlines", ["chase_at"], postgresql_where=sa.text("chase_at IS NOT NULL")
    )
    op.create_index(
        "ix_log_entries_corrects",
        "log_entries",
        ["corrects_id"],
        postgresql_where=sa.text("corrects_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_index("ix_log_entries_corrects", "log_entries")
    op.drop_index("ix_deadlines_chased", "deadlines")
    op.drop_column("deadlines", "chase_at")
    op.drop_column("deadlines", "rung")
