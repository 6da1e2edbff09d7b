"""A lost consent parts siblings' meetings at once; a pregnancy goes on when its case is opened again."""

from alembic import op

from records.migrations import sql_files

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ask which shared meetings consent reaches no longer; hold both files before a child's open case; go on."""
    sql_files.run("0033_partings.sql")


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP FUNCTION app.unreached_shares(uuid), app.sits_in(uuid, uuid)")
    sql_files.restore("0004_families.sql", "hold_open_case")
    sql_files.restore("0027_groups.sql", "check_kind")
