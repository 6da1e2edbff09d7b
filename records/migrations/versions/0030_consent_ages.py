"""From which age a youth answers alone is what the guide says that the case follows."""

import sqlalchemy as sa
from alembic import op

from records.migrations import sql_files

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the age beside each version of a guide, read from what was published."""
    op.add_column("guides", sa.Column("youth_consent_age", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE guides SET youth_consent_age = substring(source FROM '(?n)^youth_consent_age: *([0-9]+)')::int"
    )
    sql_files.run("0030_consent_ages.sql")


def downgrade() -> None:
    """Let the municipality's setting alone decide again."""
    sql_files.restore("0002_functions.sql", "consenters")
    sql_files.restore("0011_ages.sql", "parts_come_of_age")
    op.execute("DROP FUNCTION app.consent_age(uuid, uuid)")
    op.drop_column("guides", "youth_consent_age")
