"""The ladder above silence: what was not done is told, rung by rung, to the next who can do something about it."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import coordinations, deadlines, guides, notices
from casework.transactions import Transaction
from levels.guides.codes import Hearer
from records.cases import Case
from records.coordinations import Invitation
from records.deadlines import Deadline
from records.municipalities import Service
from records.signals import Signal

_COORDINATORS = text(
    """
    SELECT DISTINCT a.practitioner_id FROM assignments a
    JOIN services s ON s.id = a.service_id JOIN practitioners p ON p.id = a.practitioner_id
    WHERE s.municipality_id = :town AND a.role = 'coordinator' AND p.left_on IS NULL
      AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
    """
)


def coordinators(tx: Transaction, municipality_id: UUID) -> list[UUID]:
    """Whoever coordinates a municipality today."""
    values = {"town": municipality_id, "today": tx.today}
    return list(tx.session.execute(_COORDINATORS, values).scalars().all())


def begin(tx: Transaction, row: Deadline) -> None:
    """The last day has passed: climb what is due at once, and remember when the next rung is. For jobs."""
    row.rung = 0
    _climb(tx, row)


def climb_due(tx: Transaction, *, limit: int = 200) -> int:
    """Climb every ladder whose next rung has come; rows another sweep is at work on are left to it. For jobs."""
    wanted = (
        select(Deadline)
        .where(col(Deadline.chase_at) <= tx.now)
        .order_by(col(Deadline.chase_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [row for row in tx.rows(wanted) if tx.hold(Case, row.case_id)]
    for row in rows:
        _climb(tx, row)
    tx.without_trail()
    return len(rows)


def _climb(tx: Transaction, row: Deadline) -> None:
    """Every rung whose day has passed, one after another; a late job tells all that should have been told."""
    row.chase_at = None
    while row.settled_at is None:
        found = guides.rung(tx, _guide(tx, row), row.clock, row.due, row.rung, row.target_on)
        if found is None:
            return
        at = deadlines.end_of(found.climbed_on)
        if at > tx.now:
            row.chase_at = at
            return
        _tell(tx, row, found.to)
        row.rung += 1


def _guide(tx: Transaction, row: Deadline) -> UUID:
    if row.case_id is not None:
        return tx.get(Case, row.case_id).guide_id
    return tx.get(Signal, row.signal_id or row.subject_id).guide_id


def _tell(tx: Transaction, row: Deadline, to: Hearer) -> None:
    match to:
        case Hearer.SERVICE:
            _remind_service(tx, row)
        case Hearer.SERVICE_LEADER:
            _write(tx, row, "service_silent", _leader_of_silent(tx, row))
        case Hearer.HOLDER:
            _write(tx, row, "deadline_missed", row.owner_id)
        case Hearer.LEADER:
            _write(tx, row, "deadline_missed", _leader(tx, row))
        case Hearer.COORDINATOR:
            _tell_coordinators(tx, row)


def _remind_service(tx: Transaction, row: Deadline) -> None:
    invitation = tx.session.get(Invitation, row.subject_id)
    if invitation is not None and invitation.state in ("queued", "sent", "expired"):
        coordinations.write_reminder(tx, invitation)


def _leader_of_silent(tx: Transaction, row: Deadline) -> UUID | None:
    invitation = tx.session.get(Invitation, row.subject_id)
    return tx.get(Service, invitation.service_id).leader_id if invitation else None


def _leader(tx: Transaction, row: Deadline) -> UUID | None:
    if row.signal_id is not None:
        signal = tx.session.get(Signal, row.signal_id)
        return signal.leader_id if signal else None
    case = tx.session.get(Case, row.case_id) if row.case_id else None
    return tx.get(Service, case.unit_id).leader_id if case else None


def _tell_coordinators(tx: Transaction, row: Deadline) -> None:
    """Coordinators see no child: they are led to the list without names."""
    for person in coordinators(tx, row.municipality_id):
        _write(tx, row, "deadline_stuck", person, subject=("overview", row.case_id or row.subject_id))


def _write(
    tx: Transaction,
    row: Deadline,
    kind: str,
    person: UUID | None,
    *,
    subject: tuple[str, UUID] | None = None,
) -> None:
    if person is None:
        return
    notices.write(
        tx,
        kind,
        municipality_id=row.municipality_id,
        subject=subject or (row.subject_kind, row.subject_id),
        practitioner_id=person,
        case_id=row.case_id,
        edition=row.rung,
    )
