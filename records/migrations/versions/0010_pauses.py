"""Cases that stand still, and their clocks with them."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row for each pause; the case and its deadlines know of it."""
    op.add_column("cases", sa.Column("paused_until", sa.Date(), nullable=True))
    op.add_column("deadlines", sa.Column("unpaused_on", sa.Date(), nullable=True))
    op.create_table(
        "case_pauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_case_pauses_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=op.f("fk_case_pauses_municipality_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_pauses_case_id")),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["practitioners.id"], name=op.f("fk_case_pauses_begun_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["practitioners.id"], name=op.f("fk_case_pauses_ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pauses")),
    )
    op.create_index(op.f("ix_case_pauses_case_id"), "case_pauses", ["case_id"])
    op.create_index(
        "uq_case_pauses_running",
        "case_pauses",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    sql_files.run("0010_pauses.sql")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("case_pauses")
    op.drop_column("deadlines", "unpaused_on")
    op.drop_column("cases", "paused_until")
