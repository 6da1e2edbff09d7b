"""Absences and substitutes, cases that drift, and a holder the database itself insists on."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = (
    "'no_activity', 'long_at_level', 'evaluation_overdue', 'going_round', 'closed_without_outcome',"
    " 'invitation_ignored', 'baton_waiting', 'holder_away', 'consent_running_out'"
)


def upgrade() -> None:
    """Make the two tables, tie a substitute's part to the absence, and hold every open case to one holder."""
    _absences()
    _drifts()
    op.add_column("participations", sa.Column("absence_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_participations_absence_id_absences", "participations", "absences", ["absence_id"], ["id"]
    )
    op.create_index("ix_participations_absence_id", "participations", ["absence_id"])
    sql_files.run("0008_absences.sql")


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column(
            "note",
            sa.Text(),
            nullable=False,
            comment="a practical word to colleagues, never why somebody is away",
        ),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "begun_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when what follows from being away was carried out",
        ),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the person was back, by the calendar or earlier",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_absences_period")),
        sa.CheckConstraint("substitute_id <> practitioner_id", name=op.f("ck_absences_another")),
        *_keys("absences", "practitioner_id", "substitute_id", "registered_by_id"),
    )
    op.create_index(
        "ix_absences_standing",
        "absences",
        ["practitioner_id", "until_on"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_absences_substitute_id", "absences", ["substitute_id"])


def _drifts() -> None:
    op.create_table(
        "drifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snooze_reason", sa.Text(), nullable=False),
        sa.Column("snoozed_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_drifts_kind")),
        sa.CheckConstraint(
            "snoozed_until IS NULL OR snooze_reason <> ''", name=op.f("ck_drifts_snoozed_with_reason")
        ),
        *_keys("drifts", "owner_id", "snoozed_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_drifts_case_id_cases"),
    )
    pending = sa.text("settled_at IS NULL")
    op.create_index("uq_drifts_open", "drifts", ["case_id", "kind"], unique=True, postgresql_where=pending)
    op.create_index("ix_drifts_owner", "drifts", ["owner_id"], postgresql_where=pending)


def _keys(table: str, *people: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipalities.id"], name=f"fk_{table}_municipality_id_municipalities"
        ),
        *(
            sa.ForeignKeyConstraint([one], ["practitioners.id"], name=f"fk_{table}_{one}_practitioners")
            for one in people
        ),
    ]


def downgrade() -> None:
    """Take all of it away."""
    op.execute("DROP TRIGGER one_holder ON cases; DROP TRIGGER one_holder ON participations")
    op.execute("ALTER TABLE participations DROP CONSTRAINT uq_participations_holder")
    op.execute(
        "DROP FUNCTION app.one_holder(), app.hold_to_one(uuid), app.away_now(), app.leads(uuid),"
        " app.batons_in_my_units(date), app.batons_to_move(uuid), app.drift_overview(date, integer)"
    )
    op.drop_column("participations", "absence_id")
    op.drop_table("drifts")
    op.drop_table("absences")
