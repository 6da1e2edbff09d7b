"""A family's attachments: what is shown to it of a case's documents, and those it sends with its own words."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from casework import attachments
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.attachments import kind_of
from records.attachments import Attachment
from records.families import FamilyWord


@dataclass(frozen=True, slots=True)
class FamilyAttachment:
    """A document as the family's page shows it; `who` is empty for what came from the family itself."""

    id: UUID
    word_id: UUID | None
    title: str
    kind: str
    size: int
    put_at: datetime
    who: str
    mine: bool
    scan_state: str
    gone: bool

    @property
    def opens(self) -> bool:
        """Whether its content is given out."""
        return not self.gone and self.scan_state != "infected"


@dataclass(frozen=True, slots=True)
class Attach:
    """A document sent along with something the family says."""

    title: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """Its SHA-256."""
        return hashlib.sha256(self.content).hexdigest()


_SHOWN = """
    SELECT a.id, a.word_id, a.title, a.kind, a.size, a.put_at, coalesce(p.name, '') AS who,
      coalesce(a.member_id = app.actor_id(), false) AS mine, a.scan_state, a.taken_away_at IS NOT NULL AS gone
    FROM attachments a LEFT JOIN practitioners p ON p.id = a.put_by_id
"""


def attached(tx: Transaction, case_id: UUID) -> tuple[FamilyAttachment, ...]:
    """What this reader sees of a case's attachments, the newest first."""
    order = " WHERE a.case_id = :case ORDER BY a.put_at DESC, a.id DESC"
    return tuple(tx.ask_for(FamilyAttachment, _SHOWN + order, {"case": case_id}))


def fetch_attachment(tx: Transaction, attachment_id: UUID) -> attachments.Fetched:
    """The content of one this reader sees; it is noted. Raises NotFound, or Refused for what was found infected."""
    found = tx.ask(
        "SELECT case_id, municipality_id, scan_state FROM attachments WHERE id = :id", {"id": attachment_id}
    )
    if not found:
        raise NotFound
    fetched = attachments.content_of(tx, attachment_id, found[0].scan_state)
    tx.note(
        "case",
        found[0].case_id,
        "family_read_attachment",
        municipality_id=found[0].municipality_id,
        attachment=attachment_id,
    )
    return fetched


def faults(tx: Transaction, case_id: UUID, municipality_id: UUID, state: str, sent: Attach) -> dict[str, str]:
    """What is wrong with a document somebody wants to send; nothing is put in a case that is closed."""
    if state == "closed":
        return {"content": "case_is_closed"}
    return attachments.faults(tx, case_id, municipality_id, sent.title, sent.content)


def attach(tx: Transaction, word: FamilyWord, sent: Attach) -> UUID:
    """Keep a document with what was just said; raises Invalid for what is none of the kinds taken."""
    kind = kind_of(sent.content)
    if kind is None:
        raise Invalid({"content": "file_not_taken"})
    row = Attachment(
        municipality_id=word.municipality_id,
        case_id=word.case_id,
        word_id=word.id,
        title=sent.title.strip(),
        kind=kind,
        size=len(sent.content),
        digest=sent.digest,
        content=sent.content,
        member_id=tx.actor.id,
        put_at=tx.now,
    )
    tx.session.flush()  # the word first: whoever may not say it puts nothing with it
    tx.add(row)
    tx.note(
        "case",
        word.case_id,
        "family_put_attachment",
        municipality_id=word.municipality_id,
        attachment=row.id,
        digest=row.digest,
    )
    attachments.ask_for_scan(tx, row.id)
    return row.id
