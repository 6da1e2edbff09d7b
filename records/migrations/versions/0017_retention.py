"""Packages for the archive, holds, and what was deleted when; the archivist comes to work."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = (
    "'case', 'signal', 'package', 'notice', 'emergency_read', 'trail', 'family_code', 'calendar_feed', 'sign_in', "
    "'done_act', 'outgoing', 'draft'"
)
ROLES = (
    "'educator', 'health_nurse', 'counsellor', 'child_welfare_worker', 'unit_leader', 'coordinator', 'manager', "
    "'administrator', 'operator'"
)

REFUSE = """
CREATE OR REPLACE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is only added to' USING ERRCODE = '42501';
END
$$
"""


def _id(name: str, *, null: bool = False) -> "sa.Column[sa.Uuid]":
    return sa.Column(name, sa.Uuid(), nullable=null)


def _text(name: str, *, null: bool = False, comment: str | None = None) -> "sa.Column[sa.Text]":
    return sa.Column(name, sa.Text(), nullable=null, comment=comment)


def _moment(name: str, *, null: bool = False) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _links(table: str, links: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}")
        for name, target in links.items()
    ]


def _deliveries() -> None:
    table = "archive_deliveries"
    links = {
        "municipality_id": "municipalities",
        "case_id": "cases",
        "archive_id": "archive_packages",
        "unit_id": "services",
        "taken_over_by_id": "practitioners",
    }
    op.create_table(
        table,
        _id("id"),
        *(_id(name, null=name == "taken_over_by_id") for name in links),
        _text("number"),
        _moment("closed_at"),
        _moment("made_at"),
        sa.Column("package", sa.LargeBinary(), nullable=True, comment="the zip"),
        _text("package_digest", null=True, comment="SHA-256 of the zip"),
        _moment("packed_at", null=True),
        _moment("taken_over_at", null=True),
        _text("archive_reference", comment="what the archive calls it"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "packed_at IS NULL OR package_digest IS NOT NULL", name=op.f(f"ck_{table}_packed_has_digest")
        ),
        sa.CheckConstraint(
            "taken_over_at IS NULL OR archive_reference <> ''",
            name=op.f(f"ck_{table}_taken_over_has_reference"),
        ),
        *_links(table, links),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_case_id", table, ["case_id"])
    op.create_index(
        f"ix_{table}_waiting",
        table,
        ["municipality_id"],
        postgresql_where=sa.text("taken_over_at IS NULL"),
    )


def _holds() -> None:
    table = "retention_holds"
    links = {
        "municipality_id": "municipalities",
        "case_id": "cases",
        "set_by_id": "practitioners",
        "lifted_by_id": "practitioners",
    }
    op.create_table(
        table,
        _id("id"),
        *(_id(name, null=name == "lifted_by_id") for name in links),
        _text("number", comment="the case's number, for those who do not see the case"),
        _text("ground"),
        _text("reason"),
        _moment("set_at"),
        _moment("lifted_at", null=True),
        _text("lift_reason"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('complaint', 'access_request', 'supervision', 'court')",
            name=op.f(f"ck_{table}_ground"),
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f(f"ck_{table}_lifted_by_somebody")
        ),
        *_links(table, links),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])
    op.create_index(f"ix_{table}_standing", table, ["case_id"], postgresql_where=sa.text("lifted_at IS NULL"))


def _counts() -> None:
    table = "retention_counts"
    op.create_table(
        table,
        _id("id"),
        _id("municipality_id", null=True),
        sa.Column("day", sa.Date(), nullable=False),
        _text("kind"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("source", comment="the rule it was deleted by"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f(f"ck_{table}_kind")),
        *_links(table, {"municipality_id": "municipalities"}),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_day", table, ["municipality_id", "day"])


def _roles(known: str) -> None:
    op.drop_constraint(op.f("ck_assignments_role"), "assignments")
    op.create_check_constraint(op.f("ck_assignments_role"), "assignments", f"role IN ({known})")


def upgrade() -> None:
    """Make the tables, let archivists in, and write the only way a case can go."""
    _deliveries()
    _holds()
    _counts()
    _roles(f"{ROLES}, 'archivist'")
    sql_files.run("0017_retention.sql")


def downgrade() -> None:
    """Take it away."""
    for name in (
        "archive_copy(uuid)",
        "archived_case(text, uuid)",
        "choose_term(uuid, text, integer)",
        "retention_forecast(uuid, timestamptz, jsonb)",
        "forget_case(uuid)",
        "forget_trails(uuid, timestamptz, integer, integer)",
        "expired(uuid, text, timestamptz, integer)",
        "may_go(uuid)",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
    op.execute(REFUSE)
    for name in ("archive_packages", "broken_glasses", "family_codes", "calendar_feeds"):
        op.execute(f"DROP POLICY jobs ON {name}")
    for name in ("retention_counts", "retention_holds", "archive_deliveries"):
        op.drop_table(name)
    _roles(ROLES)
