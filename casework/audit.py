"""The trail: who read and did what, proof that nobody has changed it, and daily anchors."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import relations
from casework.access import Permission
from casework.transactions import Transaction
from records.audit import AuditAnchor
from records.cases import Case

READS = (
    "read_case",
    "read_measure",
    "read_meeting",
    "read_invitation",
    "read_offer",
    "read_log",
    "print_case",
    "break_glass",
    "fetch_package",
)


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


_HEADS = text("SELECT id, hash FROM audit_heads WHERE municipality_id = :municipality ORDER BY id")


def _sum_of_heads(tx: Transaction, municipality_id: UUID) -> tuple[int, bytes]:
    digest, files = hashlib.sha256(), 0
    for file_id, head in tx.session.execute(_HEADS, {"municipality": municipality_id}):
        digest.update(file_id.bytes + bytes(head))
        files += 1
    return files, digest.digest()


def _anchor_bytes(municipality_id: UUID, day: date, files: int, heads: bytes, previous: bytes) -> bytes:
    return b"|".join((municipality_id.bytes, day.isoformat().encode(), str(files).encode(), heads, previous))


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
        files, heads = _sum_of_heads(tx, municipality_id)
        previous = last.signature if last else b""
        said = _anchor_bytes(municipality_id, tx.today, files, heads, previous)
        tx.add(
            AuditAnchor(
                municipality_id=municipality_id,
                day=tx.today,
                files=files,
                heads_hash=heads,
                previous=previous,
                signature=hmac.digest(secret, said, "sha256"),
                made_at=tx.now,
            )
        )
        made += 1
    tx.without_trail()
    return made


def broken_anchors(tx: Transaction, *, secret: bytes) -> list[AuditAnchor]:
    """Anchors whose signature or link to the day before does not hold."""
    broken = []
    rows = tx.rows(select(AuditAnchor).order_by(col(AuditAnchor.municipality_id), col(AuditAnchor.day)))
    before: dict[UUID, bytes] = {}
    for row in rows:
        said = _anchor_bytes(row.municipality_id, row.day, row.files, row.heads_hash, row.previous)
        signed = hmac.compare_digest(hmac.digest(secret, said, "sha256"), row.signature)
        if not signed or row.previous != before.get(row.municipality_id, b""):
            broken.append(row)
        before[row.municipality_id] = row.signature
    return broken
