"""Families who move within the house: the unit that is asked, what came along, a register for each municipality."""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from alembic import op

from records.migrations import sql_files

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSONB = sa.dialects.postgresql.JSONB
NUMBERS = """
CREATE FUNCTION app.numbers_elsewhere(wanted bytea[]) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.identity_index FROM children k
  WHERE k.identity_index = ANY (wanted)
    AND k.municipality_id <> ALL (app.municipalities_as('administrator'))
$$;
REVOKE ALL ON FUNCTION app.numbers_elsewhere(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.numbers_elsewhere(bytea[]) TO stafetten_rosters;
"""


def _arrivals() -> None:
    table = "arrivals"
    ties = {"municipality_id": "municipalities", "case_id": "cases", "taken_in_by_id": "practitioners"}
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ties),
        sa.Column("pack", JSONB(), nullable=False, comment="what the family said may be handed over"),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}")
            for name, target in ties.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_case_id", table, ["case_id"])


def _asked_here() -> None:
    table = "relocations"
    op.add_column(table, sa.Column("to_unit_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(f"fk_{table}_to_unit_id", table, "services", ["to_unit_id"], ["id"])
    op.create_index(f"ix_{table}_to_unit_id", table, ["to_unit_id"])
    op.add_column(
        table,
        sa.Column(
            "pack", JSONB(), nullable=True, comment="what a unit of this house is shown; gone when settled"
        ),
    )
    op.create_check_constraint(
        op.f(f"ck_{table}_pack_until_settled"),
        table,
        "pack IS NULL OR (to_unit_id IS NOT NULL AND settled_at IS NULL)",
    )


def upgrade() -> None:
    """One child may stand in the registers of two municipalities; what it brings is the second one's own."""
    op.drop_constraint("uq_children_identity_index", "children")
    op.create_unique_constraint(
        "uq_children_municipality_id_identity_index", "children", ["municipality_id", "identity_index"]
    )
    op.create_index("ix_children_identity_index", "children", ["identity_index"])
    op.add_column(
        "cases",
        sa.Column(
            "came_from",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="the municipality the family moved from; empty for all others",
        ),
    )
    _asked_here()
    _arrivals()
    sql_files.run("0026_arrivals.sql")


def downgrade() -> None:
    """Take it away; refused by the database while a child stands in two registers."""
    for name in ("take_in_child(uuid, uuid[])", "same_guardian(guardians, guardians)"):
        op.execute(f"DROP FUNCTION app.{name}")
    op.execute("DROP POLICY asked ON relocations")
    op.execute("DROP FUNCTION app.offers_here()")
    op.drop_table("arrivals")
    op.drop_column("relocations", "pack")
    op.drop_column("relocations", "to_unit_id")
    op.drop_column("cases", "came_from")
    op.drop_index("ix_children_identity_index", "children")
    op.drop_constraint("uq_children_municipality_id_identity_index", "children")
    op.create_unique_constraint("uq_children_identity_index", "children", ["identity_index"])
    op.execute(NUMBERS)
