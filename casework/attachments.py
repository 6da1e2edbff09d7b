"""Attachments in a case: put there, listed, fetched, taken away with a reason, and marked by the malware scan."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from casework import deadlines, logs, notices, relations
from casework.access import Permission, Relation, Standing
from casework.refusals import Invalid, NotFound, NotPermitted, Refused, Stale
from casework.transactions import Transaction
from levels.attachments import (
    ENDINGS,
    LONGEST_TITLE,
    MOST_IN_CASE,
    Kind,
    ScanChart,
    ScanFacts,
    kind_of,
    largest,
)
from levels.charts import move
from levels.hidings import DUE
from records.attachments import Attachment
from records.cases import Case
from records.logs import LogEntry

LONGEST_REASON = 1000
ONCE_MORE = timedelta(days=7)  # a scanner's signatures know more when a week has passed


@dataclass(frozen=True, slots=True)
class Listed:
    """An attachment as a list shows it: everything but its content. `who` is empty for the child's own."""

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

    @property
    def opens(self) -> bool:
        """Whether its content is given out."""
        return self.taken_away_at is None and self.scan_state != "infected"


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


@dataclass(frozen=True, slots=True)
class TakeAway:
    """Why an attachment should not have been there."""

    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An attachment's content, under a name that says nothing of anybody."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    digest: str
    scan_state: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner answered: infected or not, which scanner it was, and what it calls what it found."""

    infected: bool
    scanner: str
    finding: str = ""


_LISTED = """
    SELECT a.id, a.case_id, a.entry_id, a.word_id, a.title, a.kind, a.size, a.put_at,
      coalesce(p.name, g.name, '') AS who, a.member_id IS NOT NULL AS by_family,
      coalesce(a.put_by_id, a.member_id) = app.actor_id() AS mine, a.for_family, a.hidden_reason,
      a.hidden_until, a.scan_state, a.scanned_at, a.taken_away_at, coalesce(t.name, '') AS taken_away_by,
      a.taken_away_why, a.version
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
    _tell(tx, case, row, "attachment_put")
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


def ask_for_scan(tx: Transaction, attachment_id: UUID) -> None:
    """Let the follow-up show it to the scanner; it is told an opaque id only."""
    tx.start_flow("scan-attachments", ids={"attachment_id": attachment_id})


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


def _tell(tx: Transaction, case: Case, row: Attachment | Listed, code: str, **facts: str) -> None:
    """A line in the log, as hidden from the family as the attachment itself."""
    tx.add_line(
        case,
        kind="system",
        code=code,
        facts={"title": row.title, "attachment": str(row.id), **facts},
        author_id=tx.actor.id,
        for_family=row.for_family,
        hidden_reason=row.hidden_reason,
        hidden_until=row.hidden_until,
    )


def one(tx: Transaction, attachment_id: UUID) -> tuple[Listed, Case]:
    """One attachment without its content, for those inside the case; raises NotFound or NotPermitted."""
    found = tx.ask_for(Listed, _LISTED + " WHERE a.id = :id", {"id": attachment_id})
    if not found:
        raise NotFound
    case = tx.get(Case, found[0].case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    return found[0], case


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


def to_take_away(tx: Transaction, attachment_id: UUID) -> Listed:
    """One that the actor may take away; raises NotFound, also for what is gone already, or NotPermitted."""
    row, case = one(tx, attachment_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.WRITE_LOG, standing)
    if not (row.mine or Relation.HOLDER in standing.relations):
        raise NotPermitted("take_away_attachment")
    if row.taken_away_at is not None:
        raise NotFound
    return row


def take_away(tx: Transaction, attachment_id: UUID, wanted: TakeAway) -> UUID:
    """Take away what should not have been there: the content goes, and who, when and why stays. Answers the case.

    For the holder and whoever put it. Raises NotFound, NotPermitted, Invalid or Stale.
    """
    tx.once(wanted.key, "take_away_attachment", attachment=attachment_id, reason=wanted.reason)
    case = tx.lock(Case, to_take_away(tx, attachment_id).case_id)
    row = to_take_away(tx, attachment_id)  # anew, now that nobody else is at it
    if wanted.version is not None and wanted.version != row.version:
        raise Stale(row.version)
    reason = wanted.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": "too_long" if reason else "write_why"})
    _forget_content(tx, row.id, reason)
    deadlines.let_go(tx, row.id, DUE)
    if not row.by_family:  # what one of a family says stands in no log, and its papers neither
        _tell(tx, case, row, "attachment_taken_away", reason=reason)
    logs.touch(tx, case)
    tx.note("case", case.id, "take_away_attachment", municipality_id=case.municipality_id, attachment=row.id)
    tx.result(attachment_id=row.id, case_id=case.id)
    return case.id


def _forget_content(tx: Transaction, attachment_id: UUID, reason: str) -> None:
    tx.ask(
        "UPDATE attachments SET content = NULL, taken_away_at = :now, taken_away_by_id = :who, taken_away_why = :why,"
        " version = version + 1 WHERE id = :id",
        {"now": tx.now, "who": tx.actor.id, "why": reason, "id": attachment_id},
    )


_UNSCANNED = """
    SELECT id FROM attachments
    WHERE taken_away_at IS NULL AND (scan_state = 'not_scanned'
      OR (scan_state = 'clean' AND scanned_at < put_at + :later AND put_at + :later <= :now))
    ORDER BY put_at, id LIMIT :most
"""


def unscanned(tx: Transaction, *, limit: int = 200) -> list[UUID]:
    """What no scanner has looked at yet, and what was clean a week ago and is looked at once more. For jobs."""
    tx.without_trail()
    return [row.id for row in tx.ask(_UNSCANNED, {"later": ONCE_MORE, "now": tx.now, "most": limit})]


def to_scan(tx: Transaction, attachment_id: UUID) -> bytes | None:
    """The content of one attachment, for the scanner; None when it has been taken away. For jobs."""
    tx.without_trail()
    found: Any = tx.scalar("SELECT app.attachment_to_scan(:id)", id=attachment_id)
    return bytes(found) if found is not None else None


def scanned(tx: Transaction, attachment_id: UUID, verdict: Verdict) -> None:
    """Set the mark a scanner's answer gives, and tell the holder of what was found infected. For jobs.

    Does nothing to what has been taken away meanwhile.
    """
    rows = tx.ask(
        "SELECT case_id, municipality_id, scan_state FROM attachments"
        " WHERE id = :id AND taken_away_at IS NULL FOR UPDATE",
        {"id": attachment_id},
    )
    for row in rows:
        event = "flag" if verdict.infected else "clear"
        moved = move(ScanChart, row.scan_state, event, ScanFacts(scanner_answered=True))
        tx.ask(
            "UPDATE attachments SET scan_state = :state, scanned_at = :now, scanned_by = :by, finding = :finding"
            " WHERE id = :id",
            {
                "state": moved.after,
                "now": tx.now,
                "by": verdict.scanner[:200],
                "finding": verdict.finding[:200],
                "id": attachment_id,
            },
        )
        tx.note(
            "case",
            row.case_id,
            "scan_attachment",
            municipality_id=row.municipality_id,
            attachment=attachment_id,
            state=moved.after,
        )
        if verdict.infected and row.scan_state != moved.after:
            notices.write(
                tx,
                "attachment_infected",
                municipality_id=row.municipality_id,
                subject=("case", row.case_id),
                practitioner_id=tx.scalar("SELECT holder_id FROM cases WHERE id = :case", case=row.case_id),
                case_id=row.case_id,
            )
