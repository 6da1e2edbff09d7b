"""Row security and rights."""

from alembic import op

from records.migrations import sql_files

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Close every table and open what each way in needs."""
    sql_files.run("0003_policies.sql")


def downgrade() -> None:
    """Drop the roles' rights and with them every policy."""
    op.execute("DROP OWNED BY stafetten_staff, stafetten_work, stafetten_door CASCADE")
