"""Siblings' meetings that part, worries on hold, and a column nobody read."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

FUNCTIONS = (
    "choose_advice_limits(uuid, jsonb)",
    "held_signals(uuid)",
    "called_in_both(uuid, uuid)",
    "seats_beside(uuid, uuid)",
    "same_person(attendances, attendances)",
    "parted_meetings(uuid)",
    "part_meetings(uuid, timestamptz)",
    "meeting_beside(uuid)",
    "hold_with_siblings(uuid)",
)

COUNTED_BY = """
REVOKE ALL ON FUNCTION app.count_try(uuid, text, bytea, timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.count_try(uuid, text, bytea, timestamptz, interval) TO stafetten_door, stafetten_staff;
"""


def _signal_holds() -> None:
    table = "signal_holds"
    ties = {
        "municipality_id": "municipalities",
        "signal_id": "signals",
        "set_by_id": "practitioners",
        "lifted_by_id": "practitioners",
    }
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name == "lifted_by_id") for name in ties),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("ground", "reason", "lift_reason")),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('complaint', 'access_request', 'supervision', 'court')",
            name=op.f(f"ck_{table}_ground"),
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f(f"ck_{table}_lifted_by_somebody")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{target}.id"],
                name=f"fk_{table}_{name}",
                ondelete="CASCADE" if target == "signals" else None,
            )
            for name, target in ties.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    for name in ("municipality_id", "signal_id"):
        op.create_index(f"ix_{table}_{name}", table, [name])
    standing = sa.text("lifted_at IS NULL")
    op.create_index(f"ix_{table}_standing", table, ["signal_id"], postgresql_where=standing)


def upgrade() -> None:
    """A shared meeting knows since when it is shared no more; a worry can be kept whatever its term."""
    op.add_column(
        "sibling_shares",
        sa.Column(
            "parted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since then each meeting stands alone",
        ),
    )
    _signal_holds()
    op.execute("DROP FUNCTION app.count_try(uuid, text, bytea, timestamptz, interval)")
    op.drop_column("tries", "kind")
    sql_files.run("0028_siblings.sql")


def downgrade() -> None:
    """Take it away."""
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION app.{name}")
    op.execute("DROP POLICY jobs ON sibling_shares")
    op.execute("REVOKE SELECT ON sibling_shares FROM stafetten_work")
    op.drop_column("sibling_shares", "parted_at")
    sql_files.restore("0017_retention.sql", "may_go", "expired")
    op.drop_table("signal_holds")
    op.execute("DROP FUNCTION app.count_try(uuid, bytea, timestamptz, interval)")
    op.add_column("tries", sa.Column("kind", sa.Text(), nullable=False, server_default=""))
    op.alter_column("tries", "kind", server_default=None)
    sql_files.restore("0025_throttles.sql", "count_try")
    op.execute(COUNTED_BY)
