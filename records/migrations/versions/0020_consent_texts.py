"""Consent texts in a municipality's own words, and what was read before each answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from records.migrations import sql_files

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = "IN ('service', 'log', 'youth', 'adult')"


def _words(name: str, *, comment: str | None = None, empty: bool = False) -> "sa.Column[sa.Text]":
    default = "" if empty else None
    return sa.Column(name, sa.Text(), nullable=False, comment=comment, server_default=default)


def _link(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}")


def upgrade() -> None:
    """Answers given before this keep standing; what was read then is not known."""
    _own_texts()
    _readings()
    op.alter_column("consents", "language", existing_type=sa.Text(), comment="the language it was given in")
    op.alter_column(
        "consents",
        "text_version",
        existing_type=sa.Text(),
        comment="of the text that was read; see consent_readings",
    )
    op.add_column("consents", sa.Column("text_kind", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_consents_text_kind"), "consents", f"text_kind {KINDS}")
    comment = "SHA-256 of every word that was read"
    op.add_column("consents", _words("text_digest", comment=comment, empty=True))
    comment = "who interpreted, or who spoke the language"
    op.add_column("consents", _words("interpreter", comment=comment, empty=True))
    comment = "asked anew while the old answer stands"
    op.add_column(
        "consents", sa.Column("asked_anew_at", sa.DateTime(timezone=True), nullable=True, comment=comment)
    )
    for column in ("text_digest", "interpreter"):
        op.alter_column("consents", column, server_default=None)
    sql_files.run("0020_consent_texts.sql")


def _own_texts() -> None:
    op.create_table(
        "consent_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        _words("kind"),
        _words("language"),
        sa.Column("number", sa.Integer(), nullable=False),
        _words("state"),
        sa.Column("wording", postgresql.JSONB(), nullable=False),
        _words("based_on", comment="the version of the common text it was written from"),
        _words("proofread_by", comment="the native speaker who has read it; empty when none has"),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind {KINDS}", name=op.f("ck_consent_texts_kind")),
        sa.CheckConstraint("state IN ('published', 'retired')", name=op.f("ck_consent_texts_state")),
        _link("consent_texts", "municipality_id", "municipalities"),
        _link("consent_texts", "written_by_id", "practitioners"),
        sa.PrimaryKeyConstraint("id", name="pk_consent_texts"),
        sa.UniqueConstraint(
            "municipality_id",
            "kind",
            "language",
            "number",
            name="uq_consent_texts_municipality_id_kind_language_number",
        ),
    )
    op.create_index(
        "uq_consent_texts_published",
        "consent_texts",
        ["municipality_id", "kind", "language"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )


def _readings() -> None:
    op.create_table(
        "consent_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        _words("answer"),
        _words("kind"),
        _words("text_version"),
        _words("language", comment="the language it was given in"),
        _words("digest", comment="SHA-256 of every word of it"),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        _words("channel"),
        _words("interpreter", comment="who interpreted, or who spoke the language"),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        _words("witness"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('given', 'limited', 'declined', 'renewed')", name=op.f("ck_consent_readings_answer")
        ),
        sa.CheckConstraint(f"kind {KINDS}", name=op.f("ck_consent_readings_kind")),
        sa.CheckConstraint(
            "channel IN ('portal', 'paper', 'oral')", name=op.f("ck_consent_readings_channel")
        ),
        _link("consent_readings", "municipality_id", "municipalities"),
        _link("consent_readings", "case_id", "cases"),
        _link("consent_readings", "consent_id", "consents"),
        _link("consent_readings", "received_by_id", "practitioners"),
        sa.PrimaryKeyConstraint("id", name="pk_consent_readings"),
    )
    for name in ("case_id", "consent_id"):
        op.create_index(f"ix_consent_readings_{name}", "consent_readings", [name])


def downgrade() -> None:
    """Take the texts away; the answers stay."""
    for name in (
        "asked_anew(uuid)",
        "place_hidden_from(uuid, uuid)",
        "place_hidden_from_me(uuid)",
        "is_protected(uuid)",
        "protect_child(uuid, boolean)",
    ):
        op.execute(f"DROP FUNCTION app.{name}")
    op.execute("REVOKE EXECUTE ON FUNCTION app.end_unreached(uuid, uuid, timestamptz) FROM stafetten_work")
    op.drop_table("consent_readings")
    op.drop_table("consent_texts")
    for column in ("asked_anew_at", "interpreter", "text_digest", "text_kind"):
        op.drop_column("consents", column)
    for column in ("language", "text_version"):
        op.alter_column("consents", column, existing_type=sa.Text(), comment=None)
