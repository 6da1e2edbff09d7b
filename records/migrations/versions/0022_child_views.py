"""The child's view in a form that fits its age: faces, what was shown, why not asked and who brings it instead."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

REASONS = "'declined', 'absent', 'unsafe', 'later', 'other'"


def upgrade() -> None:
    """Widen the table, and count why children were not asked without anybody reading what they said."""
    op.add_column(
        "child_views", sa.Column("mood", sa.SmallInteger(), nullable=True, comment="1 good, 2 so-so, 3 bad")
    )
    for name, comment in (
        ("shown", "what a small child pointed at, drew or did, in an adult's words"),
        ("brought_by", "who brings the view of a child who was not asked"),
    ):
        column = sa.Column(name, sa.Text(), nullable=False, server_default="", comment=comment)
        op.add_column("child_views", column)
        op.alter_column("child_views", name, server_default=None)
    op.add_column("child_views", sa.Column("not_asked", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_child_views_mood_is_a_face"), "child_views", "mood IS NULL OR mood BETWEEN 1 AND 3"
    )
    op.create_check_constraint(op.f("ck_child_views_not_asked"), "child_views", f"not_asked IN ({REASONS})")
    sql_files.run("0022_child_views.sql")


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP FUNCTION app.children_not_asked(timestamptz, timestamptz)")
    for name in ("not_asked", "brought_by", "shown", "mood"):
        op.drop_column("child_views", name)
