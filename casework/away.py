"""Who is away today: all that everybody may know, asked before a baton is offered and wherever a holder is named."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework.refusals import Invalid
from casework.transactions import Transaction
from records.cases import Case


@dataclass(frozen=True, slots=True)
class Away:
    """What everybody may know: until when, and who stands in."""

    practitioner_id: UUID
    name: str
    until_on: date
    substitute_id: UUID | None
    substitute_name: str


_AWAY = text(
    """
    SELECT w.practitioner_id, p.name, w.until_on, w.substitute_id, coalesce(s.name, '') AS substitute_name
    FROM app.away_now() w
    JOIN practitioners p ON p.id = w.practitioner_id
    LEFT JOIN practitioners s ON s.id = w.substitute_id
    WHERE w.practitioner_id = ANY (:people)
    """
)


def all_of(tx: Transaction, people: list[UUID]) -> dict[UUID, Away]:
    """Those among some people who are away today."""
    if not people:
        return {}
    found = tx.ask_for(Away, _AWAY, {"people": list(set(people))})
    return {one.practitioner_id: one for one in found}


def check_at_work(tx: Transaction, practitioner_id: UUID) -> None:
    """Refuse to hand something to somebody else who is away today; raises Invalid. Oneself is at work, being here."""
    if practitioner_id != tx.actor.id and of(tx, practitioner_id) is not None:
        raise Invalid({"holder_id": "away_now"})


def of_cases(tx: Transaction, case_ids: list[UUID]) -> dict[UUID, Away]:
    """Whose holder is away, among some cases the actor may see."""
    if not case_ids:
        return {}
    held = dict(tx.rows(select(Case.id, Case.holder_id).where(col(Case.id).in_(case_ids))))
    away = all_of(tx, list(held.values()))
    return {case_id: away[holder_id] for case_id, holder_id in held.items() if holder_id in away}


def of(tx: Transaction, practitioner_id: UUID) -> Away | None:
    """Whether somebody is away today, and until when."""
    return all_of(tx, [practitioner_id]).get(practitioner_id)
