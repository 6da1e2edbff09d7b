"""Youths who come of age to consent."""

from alembic import op

from records.migrations import sql_files

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the jobs know which parts to end, and nothing about whom."""
    sql_files.run("0011_ages.sql")


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP FUNCTION app.parts_come_of_age(date, integer)")
