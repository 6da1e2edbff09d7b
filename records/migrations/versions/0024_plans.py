"""The individual plan beside the relay log, and families who move.

Which plan gathers a case, for which plan a consent was given, and what was offered to another municipality.
"""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from alembic import op

from records.migrations import sql_files

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PLANS = "'relay_log', 'individual_plan'"


STATES = "'prepared', 'offered', 'accepted', 'declined', 'lapsed', 'withdrawn'"


def _moment(name: str, *, null: bool = False) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _relocations() -> None:
    ties = {"municipality_id": "municipalities", "case_id": "cases", "offered_by_id": "practitioners"}
    listed = sa.dialects.postgresql.JSONB
    op.create_table(
        "relocations",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ties),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "receiver",
            sa.Text(),
            nullable=False,
            comment="the municipality the family moves to, and the service asked",
        ),
        sa.Column("moves_on", sa.Date(), nullable=True),
        sa.Column("parts", listed(), nullable=False, comment="what the family said may be handed over"),
        sa.Column(
            "agreed", listed(), nullable=False, comment="the guardians who said yes; null is the youth"
        ),
        _moment("offered_at"),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False, comment="who took the case there"),
        sa.Column("reference_there", sa.Text(), nullable=False, comment="the case's number there"),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("settled_at", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_relocations_state")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (state IN ('prepared', 'offered'))",
            name=op.f("ck_relocations_open_until_settled"),
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (taken_by <> '')", name=op.f("ck_relocations_taken_by_somebody")
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_relocations_{name}")
            for name, target in ties.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_relocations"),
    )
    op.create_index("ix_relocations_case_id", "relocations", ["case_id"])
    op.create_index(
        "uq_relocations_offered",
        "relocations",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'offered'"),
    )


def upgrade() -> None:
    """Every case that stands has its log, and every consent was given for it."""
    for table, name in (("cases", "plan_state"), ("consents", "plan")):
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default="relay_log"))
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
    _relocations()
    sql_files.run("0024_relocations.sql")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("relocations")
    for name in ("plan_coordinator_as", "plan_coordinator_id", "plan_since", "plan_state"):
        op.drop_column("cases", name)
    op.drop_column("consents", "plan")
