"""How the actor is related to one file right now. Asked at every act, never remembered."""

from uuid import UUID

from sqlalchemy import text

from casework.access import Permission, Relation, Standing, permissions
from casework.transactions import Transaction
from levels.children import About
from records.cases import Case
from records.children import Child
from records.signals import Signal

# One question for the whole standing: parts taken, an open invitation to one's service, consent, and a bar.
_STANDING = text(
    """
    SELECT
      ARRAY(
        SELECT DISTINCT p.kind FROM participations p
        WHERE p.case_id = :case AND p.practitioner_id = :actor AND p.until IS NULL
      ) AS kinds,
      EXISTS (
        SELECT 1 FROM invitations i
        WHERE i.case_id = :case AND i.service_id = ANY (app.my_services()) AND i.state <> 'withdrawn'
      ) AS invited,
      EXISTS (
        SELECT 1 FROM participations p
        WHERE p.case_id = :case AND p.practitioner_id = :actor AND p.until IS NULL AND p.kind = 'service'
          AND app.consent_reaches(:case, p.service_id)
        UNION ALL
        SELECT 1 FROM invitations i
        WHERE i.case_id = :case AND i.service_id = ANY (app.my_services()) AND i.state <> 'withdrawn'
          AND app.consent_reaches(:case, i.service_id)
      ) AS consent,
      :child = ANY (app.barred_children()) AS barred
    """
)


def to_case(tx: Transaction, case: Case) -> Standing:
    """The actor's standing to a case."""
    [row] = tx.ask(_STANDING, {"case": case.id, "actor": tx.actor.id, "child": case.child_id})
    found = {Relation(kind) for kind in row.kinds}
    if case.holder_id == tx.actor.id and case.state != "closed":
        found.add(Relation.HOLDER)
    if case.offered_to_id == tx.actor.id:
        found.add(Relation.OFFERED)
    if row.invited:
        found.add(Relation.INVITED)
    return Standing(frozenset(found), row.barred, row.consent, case.state == "closed")


def to_signal(tx: Transaction, signal: Signal) -> Standing:
    """The actor's standing to a worry."""
    found = set()
    if signal.author_id == tx.actor.id:
        found.add(Relation.AUTHOR)
    if tx.actor.id == (signal.leader_id or signal.author_id):  # a leader's own worry has nobody above it
        found.add(Relation.SIGNAL_LEADER)
    return Standing(frozenset(found), barred=is_barred(tx, tx.actor.id, signal.child_id))


def is_about_group(tx: Transaction, case: Case) -> bool:
    """Whether a case is about a group, in which nobody is named and nobody is asked."""
    return tx.get(Child, case.child_id).kind == About.GROUP


def is_barred(tx: Transaction, practitioner_id: UUID, child_id: UUID) -> bool:
    """Whether somebody is kept away from this child's files."""
    return bool(
        tx.scalar("SELECT app.is_barred(:practitioner, :child)", practitioner=practitioner_id, child=child_id)
    )


def consent_reaches(tx: Transaction, case_id: UUID, service_id: UUID | None) -> bool:
    """Whether everybody who must has said yes to sharing this case with the service, or to the log."""
    return bool(tx.scalar("SELECT app.consent_reaches(:case, :service)", case=case_id, service=service_id))


def granted(standing: Standing) -> frozenset[Permission]:
    """Everything a standing allows, for the buttons."""
    return permissions(standing)
