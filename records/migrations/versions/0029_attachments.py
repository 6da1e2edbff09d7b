"""Attachments in a case, and how far the malware scan has come with each."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE = "attachments"
KINDS = "'pdf', 'png', 'jpeg', 'webp', 'docx', 'odt', 'text'"
TIES = {
    "municipality_id": ("municipalities", False),
    "case_id": ("cases", False),
    "entry_id": ("log_entries", True),
    "word_id": ("family_words", True),
    "put_by_id": ("practitioners", True),
    "member_id": ("family_members", True),
    "taken_away_by_id": ("practitioners", True),
}
TEXTS = {
    "title": "what people call it; never a file's name",
    "kind": None,
    "digest": "SHA-256 of the content",
    "scan_state": None,
    "scanned_by": "the scanner and its signatures, as it names itself",
    "finding": "what the scanner calls what it found",
    "taken_away_why": None,
}
CHECKS = {
    "kind": f"kind IN ({KINDS})",
    "scan_state": "scan_state IN ('clean', 'infected', 'not_scanned')",
    "hidden_has_reason": "for_family OR hidden_reason IS NOT NULL",
    "put_by_one": "(put_by_id IS NULL) <> (member_id IS NULL)",
    "family_with_a_word": "(member_id IS NULL) = (word_id IS NULL)",
    "content_or_taken_away": "(content IS NULL) = (taken_away_at IS NOT NULL)",
    "taken_away_has_reason": "taken_away_at IS NULL OR (taken_away_by_id IS NOT NULL AND taken_away_why <> '')",
    "content_is_digest": "content IS NULL OR encode(sha256(content), 'hex') = digest",
    "content_has_size": "content IS NULL OR octet_length(content) = size",
}


def upgrade() -> None:
    """Make the table; a case counts what was ever put in it, so that its page need not ask where there is nothing."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=null) for name, (_, null) in TIES.items()),
        *(sa.Column(name, sa.Text(), nullable=False, comment=comment) for name, comment in TEXTS.items()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_family", sa.Boolean(), nullable=False),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
        sa.Column("hidden_until", sa.Date(), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{TABLE}_{name}")
            for name, (target, _) in TIES.items()
        ),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}")) for name, rule in CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    op.create_index(f"ix_{TABLE}_case", TABLE, ["case_id", "put_at"])
    op.create_index(f"ix_{TABLE}_entry_id", TABLE, ["entry_id"])
    op.create_index(f"ix_{TABLE}_word_id", TABLE, ["word_id"])
    op.create_index(
        f"ix_{TABLE}_scan", TABLE, ["put_at"], postgresql_where=sa.text("scan_state <> 'infected'")
    )
    op.add_column("cases", sa.Column("attachments", sa.Integer(), nullable=False, server_default="0"))
    sql_files.run("0029_attachments.sql")


def downgrade() -> None:
    """Take it away, with every attachment in it."""
    op.execute("DROP FUNCTION app.archive_attachments(uuid)")
    op.execute("DROP FUNCTION app.attachment_to_scan(uuid)")
    op.drop_column("cases", "attachments")
    op.drop_table(TABLE)
