"""What others have done meanwhile: asked by open pages, of which nothing is noted, since nobody reads anything."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from casework import relations
from casework.access import Permission
from casework.audit import READS
from casework.transactions import Transaction
from records.cases import Case

INSIDE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class News:
    """Who last changed a case since it was opened, when, and who else is inside just now."""

    changed_by: str | None = None
    changed_at: datetime | None = None
    inside: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """The same for as long as nothing else is to be told."""
        told = f"{self.changed_at} {self.changed_by} {self.inside}"
        return hashlib.sha256(told.encode()).hexdigest()[:24]


def mark(tx: Transaction, case_id: UUID) -> int:
    """How far the case's trail has come, for a page that is about to be shown. Ask before the page is read."""
    return int(tx.scalar("SELECT coalesce(max(seq), 0) FROM audit WHERE file_id = :case", case=case_id))


# The trail is counted under the file's own lock, so nothing that came after the mark is missed.
_CHANGED = text(
    "SELECT coalesce(p.name, '') AS name, a.at FROM audit a LEFT JOIN practitioners p ON p.id = a.actor_id"
    " WHERE a.file_id = :case AND a.seq > :mark AND a.actor_id <> :actor AND a.act <> ALL (:reads)"
    " ORDER BY a.seq DESC LIMIT 1"
)
_INSIDE = text(
    "SELECT DISTINCT p.name FROM audit a JOIN practitioners p ON p.id = a.actor_id"
    " WHERE a.file_id = :case AND a.seq > :first AND a.at > :since AND a.actor_id <> :actor ORDER BY p.name"
)
_LOOKED_BACK = 200  # entries of the trail: more than five minutes hold


def of_case(tx: Transaction, case_id: UUID, since: int) -> News:
    """What has happened to a case since a mark, and who is inside; raises NotFound or NotPermitted."""
    case = tx.get(Case, case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    asked = {"case": case_id, "actor": tx.actor.id}
    found = tx.ask(_CHANGED, {**asked, "mark": since, "reads": list(READS)})
    changed = found[0] if found else None
    others = _inside(tx, case_id, mark(tx, case_id))
    return News(changed.name if changed else None, changed.at if changed else None, others)


def beside(tx: Transaction, case_id: UUID, since: int) -> News:
    """Who else is inside a case that was just read, under the same permission; nothing is newer than that yet."""
    return News(inside=_inside(tx, case_id, since))


def _inside(tx: Transaction, case_id: UUID, last: int) -> tuple[str, ...]:
    asked = {"case": case_id, "actor": tx.actor.id, "first": last - _LOOKED_BACK, "since": tx.now - INSIDE}
    return tuple(row.name for row in tx.ask(_INSIDE, asked))


_WORKLIST = text(
    """
    SELECT md5(coalesce(string_agg(found.told, ',' ORDER BY found.told), '')) FROM (
      SELECT c.id::text || c.version || c.state || c.relay_state AS told
      FROM participations p JOIN cases c ON c.id = p.case_id
      WHERE p.practitioner_id = :actor AND p.until IS NULL
      UNION ALL
      SELECT c.id::text || c.version FROM cases c WHERE c.offered_to_id = :actor
    ) found
    """
)


def of_worklist(tx: Transaction) -> str:
    """A mark of the actor's worklist as it is now: another mark, another list."""
    return str(tx.ask(_WORKLIST, {"actor": tx.actor.id})[0][0])
