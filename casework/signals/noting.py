"""Noting, sharing, settling and raising worries."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from casework import consequences, deadlines, guides, relations, ties
from casework.access import PRACTICE, Permission
from casework.cases import evidence, openings
from casework.consequences import Scene
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.charts import Refused, move
from levels.signals import SignalChart, SignalFacts
from records.children import Child
from records.municipalities import Service
from records.signals import NOTE_KINDS, STRENGTHS, TALKED_WITH, THEMES, Signal, SignalNote

RaiseSignal = openings.RaiseSignal
Agreed = openings.Agreed
LONGEST = 4000
TYPES = {"absence": "absence", "friends": "school_environment"}


@dataclass(frozen=True, slots=True)
class NoteSignal:
    """A worry as it is written down: six inputs, most of them taps."""

    child_id: UUID
    observation: str
    strength: str = "wondering"
    themes: tuple[str, ...] = ()
    talked_with: tuple[str, ...] = ()
    happened_on: date | None = None
    key: str | None = field(default=None, compare=False)


def note(tx: Transaction, wanted: NoteSignal) -> UUID:
    """Write down a worry. Only its author and the nearest leader see it.

    Raises NotFound for a child outside the author's work, Invalid with the fields to mend.
    """
    tx.once(wanted.key, "note_signal", child=wanted.child_id, observation=wanted.observation)
    _check(tx, wanted)
    child = tx.get(Child, wanted.child_id)
    unit = _unit_of(tx, child)
    guide = guides.current(tx, child.municipality_id, guides.sector_of(unit.kind))
    signal = Signal(
        municipality_id=child.municipality_id,
        child_id=child.id,
        unit_id=unit.id,
        author_id=tx.actor.id,
        leader_id=_nearest_leader(tx, unit),
        guide_id=guide.id,
        level_id=guide.first.level_id,
        step_id=guide.first.step_id,
        strength=wanted.strength,
        themes=list(wanted.themes),
        talked_with=list(wanted.talked_with),
        observation=wanted.observation.strip(),
        happened_on=wanted.happened_on or tx.today,
        noted_at=tx.now,
    )
    tx.add(signal)
    tx.session.flush()
    deadlines.start(
        tx,
        "concern_arose",
        municipality_id=signal.municipality_id,
        guide_id=signal.guide_id,
        level_id=signal.level_id,
        subject=("signal", signal.id),
        signal_id=signal.id,
        owner_id=tx.actor.id,
        case_type=_case_type(signal),
    )
    tx.note("signal", signal.id, "note_signal", municipality_id=signal.municipality_id)
    tx.result(signal_id=signal.id)
    return signal.id


def _check(tx: Transaction, wanted: NoteSignal) -> None:
    errors = {}
    if not wanted.observation.strip():
        errors["observation"] = "write_what_you_saw"
    if len(wanted.observation) > LONGEST:
        errors["observation"] = "too_long"
    if wanted.strength not in STRENGTHS:
        errors["strength"] = "choose_one"
    if set(wanted.themes) - set(THEMES):
        errors["themes"] = "choose_one"
    if set(wanted.talked_with) - set(TALKED_WITH):
        errors["talked_with"] = "choose_one"
    if wanted.happened_on and wanted.happened_on > tx.today:
        errors["happened_on"] = "not_in_the_future"
    if not tx.actor.practice():
        raise NotFound
    if errors:
        raise Invalid(errors)


def _unit_of(tx: Transaction, child: Child) -> Service:
    home = child.unit_id or tx.actor.practice()[0].service_id
    return tx.get(Service, home)


def _case_type(signal: Signal) -> str | None:
    """The kind of case some guides have clocks of their own for, as far as the themes tell."""
    return next((TYPES[theme] for theme in signal.themes if theme in TYPES), None)


def _nearest_leader(tx: Transaction, unit: Service) -> UUID | None:
    """The leader of the unit the author works in; a leader's own worry has no one above it here."""
    own = [m for m in tx.actor.memberships if m.role in PRACTICE]
    here = next((m for m in own if m.service_id == unit.id), own[0])
    return here.leader_id if here.leader_id != tx.actor.id else None


def _opened(tx: Transaction, signal_id: UUID, permission: Permission, version: int | None = None) -> Signal:
    signal = tx.lock(Signal, signal_id)
    tx.require(permission, relations.to_signal(tx, signal))
    if version is not None and version != signal.version:
        raise Stale(signal.version)
    return signal


def add(
    tx: Transaction,
    signal_id: UUID,
    *,
    kind: str,
    body: str,
    happened_on: date | None = None,
    key: str | None = None,
) -> UUID:
    """Add an observation, a talk, or the leader's note. Raises NotFound, NotPermitted, Invalid or Refused."""
    tx.once(key, "add_to_signal", signal=signal_id, kind=kind, body=body)
    signal = _opened(tx, signal_id, Permission.ADD_TO_SIGNAL)
    errors = {}
    if kind not in NOTE_KINDS or (kind == "leader_note" and tx.actor.id != signal.leader_id):
        errors["kind"] = "choose_one"
    if not body.strip():
        errors["body"] = "write_something"
    if len(body) > LONGEST:
        errors["body"] = "too_long"
    if happened_on and happened_on > tx.today:
        errors["happened_on"] = "not_in_the_future"
    if errors:
        raise Invalid(errors)
    signal.state = move(SignalChart, signal.state, "discuss", SignalFacts()).after
    signal.version += 1
    row = SignalNote(
        municipality_id=signal.municipality_id,
        signal_id=signal.id,
        author_id=tx.actor.id,
        kind=kind,
        body=body.strip(),
        happened_on=happened_on or tx.today,
        written_at=tx.now,
    )
    tx.add(row)
    tx.note("signal", signal.id, "add_to_signal", municipality_id=signal.municipality_id, note=row.id)
    tx.result(signal_id=signal.id)
    return row.id


