"""Reports of concern to child welfare: never held back, never shown in the case, honest about the receipt."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import notices, relations, ties
from casework.access import PRACTICE
from casework.refusals import Invalid, NotFound, Unavailable
from casework.transactions import Transaction
from levels.charts import move
from levels.children import About
from levels.concern_reports import ConcernReportChart, ConcernReportFacts
from levels.disqualifications import TieSign
from records.cases import Case
from records.children import Child
from records.concern_reports import ConcernReport
from records.municipalities import Municipality, Service
from records.signals import Signal

LONGEST = 20000


@dataclass(frozen=True, slots=True)
class SendReport:
    """What the reporter wants child welfare to know."""

    worry: str
    child_said: str = ""
    guardians_told: bool = False
    why_not_told: str = ""
    urgent: bool = False
    violence: bool = False
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report as its sender or its receiver sees it."""

    id: UUID
    child_name: str
    child_id: UUID
    municipality_name: str
    service_name: str
    reporter_name: str
    reporter_title: str
    worry: str
    child_said: str
    guardians_told: bool
    why_not_told: str
    urgent: bool
    violence: bool
    state: str
    sent_at: datetime
    delivered_at: datetime | None
    opened_at: datetime | None
    opened_by: str
    mine: bool
    version: int


def receiver_of(tx: Transaction, municipality_id: UUID) -> Service:
    """The child welfare service of a municipality: its own, or the shared one that covers it.

    Raises Unavailable when the municipality has none set up; people are then told whom to ring.
    """
    own = select(Service).where(
        Service.municipality_id == municipality_id,
        Service.kind == "child_welfare",
        col(Service.closed_on).is_(None),
    )
    found = tx.session.exec(own).first()
    if found is None:
        shared = text(
            "SELECT s.id FROM services s JOIN service_reaches r ON r.service_id = s.id"
            " WHERE r.municipality_id = :municipality AND s.kind = 'child_welfare' AND s.closed_on IS NULL"
        )
        shared_id = tx.session.execute(shared, {"municipality": municipality_id}).scalar()
        found = tx.session.get(Service, shared_id) if shared_id else None
    if found is None:
        raise Unavailable
    return found


def about_child(tx: Transaction, child_id: UUID, wanted: SendReport) -> UUID:
    """Send a report about a child one meets at work. No level, step or consent can hold it back.

    Raises NotFound for a child outside one's work, Invalid when nothing is written, or when it is about a group: a
    report is about a child. Barnevernsloven § 13-2:
    the duty is personal and goes before confidentiality.
    """
    tx.once(wanted.key, "report_concern", child=child_id, worry=wanted.worry)
    if not wanted.worry.strip():
        raise Invalid({"worry": "write_something"})
    if len(wanted.worry) > LONGEST:
        raise Invalid({"worry": "too_long"})
    child = tx.get(Child, child_id)
    if child.kind == About.GROUP:
        raise Invalid({"child_id": "choose_the_child"})
    service = receiver_of(tx, child.municipality_id)
    row = ConcernReport(
        municipality_id=child.municipality_id,
        service_id=service.id,
        child_id=child.id,
        reporter_id=tx.actor.id,
        worry=wanted.worry.strip(),
        child_said=wanted.child_said.strip(),
        guardians_told=wanted.guardians_told,
        why_not_told=wanted.why_not_told.strip(),
        urgent=wanted.urgent,
        violence=wanted.violence,
        sent_at=tx.now,
    )
    tx.add(row)
    for receiver in (service.leader_id, None):
        notices.write(
            tx,
            "concern_report_received",
            municipality_id=child.municipality_id,
            subject=("concern_report", row.id),
            practitioner_id=receiver,
            service_id=None if receiver else service.id,
        )
    # The trail of the report is its own file: nobody who reads the case's trail meets it there.
    tx.note("concern_report", row.id, "report_concern", municipality_id=row.municipality_id)
    tx.result(report_id=row.id)
    return row.id


def from_signal(tx: Transaction, signal_id: UUID, wanted: SendReport) -> UUID:
    """Report from a worry, whatever its state. Raises NotFound or Invalid."""
    return about_child(tx, tx.get(Signal, signal_id).child_id, wanted)


def from_case(tx: Transaction, case_id: UUID, wanted: SendReport) -> UUID:
    """Report from a case, whatever its level, also when it is closed. Raises NotFound or Invalid."""
    case = tx.get(Case, case_id)
    report_id = about_child(tx, case.child_id, wanted)
    if relations.to_case(tx, case).relations:
        # Only the fact that the guide's side exit was used, for its own rule; no text, no log entry.
        case.concern_reported_at = tx.now
    return report_id


