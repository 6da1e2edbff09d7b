"""What is hidden from the family has a day to be looked at again, and what came of each look is kept."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "hiding_reviews"
TIES = {
    "municipality_id": ("municipalities", False),
    "case_id": ("cases", False),
    "entry_id": ("log_entries", True),
    "attachment_id": ("attachments", True),
    "reviewed_by_id": ("practitioners", False),
}
HIDDEN = ("log_entries", "attachments")


def upgrade() -> None:
    """Make the table; then give what was hidden before a day and a deadline, and demand the day from now on."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=null) for name, (_, null) in TIES.items()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "former_reason", sa.Text(), nullable=False, comment="by which law it was hidden until then"
        ),
        sa.Column("former_until", sa.Date(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{TABLE}_{name}")
            for name, (target, _) in TIES.items()
        ),
        sa.CheckConstraint("state IN ('hidden', 'shown')", name=op.f(f"ck_{TABLE}_state")),
        sa.CheckConstraint(
            "(entry_id IS NULL) <> (attachment_id IS NULL)", name=op.f(f"ck_{TABLE}_of_one_thing")
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    for name in ("case_id", "entry_id", "attachment_id"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name])
    sql_files.run("0031_hidings.sql")
    sql_files.run("0031_hidden_before.sql")
    for table in HIDDEN:
        day = "for_family OR hidden_until IS NOT NULL"
        op.create_check_constraint(op.f(f"ck_{table}_hidden_has_day"), table, day)


def downgrade() -> None:
    """Ask nobody again: what is hidden stays so, with its reason and its day."""
    op.execute("DELETE FROM deadlines WHERE due = 'hiding'")
    op.drop_table(TABLE)
    for table in HIDDEN:
        op.drop_constraint(op.f(f"ck_{table}_hidden_has_day"), table)
        op.execute(f"DROP POLICY review ON {table}")
        op.execute(f"REVOKE UPDATE (for_family, hidden_reason, hidden_until) ON {table} FROM stafetten_staff")
    op.execute("DROP FUNCTION app.hiding_cases()")
