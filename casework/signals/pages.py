"""Worries as their author and the nearest leader see them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import children, guides, relations
from casework.access import Permission
from casework.cases import evidence, openings
from casework.colleagues import in_unit
from casework.transactions import Transaction
from levels.charts import Offer, offers
from levels.signals import SignalChart, SignalFacts
from records.children import Child
from records.municipalities import Practitioner, Service
from records.signals import Signal, SignalNote


@dataclass(frozen=True, slots=True)
class SignalSummary:
    """A worry as a line in a list."""

    id: UUID
    child: children.ChildSummary
    themes: tuple[str, ...]
    strength: str
    state: str
    noted_at: datetime
    author_name: str
    mine: bool
    shared: bool
    decide_by: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One more observation or talk."""

    id: UUID
    kind: str
    body: str
    author_name: str
    happened_on: date
    written_at: datetime


@dataclass(frozen=True, slots=True)
class SignalDetails:
    """A worry with everything written about it and every way it may end."""

    summary: SignalSummary
    observation: str
    happened_on: date
    talked_with: tuple[str, ...]
    notes: tuple[Note, ...]
    leader_name: str
    unit_id: UUID
    unit_name: str
    municipality_id: UUID
    outcome: str | None
    reason: str | None
    case_id: UUID | None
    guide_id: UUID
    level_id: str
    codes: frozenset[str]
    outcomes: tuple["guides.OutcomeLine", ...]
    has_case: bool
    version: int
    offers: tuple[Offer, ...]
    may_hold: bool


def _summary(tx: Transaction, row: Any) -> SignalSummary:
    signal, child, unit, author, due, state = row
    return SignalSummary(
        signal.id,
        children.summary(child, unit),
        tuple(signal.themes),
        signal.strength,
        signal.state,
        signal.noted_at,
        author,
        signal.author_id == tx.actor.id,
        signal.shared_at is not None,
        due,
        due is not None and state in ("running", "missed") and due < tx.today,
    )


_DUE = text(
    "(SELECT d.target_on FROM deadlines d WHERE d.signal_id = signals.id AND d.due = 'decision'"
    " ORDER BY d.settled_at NULLS FIRST LIMIT 1) AS due_on"
)
_DUE_STATE = text(
    "(SELECT d.state FROM deadlines d WHERE d.signal_id = signals.id AND d.due = 'decision'"
    " ORDER BY d.settled_at NULLS FIRST LIMIT 1) AS due_state"
)


def _selected() -> Any:
    return (
        select(Signal, Child, Service.name, Practitioner.name, _DUE, _DUE_STATE)  # type: ignore[call-overload]
        .select_from(Signal)
        .join(Child, col(Child.id) == col(Signal.child_id))
        .join(Service, col(Service.id) == col(Signal.unit_id))
        .join(Practitioner, col(Practitioner.id) == col(Signal.author_id))
    )


def mine(tx: Transaction, *, limit: int = 100) -> list[SignalSummary]:
    """The worries the actor has written, open first, nearest decision first."""
    wanted = _selected().where(Signal.author_id == tx.actor.id)
    return [_summary(tx, row) for row in tx.rows(_ordered(wanted).limit(limit))]


def in_my_unit(tx: Transaction, *, limit: int = 200) -> list[SignalSummary]:
    """The worries of the people the actor leads, open first, nearest decision first."""
    wanted = _selected().where(Signal.leader_id == tx.actor.id)
    return [_summary(tx, row) for row in tx.rows(_ordered(wanted).limit(limit))]


def _ordered(wanted: Any) -> Any:
    return wanted.order_by(
        col(Signal.decided_at).is_(None).desc(), text("due_on NULLS LAST"), col(Signal.noted_at).desc()
    )


def details(tx: Transaction, signal_id: UUID) -> SignalDetails:
    """One worry; reading it is an act. Raises NotFound."""
    signal = tx.get(Signal, signal_id)
    standing = relations.to_signal(tx, signal)
    tx.require(Permission.READ_SIGNAL, standing)
    tx.note("signal", signal.id, "read_signal", municipality_id=signal.municipality_id)
    row = tx.rows(_selected().where(Signal.id == signal_id))[0]
    summary = _summary(tx, row)
    leader = tx.session.get(Practitioner, signal.leader_id) if signal.leader_id else None
    facts = SignalFacts(reason_given=True, holder_named=True, guardians_settled=True, guide_permits=True)
    return SignalDetails(
        summary=summary,
        observation=signal.observation,
        happened_on=signal.happened_on,
        talked_with=tuple(signal.talked_with),
        notes=_notes(tx, signal.id),
        leader_name=leader.name if leader else "",
        unit_id=signal.unit_id,
        unit_name=summary.child.unit_name,
        municipality_id=signal.municipality_id,
        outcome=signal.outcome,
        reason=signal.reason,
        case_id=signal.case_id,
        guide_id=signal.guide_id,
        level_id=signal.level_id,
        codes=evidence.of_signal(tx, signal),
        outcomes=guides.outcomes(tx, signal.guide_id, signal.level_id),
        has_case=openings.has_open_case(tx, signal.child_id),
        version=signal.version,
        offers=offers(SignalChart, signal.state, facts),
        may_hold=Permission.HOLD_SIGNAL in relations.granted(standing),
    )


def _notes(tx: Transaction, signal_id: UUID) -> tuple[Note, ...]:
    found = tx.rows(
        select(SignalNote, Practitioner.name)
        .join(Practitioner, col(Practitioner.id) == col(SignalNote.author_id))
        .where(SignalNote.signal_id == signal_id)
        .order_by(col(SignalNote.written_at))
    )
    return tuple(Note(n.id, n.kind, n.body, name, n.happened_on, n.written_at) for n, name in found)


def colleagues(tx: Transaction, signal_id: UUID) -> list[tuple[UUID, str, str]]:
    """Who may hold the baton of a new case: everybody who meets children in the child's unit, oneself first."""
    signal = tx.get(Signal, signal_id)
    tx.require(Permission.READ_SIGNAL, relations.to_signal(tx, signal))
    return in_unit(tx, signal.unit_id, also=tx.actor.id, child_id=signal.child_id)