def delivered(tx: Transaction, report_id: UUID) -> None:
    """The letter about it has reached child welfare's mail server. For jobs."""
    row = tx.lock(ConcernReport, report_id)
    if row.state == "saved":
        row.state = move(ConcernReportChart, row.state, "deliver", ConcernReportFacts()).after
        row.delivered_at = tx.now
    tx.without_trail()


_ROWS = """
    SELECT r.id, k.first_name || ' ' || k.last_name AS child_name, r.child_id, m.name AS municipality_name,
      s.name AS service_name, p.name AS reporter_name, p.title AS reporter_title, r.worry, r.child_said,
      r.guardians_told, r.why_not_told, r.urgent, r.violence, r.state, r.sent_at, r.delivered_at, r.opened_at,
      coalesce(o.name, '') AS opened_by, r.reporter_id = :actor AS mine, r.version
    FROM concern_reports r
    JOIN children k ON k.id = r.child_id
    JOIN municipalities m ON m.id = r.municipality_id
    JOIN services s ON s.id = r.service_id
    JOIN practitioners p ON p.id = r.reporter_id
    LEFT JOIN practitioners o ON o.id = r.opened_by_id
"""
_ONE = text(_ROWS + " WHERE r.id = :report")
_MINE = text(_ROWS + " WHERE r.reporter_id = :actor ORDER BY r.sent_at DESC LIMIT 100")
_INBOX = text(
    _ROWS + " WHERE r.service_id = ANY (:services) ORDER BY (r.state = 'opened'), r.urgent DESC, r.sent_at"
    " LIMIT 200"
)


def sent_by_me(tx: Transaction) -> list[ReportSummary]:
    """The actor's own reports with what became of each."""
    found = tx.session.execute(_MINE, {"actor": tx.actor.id}).mappings()
    return [ReportSummary(**row) for row in found]


def inbox(tx: Transaction) -> list[ReportSummary]:
    """Reports received by the actor's child welfare service: unopened first, urgent before others."""
    services = [m.service_id for m in tx.actor.memberships if _receives(m.service_kind, m.role)]
    if not services:
        raise NotFound
    found = tx.session.execute(_INBOX, {"actor": tx.actor.id, "services": services}).mappings()
    return [ReportSummary(**row) for row in found]


def _receives(kind: str, role: object) -> bool:
    return kind == "child_welfare" and role in PRACTICE


def to_consider(tx: Transaction, report_id: UUID) -> tuple[TieSign, ...]:
    """What may tie the actor to the family, when opening this report takes it in. Raises NotFound."""
    row = tx.get(ConcernReport, report_id)
    return ties.signs(tx, row.child_id) if _takes_in(tx, row) else ()


def _takes_in(tx: Transaction, row: ConcernReport) -> bool:
    return row.state != "opened" and any(m.service_id == row.service_id for m in tx.actor.practice())


def seen(tx: Transaction, report_id: UUID, *, considered: bool = False) -> ReportSummary:
    """Read a report. The first reader at child welfare opens it, and the reporter is told by whom. `considered` says
    that a sign of a tie between that reader and the family has been considered.

    Raises NotFound, or Invalid when there is one and it has not: the report stays unopened, for a colleague.
    """
    row = tx.lock(ConcernReport, report_id) if _is_receiver(tx) else tx.get(ConcernReport, report_id)
    trail: dict[str, Any] = {}
    if _takes_in(tx, row):
        trail = ties.consider(tx, row.child_id, considered=considered)
        moved = move(ConcernReportChart, row.state, "open_report", ConcernReportFacts())
        row.state, row.opened_at, row.opened_by_id = moved.after, tx.now, tx.actor.id
        row.version += 1
        tx.session.flush()
        notices.write(
            tx,
            "concern_report_opened",
            municipality_id=row.municipality_id,
            subject=("concern_report", row.id),
            practitioner_id=row.reporter_id,
        )
    tx.note("concern_report", row.id, "read_report", municipality_id=row.municipality_id, **trail)
    found = tx.session.execute(_ONE, {"report": report_id, "actor": tx.actor.id}).mappings().one()
    return ReportSummary(**found)


def _is_receiver(tx: Transaction) -> bool:
    return any(_receives(m.service_kind, m.role) for m in tx.actor.memberships)


def duty_phone(tx: Transaction, municipality_id: UUID) -> str:
    """The number of the emergency duty, shown on every page where somebody may be in danger."""
    town = tx.session.get(Municipality, municipality_id)
    return town.duty_phone if town else ""
