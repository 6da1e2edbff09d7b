"""Siblings side by side: the link, the consents it rests on, and what is shared by it."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _id(name: str, *, null: bool = False) -> "sa.Column[sa.Uuid[object]]":
    return sa.Column(name, sa.Uuid(), nullable=null)


def _moment(name: str, *, null: bool = False) -> "sa.Column[sa.DateTime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _tied(table: str, links: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    """A link goes with either case, and what hangs on it goes with it: then nothing is together any more."""
    return [
        sa.ForeignKeyConstraint(
            [name],
            [f"{target}.id"],
            name=f"fk_{table}_{name}",
            ondelete="CASCADE" if target in ("sibling_links", "meetings", "measures") else None,
        )
        for name, target in links.items()
    ]


def _links() -> None:
    ties = {
        "municipality_id": "municipalities",
        "case_id": "cases",
        "other_case_id": "cases",
        "made_by_id": "practitioners",
    }
    op.create_table(
        "sibling_links",
        _id("id"),
        *(_id(name) for name in ties),
        sa.Column("state", sa.Text(), nullable=False),
        _moment("made_at"),
        _moment("ended_at", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('considered', 'linked', 'ended')", name=op.f("ck_sibling_links_state")),
        sa.CheckConstraint("case_id < other_case_id", name=op.f("ck_sibling_links_one_row_a_pair")),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_sibling_links_ended_has_time")
        ),
        *_tied("sibling_links", ties),
        sa.PrimaryKeyConstraint("id", name="pk_sibling_links"),
    )
    op.create_index("ix_sibling_links_case_id", "sibling_links", ["case_id"])
    op.create_index("ix_sibling_links_other_case_id", "sibling_links", ["other_case_id"])
    op.create_index(
        "uq_sibling_links_linked",
        "sibling_links",
        ["case_id", "other_case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'linked'"),
    )


def _consents() -> None:
    ties = {
        "municipality_id": "municipalities",
        "link_id": "sibling_links",
        "case_id": "cases",
        "guardian_id": "guardians",
        "received_by_id": "practitioners",
    }
    op.create_table(
        "sibling_consents",
        _id("id"),
        *(_id(name, null=name == "guardian_id") for name in ties),
        sa.Column("channel", sa.Text(), nullable=False),
        _moment("given_at"),
        _moment("withdrawn_at", null=True),
        sa.CheckConstraint("channel IN ('paper', 'oral')", name=op.f("ck_sibling_consents_channel")),
        *_tied("sibling_consents", ties),
        sa.PrimaryKeyConstraint("id", name="pk_sibling_consents"),
    )
    op.create_index("ix_sibling_consents_link_id", "sibling_consents", ["link_id"])
    op.create_index("ix_sibling_consents_case_id", "sibling_consents", ["case_id"])


def _shares() -> None:
    pairs = {
        "meeting_id": "meetings",
        "other_meeting_id": "meetings",
        "measure_id": "measures",
        "other_measure_id": "measures",
    }
    ties = {"municipality_id": "municipalities", "link_id": "sibling_links", **pairs}
    op.create_table(
        "sibling_shares",
        _id("id"),
        *(_id(name, null=name in pairs) for name in ties),
        sa.CheckConstraint(
            "num_nonnulls(meeting_id, other_meeting_id) IN (0, 2)"
            " AND num_nonnulls(measure_id, other_measure_id) = 2 - num_nonnulls(meeting_id, other_meeting_id)",
            name=op.f("ck_sibling_shares_one_pair"),
        ),
        *_tied("sibling_shares", ties),
        sa.PrimaryKeyConstraint("id", name="pk_sibling_shares"),
    )
    for name in ("link_id", *pairs):
        op.create_index(f"ix_sibling_shares_{name}", "sibling_shares", [name])


def upgrade() -> None:
    """Make the tables, and let only those see a link who may see both files."""
    _links()
    _consents()
    _shares()
    sql_files.run("0023_sibling_links.sql")


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP FUNCTION app.siblings_live(uuid) CASCADE")
    for name in ("sibling_shares", "sibling_consents", "sibling_links"):
        op.drop_table(name)
