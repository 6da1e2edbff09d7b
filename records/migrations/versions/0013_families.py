"""The family's own door: who comes in by it, the codes that let them in, and what they say."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = "'view', 'question', 'reply', 'holder_wish', 'reader_objection', 'correction', 'complaint', 'closing_wish'"


def _moment(name: str, *, null: bool = False) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _to(table: str, column: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, **more)


def _members() -> None:
    op.create_table(
        "family_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("came_as", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "identity_index",
            sa.LargeBinary(),
            nullable=True,
            comment="keyed hash of the national number",
        ),
        _moment("joined_at"),
        sa.CheckConstraint("came_as IN ('guardian', 'youth')", name=op.f("ck_family_members_came_as")),
        sa.CheckConstraint("language IN ('nb', 'nn', 'en')", name=op.f("ck_family_members_language")),
        _to("family_members", "municipality_id", "municipalities"),
        sa.PrimaryKeyConstraint("id", name="pk_family_members"),
        sa.UniqueConstraint("identity_index", name="uq_family_members_identity_index"),
    )
    op.create_index("ix_family_members_municipality_id", "family_members", ["municipality_id"])


def _codes() -> None:
    op.create_table(
        "family_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("used_at", null=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        _to("family_codes", "municipality_id", "municipalities"),
        _to("family_codes", "child_id", "children", ondelete="CASCADE"),
        _to("family_codes", "guardian_id", "guardians"),
        _to("family_codes", "made_by_id", "practitioners"),
        sa.PrimaryKeyConstraint("id", name="pk_family_codes"),
        sa.UniqueConstraint("code_hash", name="uq_family_codes_code_hash"),
    )
    op.create_index("ix_family_codes_child_id", "family_codes", ["child_id"])


def _words() -> None:
    op.create_table(
        "family_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mood", sa.SmallInteger(), nullable=True, comment="1 good, 2 so-so, 3 bad"),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("for_guardians", sa.Boolean(), nullable=False),
        _moment("written_at"),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        _moment("answered_at", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_family_words_kind")),
        sa.CheckConstraint(
            "kind <> 'reply' OR entry_id IS NOT NULL", name=op.f("ck_family_words_reply_has_entry")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_family_words_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "mood IS NULL OR mood BETWEEN 1 AND 3", name=op.f("ck_family_words_mood_is_a_face")
        ),
        _to("family_words", "municipality_id", "municipalities"),
        _to("family_words", "case_id", "cases"),
        _to("family_words", "guardian_id", "guardians"),
        _to("family_words", "member_id", "family_members"),
        _to("family_words", "entry_id", "log_entries"),
        _to("family_words", "answered_by_id", "practitioners"),
        sa.PrimaryKeyConstraint("id", name="pk_family_words"),
    )
    op.create_index("ix_family_words_case", "family_words", ["case_id", "written_at"])
    op.create_index("ix_family_words_member_id", "family_words", ["member_id"])
    op.create_index("ix_family_words_entry_id", "family_words", ["entry_id"])
    op.create_index(
        "ix_family_words_waiting",
        "family_words",
        ["case_id"],
        postgresql_where=sa.text("answer_by IS NOT NULL AND answered_at IS NULL"),
    )


def _links() -> None:
    for table in ("children", "guardians", "sign_ins"):
        op.add_column(table, sa.Column("member_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(f"fk_{table}_member_id", table, "family_members", ["member_id"], ["id"])
        op.create_index(f"ix_{table}_member_id", table, ["member_id"])
    op.add_column("guardians", sa.Column("kept_out", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("guardians", "kept_out", server_default=None)
    op.add_column(
        "guardians",
        sa.Column(
            "identity_index", sa.LargeBinary(), nullable=True, comment="keyed hash of the national number"
        ),
    )
    op.create_index("ix_guardians_identity_index", "guardians", ["identity_index"])
    op.alter_column("sign_ins", "practitioner_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_sign_ins_one_person"), "sign_ins", "num_nonnulls(practitioner_id, member_id) = 1"
    )


def _drafts() -> None:
    """Drafts belong to whoever typed them, at work or of a family."""
    op.drop_constraint("fk_drafts_practitioner_id", "drafts")
    op.alter_column("drafts", "practitioner_id", new_column_name="owner_id")
    op.execute(
        "ALTER TABLE drafts RENAME CONSTRAINT uq_drafts_practitioner_id_form TO uq_drafts_owner_id_form"
    )


def upgrade() -> None:
    """Make the tables and the door."""
    _members()
    _codes()
    _words()
    _links()
    _drafts()
    sql_files.run("0013_families.sql")


def downgrade() -> None:
    """Take the door away, and whoever came in by it."""
    op.execute("DROP OWNED BY stafetten_family CASCADE")
    op.execute("DELETE FROM sign_ins WHERE member_id IS NOT NULL")
    op.execute("DELETE FROM drafts WHERE owner_id NOT IN (SELECT id FROM practitioners)")
    op.execute(
        "ALTER TABLE drafts RENAME CONSTRAINT uq_drafts_owner_id_form TO uq_drafts_practitioner_id_form"
    )
    op.alter_column("drafts", "owner_id", new_column_name="practitioner_id")
    op.create_foreign_key("fk_drafts_practitioner_id", "drafts", "practitioners", ["practitioner_id"], ["id"])
    op.drop_constraint(op.f("ck_sign_ins_one_person"), "sign_ins")
    op.alter_column("sign_ins", "practitioner_id", nullable=False)
    op.drop_table("family_words")
    op.drop_table("family_codes")
    op.drop_index("ix_guardians_identity_index", "guardians")
    op.drop_column("guardians", "identity_index")
    op.drop_column("guardians", "kept_out")
    for table in ("children", "guardians", "sign_ins"):
        op.drop_column(table, "member_id")
    op.drop_table("family_members")
    for name in (
        "family_readers(uuid, text[], integer)",
        "family_hidden(uuid)",
        "use_family_code(text, date, uuid, timestamptz)",
        "family_by_number(bytea, uuid, timestamptz)",
        "family_cases()",
        "own_cases()",
        "myself()",
        "my_guardianships()",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
