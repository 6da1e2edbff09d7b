"""Odd readings, when the trail was verified, anchors that can be counted anew, and the data protection officer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from records.migrations import sql_files

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LINKS = {
    "municipality_id": "municipalities",
    "reader_id": "practitioners",
    "child_id": "children",
    "passed_to_id": "practitioners",
    "answered_by_id": "practitioners",
    "judged_by_id": "practitioners",
}
DEMANDED = ("municipality_id", "reader_id")
SIGNS = (
    "no_relation", "same_name", "night", "many_in_hour", "many_in_day", "fishing", "closed_case", "failed_emergency",
)  # fmt: skip
STATES = ("found", "asked", "passed_on", "answered", "explained", "reported")
ROLES = (
    "educator", "health_nurse", "counsellor", "child_welfare_worker", "unit_leader", "coordinator", "manager",
    "administrator", "operator", "archivist",
)  # fmt: skip


def _in(name: str, codes: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(code) for code in codes)})"


def _moment(name: str, *, null: bool = False) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _roles(*roles: str) -> None:
    op.drop_constraint(op.f("ck_assignments_role"), "assignments", type_="check")
    op.create_check_constraint(op.f("ck_assignments_role"), "assignments", _in("role", roles))


def upgrade() -> None:
    """Make the tables and what reads and writes them."""
    _roles(*ROLES, "data_protection_officer")
    op.create_table(
        "odd_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name not in DEMANDED) for name in LINKS),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("entry_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        _moment("found_at"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it was explained or reported"),
        sa.Column("question", sa.Text(), nullable=False, comment="what the reader or the leader is asked"),
        *(_moment(name, null=True) for name in ("asked_at", "answered_at", "judged_at")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(_in("sign", SIGNS), name=op.f("ck_odd_readings_sign")),
        sa.CheckConstraint(_in("state", STATES), name=op.f("ck_odd_readings_state")),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_odd_readings_{name}")
            for name, target in LINKS.items()
        ),
        sa.UniqueConstraint("reader_id", "sign", "day", "file_id", name="uq_odd_readings_once"),
        sa.PrimaryKeyConstraint("id", name="pk_odd_readings"),
    )
    op.create_index("ix_odd_readings_town", "odd_readings", ["municipality_id", "day"])
    op.create_index("ix_odd_readings_passed_to_id", "odd_readings", ["passed_to_id"])
    _checks()
    op.create_index("ix_audit_at", "audit", ["municipality_id", "at"])
    said = "the heads are those of the entries up to here; null in anchors made before 0021"
    op.add_column(
        "audit_anchors", sa.Column("until", sa.DateTime(timezone=True), nullable=True, comment=said)
    )
    sql_files.run("0021_readings.sql")


def _checks() -> None:
    op.create_table(
        "trail_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        _moment("checked_at"),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("files", "faults", "anchors", "broken_anchors")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name="fk_trail_checks_municipality_id"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["practitioners.id"], name="fk_trail_checks_asked_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_trail_checks"),
    )
    op.create_index("ix_trail_checks", "trail_checks", ["municipality_id", "checked_at"])


def downgrade() -> None:
    """Take it away; whoever was data protection officer holds no role here any more."""
    op.execute("DROP POLICY count ON broken_glasses")
    op.execute("DROP POLICY officer ON audit_anchors")
    op.execute(
        "REVOKE SELECT (municipality_id, day, files, until, made_at) ON audit_anchors FROM stafetten_staff"
    )
    op.execute(
        "REVOKE SELECT (id, municipality_id, opened_at, verdict) ON broken_glasses FROM stafetten_work"
    )
    op.drop_table("trail_checks")
    op.drop_table("odd_readings")
    for name in (
        "listed_readings()",
        "odd_looks(uuid)",
        "visible_readings()",
        "answer_reading(uuid, text, text, timestamptz)",
        "choose_reading_limits(uuid, jsonb)",
        "access_log(uuid, uuid, timestamptz, timestamptz, text[], uuid, integer)",
        "child_by_number(bytea)",
        "child_by_name(text, text, date)",
        "child_by_case(text)",
        "child_in_log(uuid)",
        "looks(timestamptz, timestamptz, text[])",
        "was_in_case(uuid, uuid, timestamptz)",
        "was_related(uuid, uuid, timestamptz)",
        "files_of_child(uuid)",
        "child_of_file(uuid)",
        "file_name(uuid)",
        "reason_facts(uuid, uuid)",
        "case_by_number(text)",
        "family_code_tried(text)",
        "askable_cases()",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
    op.drop_column("audit_anchors", "until")
    op.drop_index("ix_audit_at", "audit")
    op.execute("DELETE FROM assignments WHERE role = 'data_protection_officer'")
    _roles(*ROLES)
