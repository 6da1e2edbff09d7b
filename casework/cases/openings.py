"""A case begins: from a worry, with a holder, and already at the level the guide's outcome leads to."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import text

from casework import away, child_views, consents, guides, logs, participations
from casework.cases import moves
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.cases import CaseChart
from levels.charts import start
from levels.child_views import SayView
from records.cases import Case
from records.municipalities import Practitioner, Service
from records.signals import Signal


@dataclass(frozen=True, slots=True)
class Agreed:
    """An answer the family gave when the worry was talked over: about the log, or one service."""

    guardian_id: UUID | None
    service_id: UUID | None = None
    answer: str = "yes"
    channel: str = "oral"
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class RaiseSignal:
    """The decision to open a case: the guide's outcome, who holds the baton, and what the family said.

    `considered` says that a sign of a tie between the family and oneself, who is to hold it, has been considered.
    """

    to: str
    when: str | None = None
    holder_id: UUID | None = None
    guardians_told_on: date | None = None
    guardians_not_told: str = ""
    child_said: str = ""
    child_not_asked: str = ""
    reason: str = ""
    agreed: tuple[Agreed, ...] = ()
    considered: bool = False
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def open_case(tx: Transaction, signal: Signal, wanted: RaiseSignal, *, reported: bool) -> Case:
    """Make the case with its participants and what is already known; it still stands at level 0."""
    if wanted.holder_id is None:
        raise Invalid({"holder_id": "choose_one"})
    away.check_at_work(tx, wanted.holder_id)
    case = Case(
        municipality_id=signal.municipality_id,
        number=next_number(tx, signal.municipality_id),
        child_id=signal.child_id,
        unit_id=signal.unit_id,
        guide_id=signal.guide_id,
        level_id=signal.level_id,
        step_id=signal.step_id,
        state=start(CaseChart),
        level_since=signal.noted_at,
        holder_id=wanted.holder_id,
        holder_since=tx.now,
        opened_at=tx.now,
        last_activity_at=tx.now,
        concern_reported_at=tx.now if reported else None,
    )
    tx.add(case)
    tx.session.flush()
    _gather(tx, case, signal, wanted.holder_id)
    _keep_child_view(tx, case, wanted)
    _keep_agreed(tx, case, wanted.agreed)
    logs.tell(tx, case, "system", "case_opened")
    return case


def next_number(tx: Transaction, municipality_id: UUID) -> str:
    """The next case's number in a municipality: the year and a running number."""
    number = tx.scalar("SELECT app.next_case_number(:town)", town=municipality_id)
    return f"{tx.today.year}-{number:04d}"


def _gather(tx: Transaction, case: Case, signal: Signal, holder_id: UUID) -> None:
    """The first to be written in is whoever acts, so that the rest may be."""
    unit = tx.get(Service, case.unit_id)
    kind = "holder" if tx.actor.id == holder_id else "leader" if tx.actor.id == unit.leader_id else "member"
    participations.join(tx, case, tx.actor.id, kind)
    participations.join(tx, case, holder_id, "holder")
    if unit.leader_id is not None:
        participations.join(tx, case, unit.leader_id, "leader")
    if signal.author_id != holder_id:
        participations.join(tx, case, signal.author_id, "member")


def _keep_child_view(tx: Transaction, case: Case, wanted: RaiseSignal) -> None:
    """The view as the worry was talked over; the holder brings it when the child was not asked."""
    brought_by = tx.get(Practitioner, case.holder_id).name
    view = SayView(words=wanted.child_said, why_not=wanted.child_not_asked, brought_by=brought_by)
    if view.given:
        child_views.keep(tx, case, view)


def _keep_agreed(tx: Transaction, case: Case, agreed: tuple[Agreed, ...]) -> None:
    """Ask and answer in one: the family has been spoken with, and the answer is written down as given."""
    for one in agreed:
        consents.take_down(
            tx,
            case,
            service_id=one.service_id,
            guardian_id=one.guardian_id,
            purpose=one.purpose or "work_together",
            answer=consents.Answer(one.answer, one.channel),
        )
    tx.session.flush()


def has_open_case(tx: Transaction, child_id: UUID) -> bool:
    """Whether somebody already carries this child's case, also when the actor may not see it."""
    return bool(tx.session.execute(text("SELECT app.has_open_case(:child)"), {"child": child_id}).scalar())


def settle(tx: Transaction, case: Case, wanted: RaiseSignal) -> None:
    """Let the new case climb to where the outcome leads, by the same rule as every other move."""
    request = moves.ChangeLevel(to=wanted.to, when=wanted.when, reason=wanted.reason)
    moves.climb(tx, case, request, position=guides.decision_position(tx, case.guide_id, case.level_id))
