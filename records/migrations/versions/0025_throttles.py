"""Wrong guesses at the door, counted; and when somebody signed in last proved who they are."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and what counts in it."""
    op.create_table(
        "tries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tries"),
        sa.UniqueConstraint("place", name="uq_tries_place"),
    )
    op.create_table(
        "forgotten_trails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name="fk_forgotten_trails_municipality_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_forgotten_trails"),
    )
    op.create_index("ix_forgotten_trails_municipality_id", "forgotten_trails", ["municipality_id"])
    proved = sa.Column(
        "proved_at",
        sa.DateTime(timezone=True),
        nullable=True,
        comment="last proved who it is since it began",
    )
    op.add_column("sign_ins", proved)
    sql_files.run("0025_throttles.sql")


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP FUNCTION app.wait_for(bytea, timestamptz, integer, interval)")
    op.execute("DROP FUNCTION app.count_try(uuid, text, bytea, timestamptz, interval)")
    op.drop_column("sign_ins", "proved_at")
    op.drop_table("tries")
    op.execute("DROP FUNCTION app.forget_trails(uuid, timestamptz, integer, integer)")
    op.drop_table("forgotten_trails")
