"""Runs a migration's SQL file as it is written."""

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def run(name: str) -> None:
    """Execute every statement of a file in records/migrations/sql."""
    op.get_bind().exec_driver_sql((FOLDER / name).read_text(encoding="utf-8").replace("%", "%%"))


def restore(name: str, *functions: str) -> None:
    """Put functions back as an earlier file wrote them, when what replaced them is taken away."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    for function in functions:
        begin = source.index(f"CREATE FUNCTION app.{function}(")
        written = source[begin : source.index("$$;", begin) + 3]
        op.get_bind().exec_driver_sql(written.replace("CREATE", "CREATE OR REPLACE", 1).replace("%", "%%"))


def policies(name: str, *heads: str) -> None:
    """Make policies as an earlier file wrote them, when those that replaced them are taken away."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    for head in heads:
        begin = source.index(f"CREATE POLICY {head} FOR ")
        op.get_bind().exec_driver_sql(source[begin : source.index(";", begin) + 1].replace("%", "%%"))
