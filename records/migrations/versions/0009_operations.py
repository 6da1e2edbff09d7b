"""Operations: signs of life, how Prefect's flows stand, what operators did, and who changed a case meanwhile."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _moment(name: str, *, null: bool = True, comment: str | None = None) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null, comment=comment)


def upgrade() -> None:
    """Make the three tables and what reads them."""
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="mail, sms, inbox, prefect, oidc, trail, courier, worker",
        ),
        sa.Column("place", sa.Text(), nullable=False, comment="which process, when there are several"),
        _moment("succeeded_at"),
        _moment("failed_at"),
        sa.Column("code", sa.Text(), nullable=True, comment="why it failed: a code, never a message"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("name", "place", name="uq_contacts_name_place"),
    )
    op.create_table(
        "flow_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        _moment("oldest_at", comment="since when the oldest has run or waited"),
        _moment("succeeded_at"),
        _moment("failed_at"),
        sa.Column("failure", sa.Text(), nullable=True, comment="the exception's class alone"),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        _moment("reported_at", null=False),
        sa.PrimaryKeyConstraint("id", name="pk_flow_reports"),
        sa.UniqueConstraint("flow", name="uq_flow_reports_flow"),
    )
    op.create_table(
        "operator_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("flow", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        _moment("asked_at", null=False),
        _moment("done_at"),
        sa.CheckConstraint(
            "kind IN ('again', 'skip', 'resend', 'pause', 'resume')", name=op.f("ck_operator_acts_kind")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name="fk_operator_acts_municipality_id_municipalities"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["practitioners.id"], name="fk_operator_acts_asked_by_id_practitioners"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_operator_acts"),
    )
    op.create_index("ix_operator_acts_asked_at", "operator_acts", ["asked_at"])
    sql_files.run("0009_operations.sql")


def downgrade() -> None:
    """Take everything away again."""
    op.execute("DROP POLICY operate ON outbox")
    op.execute("REVOKE SELECT, UPDATE ON outbox FROM stafetten_staff")
    op.execute("DROP TABLE operator_acts, flow_reports, contacts")
    op.execute(
        "DROP FUNCTION app.machinery(), app.letters_given_up(integer), app.write_letter_again(uuid),"
        " app.is_operator()"
    )
