"""Families: a guardian has a version, and what a change in the family ends."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count guardians' changes, and make the functions that follow them up."""
    op.add_column("guardians", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    sql_files.run("0004_families.sql")


def downgrade() -> None:
    """Take both away."""
    op.execute("DROP FUNCTION app.end_unreached(uuid, uuid, timestamptz), app.hold_open_case(uuid)")
    op.drop_column("guardians", "version")
