"""Who has left and still has a hand on something. Leaving is never refused: out at once, and the leader is told.

A case is never without a holder, so batons stand with the leaver until the unit's leader, or the administrator, has
moved them; the rest follows in the same act.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from casework import handovers, homes, notices
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction

_LISTED = text(
    "SELECT p.id AS practitioner_id, p.name, p.title, p.left_on, l.batons, l.offers, l.measures, l.meetings,"
    " l.contacts FROM app.leavers() l JOIN practitioners p ON p.id = l.practitioner_id"
    " ORDER BY l.batons DESC, p.name"
)
_PUPILS = """
    SELECT c.id AS case_id, c.number AS case_number, k.first_name || ' ' || k.last_name AS child_name,
      h.name AS holder_name, u.name AS unit_name, coalesce(n.name, '') AS now_at
    FROM cases c JOIN children k ON k.id = c.child_id JOIN practitioners h ON h.id = c.holder_id
    JOIN services u ON u.id = c.unit_id LEFT JOIN services n ON n.id = k.unit_id
    WHERE c.id IN (SELECT app.pupils_gone())
    ORDER BY k.last_name, k.first_name
"""
_LEFT_WITH = text(
    "SELECT c.municipality_id, u.leader_id FROM cases c JOIN services u ON u.id = c.unit_id"
    " WHERE c.holder_id = :person AND c.state <> 'closed' AND u.leader_id IS NOT NULL AND u.leader_id <> :person"
    " GROUP BY c.municipality_id, u.leader_id"
)
_AT_WORK = (
    "SELECT (p.left_on IS NULL OR p.left_on >= app.today()) AND EXISTS (SELECT 1 FROM assignments a"
    " WHERE a.practitioner_id = p.id AND a.since <= app.today() AND (a.until IS NULL OR a.until >= app.today()))"
    " FROM practitioners p WHERE p.id = :person"
)


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who can sign in no more, and how much there is to move; never whose."""

    practitioner_id: UUID
    name: str
    title: str
    left_on: date | None
    batons: int
    offers: int
    measures: int
    meetings: int
    contacts: int


@dataclass(frozen=True, slots=True)
class GonePupil:
    """An open case of one's unit whose child has left the unit's register."""

    case_id: UUID
    case_number: str
    child_name: str
    holder_name: str
    unit_name: str
    now_at: str


def listed(tx: Transaction) -> list[Leaver]:
    """Leavers in the units the actor leads, or in the municipality the actor administers; most batons first."""
    return tx.ask_for(Leaver, _LISTED)


def one(tx: Transaction, practitioner_id: UUID) -> Leaver:
    """One of them; raises NotFound, also when there is nothing more to move."""
    found = next((each for each in listed(tx) if each.practitioner_id == practitioner_id), None)
    if found is None:
        raise NotFound
    return found


def settle(tx: Transaction, practitioner_id: UUID, wanted: handovers.MoveBatons) -> int:
    """Move the batons of a leaver that the actor may move, and all else the leaver had a hand on; answers how many.

    Raises NotFound, Invalid, or Refused when some baton has nobody who may hold it.
    """
    tx.once(wanted.key, "settle_leaver", person=practitioner_id, to=wanted.to_id, instead=wanted.instead_id)
    found = one(tx, practitioner_id)
    if not wanted.reason.strip():
        raise Invalid({"reason": "write_something"})
    handovers.let_go(tx, practitioner_id, wanted)
    tx.note("staff", practitioner_id, "settle_leaver", municipality_id=_home(tx), batons=found.batons)
    tx.result(practitioner_id=practitioner_id, moved=found.batons)
    return found.batons


def _home(tx: Transaction) -> UUID:
    if tx.actor.membership is None:
        raise NotFound
    return tx.actor.membership.municipality_id


def shut_out(tx: Transaction, practitioner_id: UUID) -> None:
    """End every visit, key and calendar address of somebody, for whoever may show that person out.

    Where the person lives is of no use any more, and is forgotten.
    """
    tx.session.flush()
    homes.forget(tx, "practitioner_id", practitioner_id)
    tx.ask("SELECT app.shut_out(:person, :at)", {"person": practitioner_id, "at": tx.now})


def tell(tx: Transaction, practitioner_id: UUID) -> None:
    """Tell the leaders of the units where somebody who can sign in no more still holds batons; else nobody.

    Nothing may be told as the identity provider: what a leaver holds is met by the house alone.
    """
    tx.session.flush()
    if tx.scalar(_AT_WORK, person=practitioner_id):
        return
    with tx.as_house():
        for row in tx.ask(_LEFT_WITH, {"person": practitioner_id}):
            notices.write(
                tx,
                "batons_left",
                municipality_id=row.municipality_id,
                subject=("leaver", practitioner_id),
                practitioner_id=row.leader_id,
            )


def pupils(tx: Transaction) -> list[GonePupil]:
    """Open cases in the units the actor leads whose child has moved on: nothing of them has changed by that."""
    return tx.ask_for(GonePupil, _PUPILS)