def share(tx: Transaction, signal_id: UUID, *, key: str | None = None) -> UUID:
    """Ask the nearest leader to look at it together. Raises NotFound, NotPermitted or Refused."""
    tx.once(key, "share_signal", signal=signal_id)
    signal = _opened(tx, signal_id, Permission.ADD_TO_SIGNAL)
    if signal.leader_id is None:
        raise Refused("SignalChart", signal.state, "share", ("leader_named",))
    moved = move(SignalChart, signal.state, "share", SignalFacts())
    signal.state, signal.shared_at = moved.after, tx.now
    signal.version += 1
    consequences.carry_out(tx, _scene(signal), moved.consequences)
    tx.note("signal", signal.id, "share_signal", municipality_id=signal.municipality_id)
    tx.result(signal_id=signal.id)
    return signal.id


def _scene(signal: Signal) -> Scene:
    return Scene(
        municipality_id=signal.municipality_id,
        subject=("signal", signal.id),
        guide_id=signal.guide_id,
        level_id=signal.level_id,
        signal_id=signal.id,
        owner_id=signal.author_id,
        people={"leader": (signal.leader_id,) if signal.leader_id else ()},
    )


def resolve(
    tx: Transaction,
    signal_id: UUID,
    *,
    reason: str,
    when: str | None = None,
    version: int | None = None,
    key: str | None = None,
) -> UUID:
    """End a worry that needs nothing more, with a reason; late is recorded, not refused.

    Raises NotFound, NotPermitted, Stale or Refused.
    """
    tx.once(key, "resolve_signal", signal=signal_id, reason=reason)
    signal = _opened(tx, signal_id, Permission.DECIDE_SIGNAL, version)
    codes = evidence.of_signal(tx, signal) | ({"closing_note"} if reason.strip() else frozenset())
    verdict = guides.judge_signal(tx, signal, to="close", when=when, codes=codes)
    facts = SignalFacts(reason_given=bool(reason.strip()), guide_permits=verdict.permits(reason))
    _decide(tx, signal, "resolve", facts, verdict, when=when, reason=reason)
    tx.note(
        "signal", signal.id, "resolve_signal", municipality_id=signal.municipality_id, verdict=verdict.kind
    )
    tx.result(signal_id=signal.id)
    return signal.id


def _decide(
    tx: Transaction,
    signal: Signal,
    event: str,
    facts: SignalFacts,
    verdict: "guides.Judgement",
    *,
    when: str | None,
    reason: str,
) -> None:
    try:
        moved = move(SignalChart, signal.state, event, facts)
    except Refused as refusal:
        raise guides.with_reasons(refusal, verdict) from None
    signal.state, signal.decided_at = moved.after, tx.now
    signal.outcome, signal.reason = when, reason.strip()
    signal.version += 1
    consequences.carry_out(tx, _scene(signal), moved.consequences)


def raise_case(tx: Transaction, signal_id: UUID, wanted: RaiseSignal) -> UUID:
    """Open a case from a worry, at the level the guide's outcome leads to; answers the case's id.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused with everything that is missing.
    """
    tx.once(wanted.key, "raise_signal", signal=signal_id, to=wanted.to, holder=wanted.holder_id)
    signal = _opened(tx, signal_id, Permission.DECIDE_SIGNAL, wanted.version)
    if openings.has_open_case(tx, signal.child_id):
        raise Refused("SignalChart", signal.state, "raise_case", ("no_open_case",))
    codes = _codes_with(tx, signal, wanted)
    verdict = guides.judge_signal(tx, signal, to=wanted.to, when=wanted.when, codes=codes)
    facts = SignalFacts(
        holder_named=wanted.holder_id is not None,
        guardians_settled=_guardians_settled(codes, wanted),
        guide_permits=verdict.permits(wanted.reason),
    )
    _decide(tx, signal, "raise_case", facts, verdict, when=wanted.when, reason=wanted.reason)
    # Of somebody else nobody outside a case is told anything; they meet the sign on the case's page.
    mine = wanted.holder_id == tx.actor.id
    trail = ties.consider(tx, signal.child_id, considered=wanted.considered) if mine else {}
    case = openings.open_case(tx, signal, wanted, reported="concern_report_sent" in codes)
    openings.settle(tx, case, wanted)
    signal.case_id = case.id
    tx.note(
        "signal",
        signal.id,
        "raise_signal",
        municipality_id=signal.municipality_id,
        case=case.id,
        verdict=verdict.kind,
        **trail,
    )
    tx.result(case_id=case.id, signal_id=signal.id)
    return case.id


def _codes_with(tx: Transaction, signal: Signal, wanted: RaiseSignal) -> frozenset[str]:
    """What stands in the worry, and what the decision itself adds to it."""
    added: dict[str, Any] = {
        "guardians_informed": wanted.guardians_told_on,
        "shared_with_guardians": wanted.guardians_told_on,
        "child_heard": wanted.child_said.strip(),
        "shared_with_child": wanted.child_said.strip(),
        "child_voice_owner": wanted.child_said.strip() or wanted.child_not_asked.strip(),
        "consent_to_log": any(a.service_id is None and a.answer == "yes" for a in wanted.agreed),
        "consent_to_share": any(a.service_id is not None and a.answer == "yes" for a in wanted.agreed),
    }
    return evidence.of_signal(tx, signal) | {code for code, there in added.items() if there}


def _guardians_settled(codes: frozenset[str], wanted: RaiseSignal) -> bool:
    """The parents know, or it is written why they do not, or it is not safe to tell them yet."""
    return bool(
        "guardians_informed" in codes or wanted.guardians_not_told.strip() or "concern_report_sent" in codes
    )
