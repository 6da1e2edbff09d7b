"""The trail: who read and did what, proof that nobody has changed it, and daily anchors."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select

from casework import relations
from casework.access import Permission
from casework.transactions import Transaction
from records.audit import AuditAnchor, AuditEntry, TrailCheck
from records.cases import Case

# What is a read of a case; families are told of these.
READS = (
    "read_case",
    "read_measure",
    "read_meeting",
    "read_invitation",
    "read_attachment",
    "read_offer",
    "read_log",
    "print_case",
    "break_glass",
    "fetch_package",
    "read_pack",
    "hand_over_attachments",
)
# Looks that are open to nobody but whoever was asked: being asked is how they stand to the file.
# Whoever takes a case archives it where it was.
ASKED = frozenset({"read_pack", "hand_over_attachments", "archive_case"})
# Every read of any child's file; with these, the look-ups that found nobody.
LOOKS = (
    *READS,
    "archive_case",
    "read_family",
    "read_family_word",
    "read_report",
    "read_signal",
    "read_times",
)
MISSES = {
    "search_failed": "search",
    "find_child_failed": "search",
    "break_glass_failed": "emergency",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody read the case: who, as what, when, and which page."""

    name: str
    title: str
    role: str
    act: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """A file whose trail does not hold, and where."""

    file_id: UUID
    file_kind: str
    seq: int
    code: str


def readings(tx: Transaction, case_id: UUID, *, limit: int = 200) -> list[Reading]:
    """Who has read the case, newest first; raises NotFound or NotPermitted."""
    case = tx.get(Case, case_id)
    tx.require(Permission.SEE_READERS, relations.to_case(tx, case))
    tx.note("case", case.id, "read_log", municipality_id=case.municipality_id)
    return _readings(tx, case_id, limit)


def _readings(tx: Transaction, case_id: UUID, limit: int) -> list[Reading]:
    found = tx.session.execute(
        text(
            "SELECT p.name, p.title, a.role, a.act, a.at FROM audit a"
            " JOIN practitioners p ON p.id = a.actor_id"
            " WHERE a.file_id = :case AND a.act = ANY (:acts) ORDER BY a.seq DESC LIMIT :limit"
        ),
        {"case": case_id, "acts": list(READS), "limit": limit},
    )
    return [Reading(*row) for row in found]


def latest_readers(tx: Transaction, case_id: UUID, *, limit: int = 3) -> list[Reading]:
    """The last few who read, each once: the box on the case page."""
    newest: dict[str, Reading] = {}
    for reading in _readings(tx, case_id, 40):
        newest.setdefault(reading.name, reading)
    return list(newest.values())[:limit]


# Every entry is sealed anew from what it says and the entry before, and compared; the head must be the last.
_VERIFY = text(
    """
    WITH entries AS (
      SELECT a.file_id, a.file_kind, a.seq,
        a.previous = lag(a.hash, 1, sha256(convert_to(a.file_id::text, 'UTF8')))
          OVER (PARTITION BY a.file_id ORDER BY a.seq) AS linked,
        a.seq = row_number() OVER (PARTITION BY a.file_id ORDER BY a.seq) AS counted,
        a.hash = app.seal(a.previous, a.file_id, a.seq, a.at, a.actor_id, a.role, a.act, a.body) AS sealed
      FROM audit a
    )
    SELECT file_id, file_kind, seq,
      CASE WHEN NOT counted THEN 'entry_missing' WHEN NOT linked THEN 'link_broken' ELSE 'entry_changed' END
    FROM entries WHERE NOT (linked AND counted AND sealed)
    UNION ALL
    SELECT h.id, h.file_kind, h.seq, 'tail_cut'
    FROM audit_heads h
    WHERE NOT EXISTS (
      SELECT 1 FROM audit a WHERE a.file_id = h.id AND a.seq = h.seq AND a.hash = h.hash
    )
    UNION ALL
    SELECT a.file_id, a.file_kind, max(a.seq), 'head_missing'
    FROM audit a WHERE NOT EXISTS (SELECT 1 FROM audit_heads h WHERE h.id = a.file_id)
    GROUP BY a.file_id, a.file_kind
    ORDER BY 1, 3
    LIMIT 1000
    """
)


def verify(tx: Transaction) -> list[Fault]:
    """Recompute every chain; answers each place where it does not hold. For jobs and the command line."""
    return [Fault(*row) for row in tx.session.execute(_VERIFY)]


