"""A family's attachments: what is shown to it of a case's documents, those it sends, and those it takes back."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from casework import attachments, logs, notices
from casework.refusals import Invalid, NotFound, Refused, Stale
from casework.transactions import Transaction
from levels.attachments import kind_of
from records.attachments import Attachment
from records.cases import Case
from records.families import FamilyWord


@dataclass(frozen=True, slots=True)
class FamilyAttachment:
    """A document as the family's page shows it; `who` is empty for what came from the family itself.

    `came_from` is the municipality it came along from; `archived` says that it is part of an archived copy of the case.
    """

    id: UUID
    case_id: UUID
    word_id: UUID | None
    title: str
    kind: str
    size: int
    put_at: datetime
    who: str
    mine: bool
    scan_state: str
    gone: bool
    came_from: str
    archived: bool
    version: int

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
    SELECT a.id, a.case_id, a.word_id, a.title, a.kind, a.size,
      coalesce((a.origin ->> 'put_at')::timestamptz, a.put_at) AS put_at,
      CASE WHEN a.member_id IS NULL THEN coalesce(a.origin ->> 'who', p.name, '') ELSE '' END AS who,
      coalesce(a.member_id = app.actor_id(), false) AS mine, a.scan_state, a.taken_away_at IS NOT NULL AS gone,
      coalesce(a.origin ->> 'town', '') AS came_from,
      c.state = 'closed' OR coalesce(c.archived_at >= a.put_at, false) AS archived, a.version
    FROM attachments a JOIN cases c ON c.id = a.case_id LEFT JOIN practitioners p ON p.id = a.put_by_id
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
        only_for_id=None if word.guardian_id is None and word.for_guardians else tx.actor.id,
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


_OWN = " WHERE a.id = :id AND a.member_id = app.actor_id() AND a.taken_away_at IS NULL"
_MYSELF = """
    SELECT coalesce(g.name, k.first_name) FROM cases c JOIN children k ON k.id = c.child_id
    LEFT JOIN guardians g ON g.child_id = k.id AND g.member_id = app.actor_id() WHERE c.id = :case LIMIT 1
"""


def to_take_back(tx: Transaction, attachment_id: UUID) -> FamilyAttachment:
    """One that this reader has sent and not taken back; `archived` says that it can be so no more. Raises NotFound."""
    found = tx.ask_for(FamilyAttachment, _SHOWN + _OWN, {"id": attachment_id})
    if not found:
        raise NotFound
    return found[0]


def take_back(
    tx: Transaction, attachment_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Take back what one has sent: the content goes, and that it was there stays. The holder is told; answers the case.

    The archived copy of a closed case is kept as it was (arkivlova), and so are the documents in it. Raises NotFound,
    Stale, or Refused for one of those.
    """
    tx.once(key, "take_back_attachment", attachment=attachment_id)
    case_id = to_take_back(tx, attachment_id).case_id
    with tx.as_house():
        town = tx.lock(Case, case_id).municipality_id
    row = to_take_back(tx, attachment_id)  # anew, now that nobody else is at it
    if version is not None and version != row.version:
        raise Stale(row.version)
    if row.archived:
        raise Refused("attachments", row.scan_state, "take_back", ("attachment_archived",))
    [gone] = tx.ask(
        "UPDATE attachments SET content = NULL, taken_away_at = :now, version = version + 1 WHERE id = :id"
        " RETURNING only_for_id",
        {"now": tx.now, "id": attachment_id},
    )
    by = str(tx.scalar(_MYSELF, case=case_id))
    tx.note("case", case_id, "family_take_back_attachment", municipality_id=town, attachment=attachment_id)
    with tx.as_house():
        _tell_the_house(tx, case_id, row.title, by, gone.only_for_id)
    tx.result(case_id=case_id)
    return case_id


def _tell_the_house(tx: Transaction, case_id: UUID, title: str, by: str, only_for: UUID | None) -> None:
    case = tx.lock(Case, case_id)
    attachments.tell(tx, case, "attachment_taken_back", only_for=only_for, title=title, by=by)
    logs.touch(tx, case)
    notices.write(
        tx,
        "family_took_back",
        municipality_id=case.municipality_id,
        subject=("case", case.id),
        practitioner_id=case.holder_id,
        case_id=case.id,
    )
