"""A letter that came nowhere becomes a task: for whoever holds the case, and for whoever keeps the address."""

from typing import Protocol
from uuid import UUID

from sqlalchemy import text

from casework.transactions import Transaction
from records.cases import Case
from records.concern_reports import ConcernReport
from records.notices import Notice

_ADMINISTRATORS = text(
    """
    SELECT DISTINCT a.practitioner_id FROM assignments a
    JOIN services s ON s.id = a.service_id JOIN practitioners p ON p.id = a.practitioner_id
    WHERE s.municipality_id = :town AND a.role = 'administrator' AND p.left_on IS NULL
      AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
    """
)


class Write(Protocol):
    """How a notice is written; handed in, because letters know of tasks and not the other way round."""

    def __call__(
        self,
        tx: Transaction,
        kind: str,
        *,
        municipality_id: UUID,
        subject: tuple[str, UUID],
        practitioner_id: UUID | None = None,
        case_id: UUID | None = None,
    ) -> UUID: ...


def tell_of_undelivered(tx: Transaction, notice: Notice, why: str, write: Write) -> None:
    """Put the letter on the list of unmatched ones, and tell the one who can do something about it. For jobs.

    A letter about an undelivered letter is only listed, so that one bad address never writes without end.
    """
    notice.unmatched, notice.unmatched_at = why, notice.unmatched_at or tx.now
    if notice.kind == "letter_bounced":
        return
    told = [(person, subject) for person, subject in _responsible(tx, notice) if person is not None]
    for person, subject in dict(told).items():
        if person != notice.practitioner_id:
            write(
                tx,
                "letter_bounced",
                municipality_id=notice.municipality_id,
                subject=subject,
                practitioner_id=person,
                case_id=notice.case_id,
            )


def _responsible(tx: Transaction, notice: Notice) -> list[tuple[UUID | None, tuple[str, UUID]]]:
    """Who is told, and which page each is led to; of several pages for one person the last."""
    found: list[tuple[UUID | None, tuple[str, UUID]]] = []
    keeps = _kept_at(notice)
    if keeps is not None:
        values = {"town": notice.municipality_id, "today": tx.today}
        found += [(person, keeps) for person in tx.session.execute(_ADMINISTRATORS, values).scalars()]
    if notice.case_id is not None:
        case = tx.session.get(Case, notice.case_id)
        found.append((case.holder_id if case else None, ("case_letters", notice.case_id)))
    elif notice.subject_kind == "concern_report":
        report = tx.session.get(ConcernReport, notice.subject_id)
        found.append((report.reporter_id if report else None, ("concern_report", notice.subject_id)))
    return found


def _kept_at(notice: Notice) -> tuple[str, UUID] | None:
    """The administrator's page where the address is corrected; a guardian's is the holder's to correct."""
    if notice.service_id is not None:
        return ("service", notice.service_id)
    return ("practitioner", notice.practitioner_id) if notice.practitioner_id is not None else None
