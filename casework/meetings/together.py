"""The same meeting in two siblings' files: acted on in both while the link holds and the actor answers for both.

Who is called in both gets one letter and one calendar entry: that of the file that leads. When the two part (see
`casework.partings`), each meeting stands alone, whoever had one entry for both gets one for the other too, and both
files' holders are asked to look at it. No word of this tells of a sibling.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from casework import partings, relations
from casework.access import Permission
from casework.refusals import Invalid, Refused
from casework.transactions import Transaction
from records.cases import Case
from records.children import Child
from records.meetings import Meeting

Filed = tuple[Case, Meeting]


@dataclass(frozen=True, slots=True)
class Beside:
    """The same meeting in the other file. `leads` is said of the one it was asked for, `live` of the link."""

    share_id: UUID
    link_id: UUID
    meeting_id: UUID
    case_id: UUID
    leads: bool
    live: bool


@dataclass(frozen=True, slots=True)
class Together:
    """What somebody who sees both files is told before acting: the sibling, and whether the act reaches both."""

    first_name: str
    in_both: bool


def beside(tx: Transaction, meeting_id: UUID) -> Beside | None:
    """The same meeting in the other file, seen by the actor or not; None when it stands alone."""
    sql = "SELECT * FROM app.meeting_beside(:meeting)"
    return next(iter(tx.ask_for(Beside, sql, {"meeting": meeting_id})), None)


def _answers_for(tx: Transaction, case: Case | None, permission: Permission) -> bool:
    return case is not None and permission in relations.granted(relations.to_case(tx, case))


def told(tx: Transaction, meeting: Meeting, permission: Permission) -> Together | None:
    """For the page of a meeting; None to everybody who does not see both files."""
    found = beside(tx, meeting.id)
    other = tx.session.get(Case, found.case_id) if found else None
    if found is None or other is None or not found.live:
        return None
    name = tx.get(Child, other.child_id).first_name
    return Together(name, _answers_for(tx, other, permission))


def reached(tx: Transaction, case: Case, meeting: Meeting, permission: Permission, event: str) -> list[Filed]:
    """Every file the act reaches, the leading one first; where it reaches only this one, the two part.

    Raises Refused when somebody who sees both, but answers for one, would give them different times.
    """
    found = beside(tx, meeting.id)
    if found is None:
        return [(case, meeting)]
    other = tx.session.get(Case, found.case_id) if found.live else None
    if _answers_for(tx, other, permission):
        there = tx.lock(Case, found.case_id), tx.lock(Meeting, found.meeting_id)
        return [(case, meeting), there] if found.leads else [there, (case, meeting)]
    if other is not None and event == "move_time":
        raise Refused("MeetingChart", meeting.state, event, ("answers_for_both",))
    partings.part(tx, found.share_id)
    return [(case, meeting)]


def part_here(tx: Transaction, meeting: Meeting) -> None:
    """Part a meeting from its sibling's, when its own file is closed."""
    found = beside(tx, meeting.id)
    if found is not None:
        partings.part(tx, found.share_id)


def lettered(tx: Transaction, meeting_id: UUID, first: UUID | None = None) -> set[UUID]:
    """Seats whose person gets the letters of the leading meeting instead. `first` names it before the two are one."""
    if first is None:
        found = beside(tx, meeting_id)
        if found is None or found.leads:
            return set()
        first = found.meeting_id
    sql = "SELECT seat FROM app.called_in_both(:first, :second)"
    return {row.seat for row in tx.ask(sql, {"first": first, "second": meeting_id})}


def seats(tx: Transaction, meeting_id: UUID, other_id: UUID) -> dict[UUID, UUID]:
    """Each seat's own person's seat at the other meeting."""
    sql = "SELECT seat, beside FROM app.seats_beside(:first, :second)"
    return {row.seat: row.beside for row in tx.ask(sql, {"first": meeting_id, "second": other_id})}


_WORDS = re.compile(r"\w+")


def check_unnamed(tx: Transaction, here: Case, there: Case, texts: dict[str, str]) -> None:
    """What is written in both files names neither child by a name the other does not bear; raises Invalid."""
    named = [set(_folded(_name(tx, case))) for case in (here, there)]
    only_one = named[0] ^ named[1]
    errors = {name: "without_the_names" for name, said in texts.items() if only_one & set(_folded(said))}
    if errors:
        raise Invalid(errors)


def _name(tx: Transaction, case: Case) -> str:
    child = tx.get(Child, case.child_id)
    return f"{child.first_name} {child.last_name}"


def _folded(said: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(said)]
