"""Questions asked without a child, their answers, and what was learnt from them."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AGES = "age_band IN ('baby', 'toddler', 'preschool', 'primary', 'middle', 'youth', 'several')"
SECTORS = "sector IN ('school', 'kindergarten', 'health_station', 'culture')"
THEMES = (
    "theme IN ('wellbeing', 'friends', 'absence', 'learning', 'concentration', 'food_and_sleep', 'home',"
    " 'body_and_health', 'substances', 'other')"
)
STATES = "state IN ('asked', 'taken', 'answered', 'closed', 'withdrawn')"
KNOWLEDGE_STATES = "knowledge_state IN ('unproposed', 'proposed', 'kept', 'declined')"
KINDS = "kind IN ('question', 'answer', 'follow_up', 'thanks')"
ALONE = {"deadlines": "signal_id", "notices": "guardian_id"}


def _id(name: str, *, null: bool = False) -> "sa.Column[sa.Uuid]":
    return sa.Column(name, sa.Uuid(), nullable=null)


def _text(*names: str) -> "list[sa.Column[sa.Text]]":
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _checks(table: str, **checks: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(check, name=op.f(f"ck_{table}_{name}")) for name, check in checks.items()]


def _link(table: str, name: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}", **more)


def upgrade() -> None:
    """Make the tables, and hold what stands beside them free of children and cases."""
    _consultations()
    _messages()
    _knowledge()
    for table, other in ALONE.items():
        op.create_check_constraint(
            op.f(f"ck_{table}_no_case_beside_consultation"),
            table,
            f"subject_kind <> 'consultation' OR (case_id IS NULL AND {other} IS NULL)",
        )
    sql_files.run("0016_consultations.sql")


def _consultations() -> None:
    name = "consultations"
    links = {"municipality_id": "municipalities", "service_id": "services", "asker_id": "practitioners"}
    op.create_table(
        name,
        _id("id"),
        *(_id(link) for link in links),
        sa.Column("named", sa.Boolean(), nullable=False),
        *_text("age_band", "sector", "theme", "state"),
        _id("taken_by_id", null=True),
        _moment("asked_at"),
        sa.Column(
            "moved_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when anything last happened; it is deleted a while after",
        ),
        *_text("knowledge_state"),
        sa.Column(
            "knowledge_question",
            sa.Text(),
            nullable=False,
            comment="the wording proposed, until it is kept or declined",
        ),
        *_text("knowledge_answer"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(
            name, age_band=AGES, sector=SECTORS, theme=THEMES, state=STATES, knowledge_state=KNOWLEDGE_STATES
        ),
        *(_link(name, link, target) for link, target in links.items()),
        _link(name, "taken_by_id", "practitioners"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    for column in (*links, "taken_by_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])
    op.create_index("ix_consultations_moved", name, ["moved_at"])
    waiting = sa.text("state IN ('asked', 'taken')")
    op.create_index("ix_consultations_open", name, ["service_id"], postgresql_where=waiting)


def _messages() -> None:
    name = "consultation_messages"
    op.create_table(
        name,
        _id("id"),
        _id("consultation_id"),
        _id("author_id"),
        *_text("kind", "body"),
        _moment("written_at"),
        *_checks(name, kind=KINDS),
        _link(name, "consultation_id", "consultations", ondelete="CASCADE"),
        _link(name, "author_id", "practitioners"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_consultation_id", name, ["consultation_id"])


def _knowledge() -> None:
    name = "knowledge"
    links = {"municipality_id": "municipalities", "service_id": "services"}
    op.create_table(
        name,
        _id("id"),
        *(_id(link) for link in links),
        *_text("age_band", "sector", "theme", "question", "answer"),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(name, age_band=AGES, sector=SECTORS, theme=THEMES),
        *(_link(name, link, target) for link, target in links.items()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    for column in links:
        op.create_index(f"ix_{name}_{column}", name, [column])


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP POLICY consultations ON deadlines")
    for table in ALONE:
        op.drop_constraint(op.f(f"ck_{table}_no_case_beside_consultation"), table)
    op.execute("DROP FUNCTION app.keep_knowledge(uuid, uuid)")
    for table in ("knowledge", "consultation_messages", "consultations"):
        op.drop_table(table)
    op.execute("DROP FUNCTION app.visible_consultations()")
