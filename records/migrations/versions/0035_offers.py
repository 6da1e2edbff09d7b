"""Whoever is kept away from a child sees no former offer of the baton and no former day of their own either."""

from alembic import op

from records.migrations import sql_files

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FORMER = """
DROP POLICY scope ON handovers;
CREATE POLICY scope ON handovers FOR SELECT TO stafetten_staff
  USING (to_id = (SELECT app.actor_id()) OR case_id = ANY ((SELECT app.visible_cases())::uuid[]));
DROP POLICY settle ON handovers;
CREATE POLICY settle ON handovers FOR UPDATE TO stafetten_staff
  USING (to_id = (SELECT app.actor_id()) OR case_id = ANY ((SELECT app.visible_cases())::uuid[]));
DROP POLICY scope ON deadlines;
CREATE POLICY scope ON deadlines FOR ALL TO stafetten_staff
  USING (owner_id = (SELECT app.actor_id())
    OR case_id = ANY ((SELECT app.reachable_cases())::uuid[])
    OR signal_id = ANY ((SELECT app.visible_signals())::uuid[]))
  WITH CHECK (true);
"""


def upgrade() -> None:
    """Ask of one's own rows too whether one is kept away."""
    sql_files.run("0035_offers.sql")


def downgrade() -> None:
    """Ask no longer."""
    op.execute(FORMER)
