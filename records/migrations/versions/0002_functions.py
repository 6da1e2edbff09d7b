"""Who is asking, and what that person may see."""

from alembic import op

from records.migrations import sql_files

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions policies call."""
    sql_files.run("0002_functions.sql")


def downgrade() -> None:
    """Take the functions away."""
    op.execute("DROP SCHEMA app CASCADE")
