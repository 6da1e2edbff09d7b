"""Documents taken back by the family, and documents that go along when it moves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from records.migrations import sql_files

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "attachments"
BEFORE = {
    "family_with_a_word": "(member_id IS NULL) = (word_id IS NULL)",
    "taken_away_has_reason": "taken_away_at IS NULL OR (taken_away_by_id IS NOT NULL AND taken_away_why <> '')",
}
AFTER = {
    "family_with_a_word": "(member_id IS NULL) = (word_id IS NULL) OR (word_id IS NULL AND origin IS NOT NULL)",
    "taken_away_has_reason": f"{BEFORE['taken_away_has_reason']}"
    " OR (taken_away_by_id IS NULL AND member_id IS NOT NULL)",
}


def _hold_to(rules: dict[str, str]) -> None:
    for name, rule in rules.items():
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)


def upgrade() -> None:
    """Say for whom of the family a document is, where a copy came from, and which documents an offer holds."""
    op.add_column(TABLE, sa.Column("only_for_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(f"fk_{TABLE}_only_for_id", TABLE, "family_members", ["only_for_id"], ["id"])
    op.add_column(
        TABLE,
        sa.Column(
            "origin",
            JSONB(),
            nullable=True,
            comment="of a copy that came along: the municipality, who put it there, and when",
        ),
    )
    op.create_check_constraint(
        op.f(f"ck_{TABLE}_only_for_who_sent_it"), TABLE, "only_for_id IS NULL OR only_for_id = member_id"
    )
    _hold_to(AFTER)
    op.add_column(
        "relocations",
        sa.Column(
            "attachments",
            JSONB(),
            nullable=False,
            server_default="[]",
            comment="the documents the family said may go along",
        ),
    )
    sql_files.run("0032_papers.sql")


def downgrade() -> None:
    """Take it away; refused by the database while a document has been taken back or has come along."""
    for name in (
        "take_in_attachments(uuid, uuid, uuid[], timestamptz)",
        "attachments_along(uuid)",
        "may_go_along(uuid)",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
    for name in ("family", "family_put", "family_take_back"):
        op.execute(f"DROP POLICY {name} ON {TABLE}")
    op.execute(f"REVOKE UPDATE (content, taken_away_at, version) ON {TABLE} FROM stafetten_family")
    op.execute("REVOKE SELECT (archived_at) ON cases FROM stafetten_family")
    op.execute("DROP POLICY family ON log_entries")
    sql_files.policies("0013_families.sql", "family ON log_entries")
    sql_files.policies("0029_attachments.sql", "family ON attachments", "family_put ON attachments")
    _hold_to(BEFORE)
    op.drop_column("relocations", "attachments")
    op.drop_column(TABLE, "origin")
    op.drop_column(TABLE, "only_for_id")
