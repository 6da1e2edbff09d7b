"""Searching names nobody behind an invitation that consent does not reach."""

from alembic import op

from records.migrations import sql_files

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Search among the children one may be told the name of."""
    sql_files.run("0012_searching.sql")


def downgrade() -> None:
    """Search among all one meets in a file, as before."""
    function = op.get_bind().exec_driver_sql(
        "SELECT pg_get_functiondef('app.search_children(text, integer)'::regprocedure)"
    )
    op.execute(function.scalar_one().replace("named_children", "filed_children"))
    op.execute("DROP FUNCTION app.named_children()")
