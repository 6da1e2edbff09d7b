"""Attaching advice to a case: the asker alone, where the family has agreed, as a copy that leads nowhere back."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from casework import guides, logs, relations
from casework.access import Permission
from casework.consultations.threads import facts_of, hold, theirs
from casework.transactions import Transaction
from levels.charts import move
from levels.consultations import ConsultationChart
from records.cases import Case
from records.children import Child
from records.consultations import Consultation, ConsultationMessage
from records.municipalities import Service

COPIED = ("question", "follow_up", "answer")


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """A case the asker writes in, and whether the family's consent reaches the service that answered."""

    id: UUID
    number: str
    child_name: str
    reached: bool


def attachable(tx: Transaction, consultation_id: UUID) -> list[CaseChoice]:
    """The open cases the asker writes in; raises NotFound to anybody but the asker."""
    row = tx.get(Consultation, consultation_id)
    theirs(tx, row, asker=True)
    open_ones = (
        select(Case, Child).join(Child, col(Child.id) == col(Case.child_id)).where(Case.state != "closed")
    )
    return [
        CaseChoice(
            case.id,
            case.number,
            f"{child.first_name} {child.last_name}",
            _may_share(tx, case, row.service_id),
        )
        for case, child in tx.rows(open_ones.order_by(col(Case.number)))
        if Permission.WRITE_LOG in relations.granted(relations.to_case(tx, case))
    ]


def _may_share(tx: Transaction, case: Case, service_id: UUID) -> bool:
    """Whether consent reaches the service, or the case's guide says that this level shares without.

    No guide may say so of the levels at which services work together (`levels.guides.floors`).
    """
    level = guides.level(tx, case.guide_id, case.level_id)
    without = level is not None and level.plan.consent_to_share is False
    return without or relations.consent_reaches(tx, case.id, service_id)


def attach(tx: Transaction, consultation_id: UUID, case_id: UUID, *, key: str | None = None) -> UUID:
    """Write a copy of the thread into a case's log.

    Nothing is written about it beside the question, in the trail either: it is the case that tells, and it tells of no
    question. Raises NotFound, NotPermitted, or Refused when the family has not agreed to share with that service.
    """
    tx.once(key, "attach_advice", case=case_id)
    row = hold(tx, consultation_id, "attach", None)
    case = tx.lock(Case, case_id)
    tx.require(Permission.WRITE_LOG, relations.to_case(tx, case))
    facts = facts_of(tx, row, consent=_may_share(tx, case, row.service_id))
    move(ConsultationChart, row.state, "attach", facts)
    service = tx.get(Service, row.service_id)
    logs.tell(tx, case, "conversation", "advice_attached", body=_copy(tx, row), service=service.name)
    logs.touch(tx, case)
    tx.note("case", case.id, "attach_advice", municipality_id=case.municipality_id, version=case.version)
    tx.result(case_id=case.id)
    return case.id


def _copy(tx: Transaction, row: Consultation) -> str:
    """The thread as text: what was asked in quotation marks, what was answered as it stands."""
    said = (
        select(ConsultationMessage)
        .where(ConsultationMessage.consultation_id == row.id)
        .order_by(col(ConsultationMessage.id))
    )
    return "\n\n".join(
        one.body if one.kind == "answer" else f"«{one.body}»" for one in tx.rows(said) if one.kind in COPIED
    )
