"""Emergency reads: who, whom, why, until when, and what the leader found afterwards."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LINKS = {
    "municipality_id": "municipalities",
    "practitioner_id": "practitioners",
    "service_id": "services",
    "child_id": "children",
    "case_id": "cases",
    "reviewed_by_id": "practitioners",
}


def _moment(name: str, *, null: bool = False) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def upgrade() -> None:
    """Make the table and what reads and writes it."""
    op.create_table(
        "broken_glasses",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name in ("case_id", "reviewed_by_id")) for name in LINKS),
        sa.Column("emergency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("opened_at"),
        _moment("closes_at"),
        sa.Column("review_by", sa.Date(), nullable=False),
        _moment("reviewed_at", null=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "emergency IN ('in_danger', 'found_alone', 'police_asked', 'needs_place')",
            name=op.f("ck_broken_glasses_emergency"),
        ),
        sa.CheckConstraint(
            "verdict IN ('justified', 'not_justified')", name=op.f("ck_broken_glasses_verdict")
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (verdict IS NULL)", name=op.f("ck_broken_glasses_reviewed_with_verdict")
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_broken_glasses_{name}")
            for name, target in LINKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_broken_glasses"),
    )
    for name in ("municipality_id", "practitioner_id", "child_id"):
        op.create_index(f"ix_broken_glasses_{name}", "broken_glasses", [name])
    op.create_index(
        "ix_broken_glasses_unreviewed",
        "broken_glasses",
        ["service_id"],
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )
    sql_files.run("0015_break_glass.sql")


def downgrade() -> None:
    """Take it away."""
    for name in (
        "review_glass(uuid, text, text, timestamptz)",
        "broken_glasses()",
        "behind_glass(uuid, timestamptz)",
        "break_glass(uuid, text, text, date, text, text, timestamptz, timestamptz, date)",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
    op.drop_table("broken_glasses")
