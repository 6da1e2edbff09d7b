"""Siblings' meetings that part, worries on hold, and a column nobody read."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

FUNCTIONS = (
    "called_in_both(uuid, uuid)",
    "seats_beside(uuid, uuid)",
    "same_person(attendances, attendances)",
    "parted_meetings(uuid)",
    "part_meetings(uuid, timestamptz)",
    "meeting_beside(uuid)",
    "hold_with_siblings(uuid)",
)


def upgrade() -> None:
    """A shared meeting knows since when it is shared no more."""
    op.add_column(
        "sibling_shares",
        sa.Column(
            "parted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since then each meeting stands alone",
        ),
    )
    sql_files.run("0028_siblings.sql")


def downgrade() -> None:
    """Take it away."""
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION app.{name}")
    op.drop_column("sibling_shares", "parted_at")
