"""Worries kept whatever their term: somebody complains, asks for access, supervises, or a court has them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework import relations
from casework.access import Permission
from casework.refusals import Invalid, NotFound, Stale
from casework.retention.holding import LiftHold, SetHold, faults, faults_of_reason
from casework.transactions import Transaction
from records.retention import SignalHold
from records.signals import Signal


@dataclass(frozen=True, slots=True)
class HeldSignal:
    """What holds a worry, for whoever decides about it; the archivist sees no more than how many, and why."""

    id: UUID
    signal_id: UUID
    ground: str
    reason: str
    set_by: str
    set_at: datetime
    version: int


_HOLDS = """
    SELECT h.id, h.signal_id, h.ground, h.reason, p.name AS set_by, h.set_at, h.version
    FROM signal_holds h JOIN practitioners p ON p.id = h.set_by_id
    WHERE h.lifted_at IS NULL AND
"""


def _decides(tx: Transaction, signal_id: UUID) -> Signal:
    """The worry, held until the end, if the actor is its leader; raises NotFound or NotPermitted."""
    signal = tx.lock(Signal, signal_id)
    tx.require(Permission.HOLD_SIGNAL, relations.to_signal(tx, signal))
    return signal


def holds_of_signal(tx: Transaction, signal_id: UUID) -> list[HeldSignal]:
    """What holds a worry, for its leader; reading it is an act. Raises NotFound or NotPermitted."""
    signal = tx.get(Signal, signal_id)
    tx.require(Permission.HOLD_SIGNAL, relations.to_signal(tx, signal))
    tx.note("signal", signal.id, "read_signal", municipality_id=signal.municipality_id)
    return tx.ask_for(HeldSignal, f"{_HOLDS} h.signal_id = :id ORDER BY h.set_at", {"id": signal_id})


def hold_signal(tx: Transaction, signal_id: UUID, wanted: SetHold) -> UUID:
    """Keep a worry whatever its term, as its leader. Raises NotFound, NotPermitted or Invalid."""
    tx.once(wanted.key, "hold_signal", signal=signal_id, ground=wanted.ground, reason=wanted.reason)
    signal = _decides(tx, signal_id)
    errors = faults(wanted)
    if errors:
        raise Invalid(errors)
    row = SignalHold(
        municipality_id=signal.municipality_id,
        signal_id=signal.id,
        ground=wanted.ground,
        reason=wanted.reason.strip(),
        set_by_id=tx.actor.id,
        set_at=tx.now,
    )
    tx.add(row)
    town = signal.municipality_id
    tx.note("signal", signal.id, "hold_signal", municipality_id=town, hold=row.id, ground=wanted.ground)
    tx.result(hold_id=row.id, signal_id=signal.id)
    return row.id


def held_signal(tx: Transaction, hold_id: UUID) -> HeldSignal:
    """A hold the actor may lift; reading it is an act. Raises NotFound or NotPermitted."""
    row = tx.get(SignalHold, hold_id)
    found = [one for one in holds_of_signal(tx, row.signal_id) if one.id == hold_id]
    if not found:
        raise NotFound
    return found[0]


def lift_signal(tx: Transaction, hold_id: UUID, wanted: LiftHold) -> UUID:
    """Let a worry follow its term again; answers the worry. Raises NotFound, NotPermitted, Invalid or Stale."""
    tx.once(wanted.key, "lift_signal_hold", hold=hold_id, reason=wanted.reason)
    signal = _decides(tx, tx.get(SignalHold, hold_id).signal_id)
    errors = faults_of_reason(wanted.reason)
    if errors:
        raise Invalid(errors)
    row = tx.lock(SignalHold, hold_id, version=wanted.version)
    if row.lifted_at is not None:
        raise Stale(row.version)
    row.lifted_at, row.lifted_by_id, row.lift_reason = tx.now, tx.actor.id, wanted.reason.strip()
    row.version += 1
    tx.note("signal", signal.id, "lift_hold", municipality_id=signal.municipality_id, hold=row.id)
    tx.result(signal_id=signal.id, hold_id=row.id)
    return signal.id
