"""Giving out what an attachment holds."""

from dataclasses import dataclass, field
from uuid import UUID

from casework.attachments.listing import one
from casework.refusals import NotFound, Refused
from casework.transactions import Transaction
from levels.attachments import ENDINGS, Kind, ScanChart


@dataclass(frozen=True, slots=True)
class Fetched:
    """An attachment's content, under a name that says nothing of anybody."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    digest: str
    scan_state: str


def fetch(tx: Transaction, attachment_id: UUID) -> Fetched:
    """The content; every time is noted, and the family sees it. Not scanned is given out, infected never.

    Raises NotFound, NotPermitted, or Refused for what a scanner has found infected.
    """
    row, case = one(tx, attachment_id)
    fetched = content_of(tx, row.id, row.scan_state)
    tx.note("case", case.id, "read_attachment", municipality_id=case.municipality_id, attachment=row.id)
    return fetched


def content_of(tx: Transaction, attachment_id: UUID, scan_state: str) -> Fetched:
    """What is given out of an attachment the actor may see; raises NotFound once taken away, Refused if infected."""
    rows = tx.ask(
        "SELECT kind, digest, CASE WHEN scan_state <> 'infected' THEN content END AS content FROM attachments"
        " WHERE id = :id AND taken_away_at IS NULL",
        {"id": attachment_id},
    )
    if not rows:
        raise NotFound
    if rows[0].content is None:
        raise Refused(ScanChart.__name__, scan_state, "fetch", ("attachment_infected",))
    ending, media_type = ENDINGS[Kind(rows[0].kind)]
    return Fetched(
        f"vedlegg-{attachment_id}.{ending}", media_type, bytes(rows[0].content), rows[0].digest, scan_state
    )
