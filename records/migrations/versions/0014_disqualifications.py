"""Who steps aside from a child's files, by which tie, and how that was assessed."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bars that stand already were decided; whoever was barred stays so."""
    op.add_column("bars", sa.Column("state", sa.Text(), nullable=False, server_default="barred"))
    op.add_column("bars", sa.Column("tie", sa.Text(), nullable=False, server_default="other"))
    op.add_column(
        "bars",
        sa.Column(
            "assessment",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="why it was upheld or cleared",
        ),
    )
    op.add_column("bars", sa.Column("assessed_by_id", sa.Uuid(), nullable=True))
    op.add_column("bars", sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bars", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_foreign_key("fk_bars_assessed_by_id", "bars", "practitioners", ["assessed_by_id"], ["id"])
    op.create_check_constraint(op.f("ck_bars_state"), "bars", "state IN ('barred', 'cleared', 'declared')")
    op.create_check_constraint(
        op.f("ck_bars_tie"),
        "bars",
        "tie IN ('family', 'guardian', 'party', 'friend', 'conflict', 'other', 'leader')",
    )
    sql_files.run("0014_disqualifications.sql")


def downgrade() -> None:
    """Take the assessing away; who is kept away stays so."""
    op.execute("DROP POLICY scope ON notices")
    op.execute(
        "CREATE POLICY scope ON notices FOR SELECT TO stafetten_staff USING (practitioner_id = (SELECT app.actor_id())"
        " OR case_id = ANY ((SELECT app.visible_cases())::uuid[]))"
    )
    op.execute("DROP FUNCTION app.barred_cases()")
    op.execute("DROP FUNCTION app.is_barred_from_case(uuid, uuid)")
    op.execute("DROP FUNCTION app.assess_disqualification(uuid, text, text, timestamptz)")
    op.execute("DROP FUNCTION app.disqualifications()")
    op.execute("DROP FUNCTION app.bar(uuid, uuid, uuid, text, text, timestamptz)")
    for column in ("version", "assessed_at", "assessed_by_id", "assessment", "tie", "state"):
        op.drop_column("bars", column)
