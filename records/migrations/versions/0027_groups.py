"""Files about a child not yet born, and about a group in which no single child is named."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CHECKS = {
    "kind": "kind IN ('child', 'unborn', 'ended', 'group')",
    "only_groups_have_no_day": "(kind = 'group') = (born_on IS NULL)",
    "only_the_born_have_numbers": (
        "kind = 'child' OR (identity_index IS NULL AND identity_cipher IS NULL AND member_id IS NULL)"
    ),
}
_BARRED = "AND k.id <> ALL (app.barred_children())"
# What each function says until now, and from now on. The rest of it stands.
EDITS = (
    # A group has nobody to ask, and nothing about anybody to ask for.
    (
        "consent_reaches(uuid, uuid)",
        "SELECT count(*) > 0 AND bool_and(yes) FROM answered",
        "SELECT CASE WHEN count(*) > 0 THEN bool_and(yes) ELSE EXISTS (SELECT 1 FROM cases c JOIN children k"
        " ON k.id = c.child_id WHERE c.id = wanted AND k.kind = 'group') END FROM answered",
    ),
    ("search_children(text, integer)", _BARRED, f"{_BARRED} AND k.kind <> 'ended'"),
    (
        "use_family_code(text, date, uuid, timestamptz)",
        "child.born_on <> born",
        "child.born_on IS DISTINCT FROM born",
    ),
    (
        "break_glass(uuid, text, text, date, text, text, timestamptz, timestamptz, date)",
        "k.born_on = born",
        "k.born_on = born AND k.kind = 'child'",
    ),
    (
        "children_not_asked(timestamptz, timestamptz)",
        "WHERE v.why_not <> ''",
        "WHERE v.case_id NOT IN (SELECT c.id FROM cases c WHERE c.child_id = ANY (app.groups())) AND v.why_not <> ''",
    ),
    (
        "take_in_child(uuid, uuid[])",
        "WHERE k.municipality_id = unit.municipality_id",
        "WHERE k.kind = child.kind AND k.municipality_id = unit.municipality_id",
    ),
    ("take_in_child(uuid, uuid[])", "INSERT INTO children (id,", "INSERT INTO children (kind, id,"),
    ("take_in_child(uuid, uuid[])", "VALUES (known,", "VALUES (child.kind, known,"),
)


def _edit(function: str, before: str, after: str) -> None:
    run = op.get_bind().exec_driver_sql
    known = run(f"SELECT pg_get_functiondef('app.{function}'::regprocedure)").scalar_one()
    if before not in known:
        raise ValueError(f"app.{function} does not say {before!r}")
    run(known.replace(before, after, 1).replace("%", "%%"))


def upgrade() -> None:
    """Everybody registered until now is a child or a youth."""
    op.add_column("children", sa.Column("kind", sa.Text(), nullable=False, server_default="child"))
    op.alter_column("children", "born_on", existing_type=sa.Date(), nullable=True)
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_children_{name}"), "children", check)
    sql_files.run("0027_groups.sql")
    for function, before, after in EDITS:
        _edit(function, before, after)


def downgrade() -> None:
    """Take it away; refused by the database while a file is about somebody without a day of birth."""
    for function, before, after in EDITS:
        _edit(function, after, before)
    for table in ("children", "guardians", "family_codes"):
        op.execute(f"DROP TRIGGER about ON {table}")
    op.execute(
        "DROP FUNCTION app.check_kind(), app.check_family(), app.groups(), app.drop_family_letters(uuid)"
    )
    op.execute("DROP FUNCTION app.age_of_ward(uuid)")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_children_{name}"), "children")
    op.execute("REVOKE SELECT (kind) ON children FROM stafetten_family")
    op.drop_column("children", "kind")
    op.alter_column("children", "born_on", existing_type=sa.Date(), nullable=False)
