"""The individual plan beside the relay log: which plan gathers a case, and for which plan a consent was given."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PLANS = "'relay_log', 'individual_plan'"


def upgrade() -> None:
    """Every case that stands has its log, and every consent was given for it."""
    for table, name in (("cases", "plan_state"), ("consents", "plan")):
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default="relay_log"))
        op.alter_column(table, name, server_default=None)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{name} IN ({PLANS})")
    op.add_column("cases", sa.Column("plan_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("plan_coordinator_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_cases_plan_coordinator_id", "cases", "practitioners", ["plan_coordinator_id"], ["id"]
    )
    op.add_column("cases", sa.Column("plan_coordinator_as", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_cases_plan_coordinator_as"),
        "cases",
        "plan_coordinator_as IN ('plan_coordinator', 'child_coordinator')",
    )
    op.execute(
        "GRANT SELECT (plan_state, plan_since, plan_coordinator_id, plan_coordinator_as) ON cases"
        " TO stafetten_family"
    )


def downgrade() -> None:
    """Take it away."""
    for name in ("plan_coordinator_as", "plan_coordinator_id", "plan_since", "plan_state"):
        op.drop_column("cases", name)
    op.drop_column("consents", "plan")
