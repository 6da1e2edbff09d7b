"""The malware scan: what a scanner is shown, and the mark its answer gives. For jobs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from casework import notices
from casework.transactions import Transaction
from levels.attachments import ScanChart, ScanFacts
from levels.charts import move

ONCE_MORE = timedelta(days=7)  # a scanner's signatures know more when a week has passed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner answered: infected or not, which scanner it was, and what it calls what it found."""

    infected: bool
    scanner: str
    finding: str = ""


def ask_for_scan(tx: Transaction, attachment_id: UUID) -> None:
    """Let the follow-up show it to the scanner; it is told an opaque id only."""
    tx.start_flow("scan-attachments", ids={"attachment_id": attachment_id})


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
