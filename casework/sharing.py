"""Asks the one rule of sharing with what is known of the reader and of whom it is about. Every channel goes by here."""

from uuid import UUID

from casework.access import Role
from casework.transactions import Transaction
from levels.sharing import Answer, Channel, Reader, Sharing, Verdict, What, may_share

__all__ = [
    "Answer",
    "Channel",
    "Reader",
    "Sharing",
    "Verdict",
    "What",
    "in_emergency",
    "may_share",
    "needs_contact",
    "place_for",
    "place_for_me",
    "place_outside",
    "to_child",
    "to_guardian",
    "to_staff",
    "with_service",
]

_NEEDS = """
    SELECT EXISTS (
      SELECT 1 FROM participations p JOIN cases c ON c.id = p.case_id
      WHERE c.child_id = :child AND p.practitioner_id = :actor AND p.kind IN ('holder', 'leader') AND p.until IS NULL
      UNION ALL
      SELECT 1 FROM signals s WHERE s.child_id = :child AND (s.author_id = :actor OR s.leader_id = :actor)
    )
"""


def needs_contact(tx: Transaction, child_id: UUID) -> bool:
    """Whether the actor must be able to reach a protected person: the holder, a leader, whoever noted the worry, or
    child welfare."""
    if tx.actor.has_role(Role.CHILD_WELFARE_WORKER):
        return True
    return bool(tx.scalar(_NEEDS, child=child_id, actor=tx.actor.id))


def to_guardian(what: What, channel: Channel, *, kept_out: bool, age: int | None = None) -> Answer:
    """Whether this may reach a parent by this channel."""
    return may_share(Sharing(what=what, channel=channel, reader=Reader.GUARDIAN, kept_out=kept_out, age=age))


def to_staff(what: What, channel: Channel, *, barred: bool) -> Answer:
    """Whether this may reach somebody at work by this channel."""
    return may_share(Sharing(what=what, channel=channel, reader=Reader.STAFF, barred=barred))


def in_emergency(what: What, channel: Channel, *, protected: bool) -> Answer:
    """Whether whoever reads in an emergency is told this: they must know, protected or not, and are warned."""
    return may_share(
        Sharing(what=what, channel=channel, reader=Reader.STAFF, protected=protected, needs_it=True)
    )


def to_child(what: What, channel: Channel, *, age: int) -> Answer:
    """Whether this may reach the child itself by this channel."""
    return may_share(Sharing(what=what, channel=channel, reader=Reader.CHILD, age=age))


def with_service(what: What, channel: Channel, *, consent: bool, protected: bool = False) -> Answer:
    """Whether this may reach a service that is asked, and not inside yet."""
    return may_share(
        Sharing(what=what, channel=channel, reader=Reader.SERVICE, consent=consent, protected=protected)
    )


def place_for(tx: Transaction, case_id: UUID, guardian_id: UUID | None, channel: Channel) -> Answer:
    """Whether one of the family may be told where the child can be met; the child itself without a guardian."""
    if guardian_id is None:
        return may_share(Sharing(what=What.PLACE, channel=channel, reader=Reader.CHILD))
    hidden = bool(tx.scalar("SELECT app.place_hidden_from(:case, :who)", case=case_id, who=guardian_id))
    return may_share(Sharing(what=What.PLACE, channel=channel, reader=Reader.GUARDIAN, protected=hidden))


def place_for_me(tx: Transaction, case_id: UUID, channel: Channel) -> Answer:
    """The same for whoever of the family has come in."""
    hidden = bool(tx.scalar("SELECT app.place_hidden_from_me(:case)", case=case_id))
    return may_share(Sharing(what=What.PLACE, channel=channel, reader=Reader.GUARDIAN, protected=hidden))


def place_outside(tx: Transaction, case_id: UUID | None, channel: Channel) -> Answer:
    """Whether a place may leave the house in a letter or a calendar, to anybody."""
    protected = bool(tx.scalar("SELECT app.is_protected(:case)", case=case_id))
    return may_share(Sharing(what=What.PLACE, channel=channel, reader=Reader.STAFF, protected=protected))
