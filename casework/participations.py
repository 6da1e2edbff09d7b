"""Who takes part in a case. Every change of sight is one row opened or closed here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from casework.transactions import Transaction
from records.cases import Case
from records.municipalities import Practitioner, Service
from records.participations import Participation


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part, and as what."""

    practitioner_id: UUID
    name: str
    title: str
    kind: str
    service_id: UUID | None
    service_name: str
    since: datetime


def of_case(tx: Transaction, case_id: UUID) -> list[Participant]:
    """Everybody who takes part now, holder first."""
    found = tx.rows(
        select(Participation, Practitioner, Service)
        .join(Practitioner, col(Practitioner.id) == col(Participation.practitioner_id))
        .outerjoin(Service, col(Service.id) == col(Participation.service_id))
        .where(Participation.case_id == case_id, col(Participation.until).is_(None))
        .order_by(col(Participation.since))
    )
    people = [
        Participant(p.id, p.name, p.title, part.kind, part.service_id, s.name if s else "", part.since)
        for part, p, s in found
    ]
    order = {"holder": 0, "leader": 1, "member": 2, "service": 3}
    return sorted(people, key=lambda person: order[person.kind])


def join(
    tx: Transaction, case: Case, practitioner_id: UUID, kind: str, *, service_id: UUID | None = None
) -> None:
    """Let somebody in as this; letting in who is already in changes nothing."""
    current = _current(tx, case.id, practitioner_id, kind)
    if any(part.service_id == service_id for part in current):
        return
    tx.add(
        Participation(
            municipality_id=case.municipality_id,
            case_id=case.id,
            practitioner_id=practitioner_id,
            service_id=service_id,
            kind=kind,
            may_write=kind in ("holder", "member"),
            since=tx.now,
        )
    )
    tx.session.flush()


def leave(
    tx: Transaction,
    case_id: UUID,
    *,
    practitioner_id: UUID | None = None,
    kind: str | None = None,
    service_id: UUID | None = None,
) -> int:
    """End the matching parts from now on; answers how many ended."""
    wanted = select(Participation).where(Participation.case_id == case_id, col(Participation.until).is_(None))
    if practitioner_id is not None:
        wanted = wanted.where(Participation.practitioner_id == practitioner_id)
    if kind is not None:
        wanted = wanted.where(Participation.kind == kind)
    if service_id is not None:
        wanted = wanted.where(Participation.service_id == service_id)
    parts = tx.rows(wanted)
    for part in parts:
        part.until = tx.now
    return len(parts)


def _current(tx: Transaction, case_id: UUID, practitioner_id: UUID, kind: str) -> list[Participation]:
    return tx.rows(
        select(Participation).where(
            Participation.case_id == case_id,
            Participation.practitioner_id == practitioner_id,
            Participation.kind == kind,
            col(Participation.until).is_(None),
        )
    )
