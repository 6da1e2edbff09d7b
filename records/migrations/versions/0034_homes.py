"""Where people live, as hashes: who may be tied to a family, and who reads a neighbour's file."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WHOSE = {"practitioner_id": "practitioners", "child_id": "children", "guardian_id": "guardians"}
SIGNS = (
    *(
        "no_relation",
        "same_name",
        "neighbour",
        "night",
        "many_in_hour",
        "many_in_day",
        "fishing",
        "closed_case",
    ),
    "failed_emergency",
)


def _signs(*allowed: str) -> None:
    listed = ", ".join(f"'{one}'" for one in allowed)
    op.drop_constraint(op.f("ck_odd_readings_sign"), "odd_readings")
    op.create_check_constraint(op.f("ck_odd_readings_sign"), "odd_readings", f"sign IN ({listed})")


def upgrade() -> None:
    """Make the table, say who is tied by what, and let the nightly look know neighbours."""
    op.create_table(
        "homes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in WHOSE),
        sa.Column(
            "house", sa.LargeBinary(), nullable=True, comment="keyed hash of road, number and postal code"
        ),
        sa.Column("road", sa.LargeBinary(), nullable=False, comment="keyed hash of road and postal code"),
        sa.CheckConstraint(
            "num_nonnulls(practitioner_id, child_id, guardian_id) = 1", name=op.f("ck_homes_of_one")
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipalities.id"], name="fk_homes_municipality_id"),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_homes_{name}", ondelete="CASCADE")
            for name, table in WHOSE.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_homes"),
    )
    op.create_index("ix_homes_municipality_id", "homes", ["municipality_id"])
    for name in WHOSE:
        op.create_index(f"uq_homes_{name}", "homes", [name], unique=True)
    _signs(*SIGNS)
    sql_files.run("0034_homes.sql")


def downgrade() -> None:
    """Take it away."""
    op.execute("GRANT SELECT ON drafts TO stafetten_work")
    op.execute("DROP FUNCTION app.tie_signs(uuid, uuid), app.own_number(text)")
    op.execute("DROP FUNCTION app.looks(timestamptz, timestamptz, text[])")
    sql_files.restore("0021_readings.sql", "looks")
    op.execute("REVOKE ALL ON FUNCTION app.looks(timestamptz, timestamptz, text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.looks(timestamptz, timestamptz, text[]) TO stafetten_work")
    op.execute("DROP FUNCTION app.shares_name(uuid, uuid), app.shares_road(uuid, uuid)")
    op.drop_table("homes")
    op.execute("DELETE FROM odd_readings WHERE sign = 'neighbour'")
    _signs(*(one for one in SIGNS if one != "neighbour"))