# An act is over within seconds, so whatever happened this long ago stands; the heads of then can be counted anew.
SETTLED = timedelta(minutes=10)
# A change to what stood before an anchor changes that anchor and every later one: the newest are enough.
RECOUNTED = timedelta(days=14)
_HEADS = text(
    """
    SELECT file_id, hash FROM (
      (SELECT DISTINCT ON (file_id) file_id, hash FROM audit WHERE municipality_id = :municipality AND at <= :until
        ORDER BY file_id, seq DESC)
      UNION ALL
      SELECT id, hash FROM forgotten_trails WHERE municipality_id = :municipality AND forgotten_at > :until
    ) heads ORDER BY file_id
    """
)


def _sum_of_heads(tx: Transaction, municipality_id: UUID, until: datetime) -> tuple[int, bytes]:
    digest, files = hashlib.sha256(), 0
    values = {"municipality": municipality_id, "until": until}
    for file_id, head in tx.session.execute(_HEADS, values):
        digest.update(file_id.bytes + bytes(head))
        files += 1
    return files, digest.digest()


def _said(row: AuditAnchor) -> bytes:
    until = (row.until.astimezone(UTC).isoformat().encode(),) if row.until else ()
    parts = (row.municipality_id.bytes, row.day.isoformat().encode(), str(row.files).encode())
    return b"|".join((*parts, row.heads_hash, row.previous, *until))


def anchor(tx: Transaction, *, secret: bytes) -> int:
    """Seal every municipality's heads with yesterday's anchor, signed; answers how many were made today."""
    made = 0
    for municipality_id in (
        tx.session.execute(text("SELECT id FROM municipalities ORDER BY id")).scalars().all()
    ):
        last = tx.session.exec(
            select(AuditAnchor)
            .where(AuditAnchor.municipality_id == municipality_id)
            .order_by(col(AuditAnchor.day).desc())
        ).first()
        if last is not None and last.day >= tx.today:
            continue
        until = tx.now - SETTLED
        files, heads = _sum_of_heads(tx, municipality_id, until)
        row = AuditAnchor(
            municipality_id=municipality_id,
            day=tx.today,
            files=files,
            heads_hash=heads,
            previous=last.signature if last else b"",
            signature=b"",
            until=until,
            made_at=tx.now,
        )
        row.signature = hmac.digest(secret, _said(row), "sha256")
        tx.add(row)
        made += 1
    tx.without_trail()
    return made


def broken_anchors(tx: Transaction, *, secret: bytes) -> list[AuditAnchor]:
    """Anchors whose signature or link to the day before does not hold, or whose heads are not the trail's any more."""
    broken = []
    rows = tx.rows(select(AuditAnchor).order_by(col(AuditAnchor.municipality_id), col(AuditAnchor.day)))
    before: dict[UUID, bytes] = {}
    for row in rows:
        signed = hmac.compare_digest(hmac.digest(secret, _said(row), "sha256"), row.signature)
        linked = row.previous == before.get(row.municipality_id, b"")
        if not (signed and linked and _still_stands(tx, row)):
            broken.append(row)
        before[row.municipality_id] = row.signature
    return broken


def _still_stands(tx: Transaction, row: AuditAnchor) -> bool:
    """Whether the heads are what they were: a chain written anew from the start holds by itself, but not to this."""
    if row.until is None or row.day < tx.today - RECOUNTED:
        return True
    return _sum_of_heads(tx, row.municipality_id, row.until) == (row.files, row.heads_hash)


def check(tx: Transaction, *, secret: bytes, asked_by_id: UUID | None = None) -> int:
    """Verify every chain and every anchor and write down, per municipality, that it was done and what it found.

    Answers in how many places the trail does not hold. For jobs.
    """
    faults = [fault.file_id for fault in verify(tx)]
    broken = [row.municipality_id for row in broken_anchors(tx, secret=secret)]
    where = select(AuditEntry.file_id, AuditEntry.municipality_id).distinct()
    of_files = dict(tx.rows(where.where(col(AuditEntry.file_id).in_(faults))))
    counted = select(
        AuditEntry.municipality_id, func.count(col(AuditEntry.file_id).distinct()), func.count()
    ).group_by(col(AuditEntry.municipality_id))
    anchored = select(AuditAnchor.municipality_id, func.count()).group_by(col(AuditAnchor.municipality_id))
    anchors = dict(tx.rows(anchored))
    tx.add(
        *(
            TrailCheck(
                municipality_id=town,
                checked_at=tx.now,
                asked_by_id=asked_by_id,
                files=files,
                entries=entries,
                faults=sum(of_files.get(file_id) == town for file_id in faults),
                anchors=anchors.get(town, 0),
                broken_anchors=broken.count(town),
            )
            for town, files, entries in tx.session.execute(counted)
        )
    )
    tx.without_trail()
    return len(faults) + len(broken)
