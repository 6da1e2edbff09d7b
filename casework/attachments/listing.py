"""What a case's attachments are, without their content."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework import relations
from casework.access import Permission
from casework.refusals import NotFound
from casework.transactions import Transaction
from records.cases import Case


@dataclass(frozen=True, slots=True)
class Listed:
    """An attachment as a list shows it: everything but its content. `who` is empty for the child's own.

    `came_from` is the municipality it came along from when the family moved; `who` and `put_at` are as they were there.
    """

    id: UUID
    case_id: UUID
    entry_id: UUID | None
    word_id: UUID | None
    title: str
    kind: str
    size: int
    put_at: datetime
    who: str
    by_family: bool
    mine: bool
    for_family: bool
    hidden_reason: str | None
    hidden_until: date | None
    scan_state: str
    scanned_at: datetime | None
    taken_away_at: datetime | None
    taken_away_by: str
    taken_away_why: str
    version: int
    came_from: str

    @property
    def opens(self) -> bool:
        """Whether its content is given out."""
        return self.taken_away_at is None and self.scan_state != "infected"


_LISTED = """
    SELECT a.id, a.case_id, a.entry_id, a.word_id, a.title, a.kind, a.size,
      coalesce((a.origin ->> 'put_at')::timestamptz, a.put_at) AS put_at,
      coalesce(a.origin ->> 'who', p.name, g.name, '') AS who, a.member_id IS NOT NULL AS by_family,
      coalesce(a.put_by_id, a.member_id) = app.actor_id() AS mine, a.for_family, a.hidden_reason,
      a.hidden_until, a.scan_state, a.scanned_at, a.taken_away_at, CASE WHEN a.taken_away_at IS NOT NULL THEN
        coalesce(t.name, a.origin ->> 'who', g.name, '') ELSE '' END AS taken_away_by, a.taken_away_why, a.version,
      coalesce(a.origin ->> 'town', '') AS came_from
    FROM attachments a
    LEFT JOIN practitioners p ON p.id = a.put_by_id
    LEFT JOIN family_words w ON w.id = a.word_id
    LEFT JOIN guardians g ON g.id = w.guardian_id
    LEFT JOIN practitioners t ON t.id = a.taken_away_by_id
"""


def shown(tx: Transaction, case_id: UUID) -> tuple[Listed, ...]:
    """A case's attachments, the newest first, for a page that has asked for the case already."""
    order = " WHERE a.case_id = :case ORDER BY a.put_at DESC, a.id DESC"
    return tuple(tx.ask_for(Listed, _LISTED + order, {"case": case_id}))


def of_case(tx: Transaction, case_id: UUID) -> tuple[Listed, ...]:
    """A case's attachments, the newest first; reading the list is noted. Raises NotFound or NotPermitted."""
    case = tx.get(Case, case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id, page="attachments")
    return shown(tx, case_id)


def one(tx: Transaction, attachment_id: UUID) -> tuple[Listed, Case]:
    """One attachment without its content, for those inside the case; raises NotFound or NotPermitted."""
    found = tx.ask_for(Listed, _LISTED + " WHERE a.id = :id", {"id": attachment_id})
    if not found:
        raise NotFound
    case = tx.get(Case, found[0].case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    return found[0], case
