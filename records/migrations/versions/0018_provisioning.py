"""Staff by the identity provider, leavers, and school rosters: tables, and two ways in of their own."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ROLES = "'educator', 'health_nurse', 'counsellor', 'child_welfare_worker', 'unit_leader', 'coordinator', 'manager'"


def _id(name: str, *, null: bool = False) -> "sa.Column[sa.Uuid]":
    return sa.Column(name, sa.Uuid(), nullable=null)


def _text(name: str, *, null: bool = False) -> "sa.Column[sa.Text]":
    return sa.Column(name, sa.Text(), nullable=null)


def _moment(name: str, *, null: bool = False, comment: str | None = None) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null, comment=comment)


def _to(table: str, name: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}", **more)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _tokens() -> None:
    table = "provisioning_tokens"
    op.create_table(
        table,
        _id("id"),
        _id("municipality_id"),
        _text("token_hash"),
        _text("name"),
        _id("made_by_id"),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("revoked_at", null=True),
        _moment("used_at", null=True, comment="within a minute"),
        _to(table, "municipality_id", "municipalities"),
        _to(table, "made_by_id", "practitioners"),
        _key(table),
        sa.UniqueConstraint("token_hash", name=f"uq_{table}_token_hash"),
    )
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])


def _people() -> None:
    table = "provisioned_people"
    op.create_table(
        table,
        _id("id"),
        _id("municipality_id"),
        _id("practitioner_id"),
        _text("user_name"),
        _text("external_id", null=True),
        _text("given_name"),
        _text("family_name"),
        _text("display_name"),
        sa.Column(
            "language", sa.Text(), nullable=False, comment="as it was said, which need not be one we have"
        ),
        sa.Column("active", sa.Boolean(), nullable=True),
        _moment("made_at"),
        _moment("changed_at"),
        _moment("deleted_at", null=True),
        _to(table, "municipality_id", "municipalities"),
        _to(table, "practitioner_id", "practitioners"),
        _key(table),
        sa.UniqueConstraint(
            "municipality_id", "practitioner_id", name=f"uq_{table}_municipality_id_practitioner_id"
        ),
    )
    op.create_index(f"ix_{table}_practitioner_id", table, ["practitioner_id"])
    op.create_index(
        f"uq_{table}_user_name",
        table,
        ["municipality_id", "user_name"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def _groups() -> None:
    table = "provisioned_groups"
    op.create_table(
        table,
        _id("id"),
        _id("municipality_id"),
        _text("name"),
        _text("external_id", null=True),
        _id("service_id", null=True),
        _text("role", null=True),
        _moment("made_at"),
        _moment("changed_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f(f"ck_{table}_role")),
        sa.CheckConstraint("(service_id IS NULL) = (role IS NULL)", name=op.f(f"ck_{table}_stands_for_both")),
        _to(table, "municipality_id", "municipalities"),
        _to(table, "service_id", "services"),
        _key(table),
        sa.UniqueConstraint("municipality_id", "name", name=f"uq_{table}_municipality_id_name"),
    )
    table = "provisioned_members"
    op.create_table(
        table,
        _id("id"),
        _id("group_id"),
        _id("practitioner_id"),
        _id("assignment_id", null=True),
        _to(table, "group_id", "provisioned_groups", ondelete="CASCADE"),
        _to(table, "practitioner_id", "practitioners"),
        _to(table, "assignment_id", "assignments"),
        _key(table),
        sa.UniqueConstraint("group_id", "practitioner_id", name=f"uq_{table}_group_id_practitioner_id"),
    )
    for name in ("practitioner_id", "assignment_id"):
        op.create_index(f"ix_{table}_{name}", table, [name])


def _rosters() -> None:
    table = "roster_drafts"
    op.create_table(
        table,
        _id("id"),
        _id("municipality_id"),
        _id("made_by_id"),
        _moment("made_at"),
        _moment("expires_at"),
        sa.Column("cipher", sa.LargeBinary(), nullable=False, comment="encrypted by the application"),
        _to(table, "municipality_id", "municipalities"),
        _to(table, "made_by_id", "practitioners"),
        _key(table),
    )
    op.create_index(f"ix_{table}_made_by_id", table, ["made_by_id"])
    op.create_index(f"ix_{table}_expires_at", table, ["expires_at"])


def upgrade() -> None:
    """Make the tables and what reads and writes them."""
    _tokens()
    _people()
    _groups()
    _rosters()
    sql_files.run("0018_provisioning.sql")


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP OWNED BY stafetten_provisioning, stafetten_rosters CASCADE")
    op.execute("REVOKE DELETE ON attendances FROM stafetten_work")
    for name in (
        "pupils_gone()",
        "leavers()",
        "numbers_elsewhere(bytea[])",
        "shut_out(uuid, timestamptz)",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
    for table in ("provisioned_members", "provisioned_groups", "provisioned_people", "provisioning_tokens"):
        op.drop_table(table)
    op.drop_table("roster_drafts")
    for name in ("provisionable()", "provisioned_municipality()"):
        op.execute(f"DROP FUNCTION app.{name}")
