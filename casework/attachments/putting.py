"""Putting a document in a case, and the line in the log that tells of it."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from casework import logs, relations
from casework.access import Permission, Standing
from casework.attachments.scanning import ask_for_scan
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.attachments import LONGEST_TITLE, MOST_IN_CASE, Kind, kind_of, largest
from records.attachments import Attachment
from records.cases import Case
from records.logs import LogEntry


@dataclass(frozen=True, slots=True)
class PutAttachment:
    """A document to put in a case, what it is called, and whether the family may see it."""

    title: str
    content: bytes = field(repr=False)
    entry_id: UUID | None = None
    for_family: bool = True
    hidden_reason: str | None = None
    hidden_until: date | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def limit_for(tx: Transaction, municipality_id: UUID) -> int:
    """How many bytes one attachment may have here."""
    settings = tx.scalar("SELECT settings FROM municipalities WHERE id = :town", town=municipality_id)
    return largest(settings or {})


def put(tx: Transaction, case_id: UUID, wanted: PutAttachment) -> UUID:
    """Put a document in a case; the log tells of it, and the scan is asked for.

    Hidden from the family by the log's own rule, and always where the entry it belongs to is hidden. Raises NotFound,
    NotPermitted, Invalid, or Stale when somebody wrote since the page was read.
    """
    digest = hashlib.sha256(wanted.content).hexdigest()
    tx.once(wanted.key, "put_attachment", case=case_id, title=wanted.title, digest=digest)
    case = tx.lock(Case, case_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.WRITE_LOG, standing)
    kind = _checked(tx, case, standing, wanted)
    logs.fresh(tx, case, wanted.version)
    kept = logs.hidden_as(wanted, _entry(tx, case, wanted.entry_id))
    row = Attachment(
        municipality_id=case.municipality_id,
        case_id=case.id,
        entry_id=wanted.entry_id,
        title=wanted.title.strip(),
        kind=kind,
        size=len(wanted.content),
        digest=digest,
        content=wanted.content,
        put_by_id=tx.actor.id,
        put_at=tx.now,
        **kept,
    )
    tx.add(row)
    logs.look_again(tx, case, row.id, row.hidden_until)
    hidden = {"hidden_reason": row.hidden_reason, "hidden_until": row.hidden_until}
    tell(tx, case, "attachment_put", title=row.title, attachment=str(row.id), **hidden)  # type: ignore[arg-type]
    case.attachments += 1
    logs.touch(tx, case)
    ask_for_scan(tx, row.id)
    tx.note(
        "case",
        case.id,
        "put_attachment",
        municipality_id=case.municipality_id,
        attachment=row.id,
        digest=digest,
        for_family=row.for_family,
        version=case.version,
    )
    tx.result(attachment_id=row.id, case_id=case.id)
    return row.id


def _checked(tx: Transaction, case: Case, standing: Standing, wanted: PutAttachment) -> Kind:
    errors = faults(tx, case.id, case.municipality_id, wanted.title, wanted.content)
    if not wanted.for_family:
        errors |= logs.hiding_faults(tx, standing, wanted.hidden_reason, wanted.hidden_until)
    kind = kind_of(wanted.content)
    if errors or kind is None:
        raise Invalid(errors or {"content": "file_not_taken"})
    return kind


def faults(
    tx: Transaction, case_id: UUID, municipality_id: UUID, title: str, content: bytes
) -> dict[str, str]:
    """What is wrong with a document and its title, by field; what it is, its bytes alone say."""
    errors = {}
    if not title.strip():
        errors["title"] = "required"
    elif len(title.strip()) > LONGEST_TITLE:
        errors["title"] = "too_long"
    if not content:
        errors["content"] = "choose_a_file"
    elif len(content) > limit_for(tx, municipality_id):
        errors["content"] = "file_too_big"
    elif kind_of(content) is None:
        errors["content"] = "file_not_taken"
    elif _taken_up(tx, case_id) + len(content) > MOST_IN_CASE:
        errors["content"] = "case_is_full"
    return errors


def _taken_up(tx: Transaction, case_id: UUID) -> int:
    sql = "SELECT coalesce(sum(size), 0) FROM attachments WHERE case_id = :case AND taken_away_at IS NULL"
    return int(tx.scalar(sql, case=case_id))


def _entry(tx: Transaction, case: Case, entry_id: UUID | None) -> LogEntry | None:
    if entry_id is None:
        return None
    entry = tx.get(LogEntry, entry_id)
    if entry.case_id != case.id or entry.code:  # what the house wrote may be for one of the family alone
        raise NotFound
    return entry


def tell(
    tx: Transaction,
    case: Case,
    code: str,
    *,
    only_for: UUID | None = None,
    hidden_reason: str | None = None,
    hidden_until: date | None = None,
    **facts: str,
) -> None:
    """A line in the log, as hidden from the family as the attachment itself; `only_for` alone of it may read it."""
    tx.add_line(
        case,
        kind="system",
        code=code,
        facts=facts | ({"only_for": str(only_for)} if only_for else {}),
        author_id=tx.actor.id if tx.actor.way == "staff" else None,
        for_family=hidden_reason is None,
        hidden_reason=hidden_reason,
        hidden_until=hidden_until,
    )
