"""Which guide holds, and what it says."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework.ports import local_day
from casework.refusals import Refused
from casework.transactions import Transaction
from levels import guides as rules
from records.guides import GuideVersion

Position = rules.Position
ACCEPTED = ("allowed", "allowed_late")
ASIDE = ("warned", "not_in_guide")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The guide's verdict on a move, with its reasons as code and the guide's own words."""

    kind: str
    reasons: tuple[tuple[str, str], ...]
    target_step: str | None
    late_by_days: int = 0

    def permits(self, reason: str) -> bool:
        """Allowed as it is; a warning, or a way outside the guide, needs a written reason."""
        return self.kind in ACCEPTED or (self.kind in ASIDE and bool(reason.strip()))


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline to start: which clock, what is due, and the day."""

    clock: str
    due: str
    target_on: date
    remind_days: int | None = None


@dataclass(frozen=True, slots=True)
class RungAhead:
    """Who hears next of what was not done, and the day after which."""

    to: rules.Hearer
    climbed_on: date


@dataclass(frozen=True, slots=True)
class LevelPlan:
    """One of a guide's levels with the national level it counts as."""

    id: str
    rung: int
    first_step: str
    plan: Any


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One of a guide's outcomes at a level, as offered to people."""

    to: str
    when: str
    text: str
    target_name: str
    rung: int | None
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Current:
    """The guide that holds for new worries here."""

    id: UUID
    name: str
    first: rules.Position


@functools.lru_cache(maxsize=512)
def _parsed(digest: str, source: str) -> rules.Guide:
    del digest
    return rules.read(source)


_BY_ID: dict[UUID, rules.Guide] = {}
_TITLES: dict[UUID, str] = {}


def of(tx: Transaction, guide_id: UUID) -> rules.Guide:
    """A guide by its version's id, kept in memory once read: a published version never changes.

    Raises NotFound.
    """
    known = _BY_ID.get(guide_id)
    if known is not None:
        return known
    row = tx.get(GuideVersion, guide_id)
    guide = _parsed(row.digest, row.source)
    if row.state != "draft":
        _BY_ID[guide_id] = guide
    return guide


def sector_of(kind: str) -> str:
    """The sector whose guide a kind of service follows."""
    sectors = {"school": "school", "kindergarten": "kindergarten", "leisure": "culture"}
    return sectors.get(kind, "health_station" if kind in ("health_station", "school_health") else "all")


def current(tx: Transaction, municipality_id: UUID, sector: str) -> Current:
    """The published guide for a sector, or the municipality's for all; raises Refused when there is none."""
    found = tx.rows(
        select(GuideVersion)
        .where(GuideVersion.municipality_id == municipality_id, GuideVersion.state == "published")
        .where(col(GuideVersion.sector).in_((sector, "all")))
    )
    if not found:
        raise Refused("Guide", "none", "use", ("guide_published",))
    row = min(found, key=lambda one: one.sector == "all")
    guide = of(tx, row.id)
    return Current(row.id, row.name, rules.first_position(guide, 0))


def level(tx: Transaction, guide_id: UUID, level_id: str) -> LevelPlan | None:
    """One level of a guide, or None when the guide has no such level."""
    for plan in of(tx, guide_id).levels:
        if plan.id == level_id:
            return LevelPlan(plan.id, plan.rung, plan.steps[0].id if plan.steps else "", plan)
    return None


def level_name(tx: Transaction, guide_id: UUID, level_id: str) -> str:
    """What the guide calls a level; the id itself when the guide no longer has it."""
    found = level(tx, guide_id, level_id)
    return found.plan.name if found else level_id


def step(tx: Transaction, guide_id: UUID, level_id: str, step_id: str) -> Any | None:
    """One step of a level, or None."""
    found = level(tx, guide_id, level_id)
    return next((s for s in found.plan.steps if s.id == step_id), None) if found else None


def step_name(tx: Transaction, guide_id: UUID, level_id: str, step_id: str) -> str:
    """What the guide calls a step."""
    found = step(tx, guide_id, level_id, step_id)
    return found.name if found else step_id


def after_step(tx: Transaction, guide_id: UUID, level_id: str, step_id: str) -> str | None:
    """The step after this one at the level, or None after the last."""
    found = level(tx, guide_id, level_id)
    names = [s.id for s in found.plan.steps] if found else []
    place = names.index(step_id) + 1 if step_id in names else len(names)
    return names[place] if place < len(names) else None


def required(one: Any) -> tuple[str, ...]:
    """The evidence a step asks for, as codes."""
    return tuple(getattr(code, "value", code) for code in one.requires)


def first_position(tx: Transaction, guide_id: UUID, rung: int) -> tuple[str, str]:
    """The first level and step of a guide that count as this rung."""
    found = rules.first_position(of(tx, guide_id), rung)
    return found.level_id, found.step_id


def decision_position(tx: Transaction, guide_id: UUID, level_id: str) -> rules.Position:
    """The step at which a level is decided: its last decision step."""
    found = level(tx, guide_id, level_id)
    steps = found.plan.steps if found else ()
    decisions = [s.id for s in steps if s.decision]
    return rules.Position(level_id, decisions[-1] if decisions else (steps[-1].id if steps else ""))


def outcomes(tx: Transaction, guide_id: UUID, level_id: str) -> tuple[OutcomeLine, ...]:
    """Every outcome the guide gives at a level, in its own words."""
    found = level(tx, guide_id, level_id)
    lines = []
    for one in found.plan.outcomes if found else ():
        target = level(tx, guide_id, one.to)
        lines.append(
            OutcomeLine(
                one.to,
                one.when,
                one.text,
                target.plan.name if target else "",
                target.rung if target else None,
                required(one),
            )
        )
    return tuple(lines)


def title(tx: Transaction, guide_id: UUID) -> str:
    """A guide version's name with its number."""
    known = _TITLES.get(guide_id)
    if known is None:
        row = tx.get(GuideVersion, guide_id)
        known = f"{row.name} ({row.number})"
        if row.state != "draft":
            _TITLES[guide_id] = known
    return known


def terms(
    tx: Transaction,
    guide_id: UUID,
    event: str,
    level_id: str,
    since: datetime,
    *,
    case_type: str | None = None,
    came_from: str | None = None,
) -> list[Term]:
    """The deadlines a guide's clocks start with this event at this level, for this kind of case."""
    guide = of(tx, guide_id)
    found = []
    for clock in rules.clocks_starting(guide, event, level_id, case_type, came_from=came_from):
        due_at = rules.deadline_of(clock, since)
        found.append(Term(clock.id, clock.due, local_day(due_at), clock.remind_before))
    return found


def term(
    tx: Transaction, guide_id: UUID, clock: str, started_at: datetime, pauses: list[rules.Pause]
) -> Term | None:
    """What a guide's clock comes to when the case has stood still; None for a day that was agreed instead."""
    found = next((one for one in of(tx, guide_id).clocks if one.id == clock), None)
    if found is None:
        return None
    last = rules.day_due(found, local_day(started_at), pauses)
    return Term(found.id, found.due, last, found.remind_before)


def rung(
    tx: Transaction, guide_id: UUID, clock: str, due: str, number: int, target_on: date
) -> RungAhead | None:
    """A rung of the ladder a guide has for a clock, or the house's own; None above the last."""
    found = rules.rung_on(of(tx, guide_id), clock, due, number, target_on)
    return RungAhead(found[0].to, found[1]) if found else None


def _facts(
    tx: Transaction, codes: frozenset[str], dues: Mapping[str, date], services: int = 0
) -> rules.MoveFacts:
    return rules.MoveFacts(evidence=codes, today=tx.today, dues=dict(dues), services=services)


_DUES = text(
    "SELECT clock, target_on FROM deadlines WHERE (case_id = :file OR signal_id = :file)"
    " AND subject_kind IN ('case', 'signal') AND settled_at IS NULL"
)


def _dues(tx: Transaction, file_id: UUID) -> dict[str, date]:
    return {row.clock: row.target_on for row in tx.session.execute(_DUES, {"file": file_id})}


def _judgement(verdict: rules.Verdict) -> Judgement:
    return Judgement(
        kind=getattr(verdict.kind, "value", verdict.kind),
        reasons=tuple((str(getattr(r.code, "value", r.code)), r.text or "") for r in verdict.reasons),
        target_step=verdict.target.step_id if verdict.target else None,
        late_by_days=verdict.late_by_days or 0,
    )


def judge_signal(
    tx: Transaction, signal: Any, *, to: str, when: str | None, codes: frozenset[str]
) -> Judgement:
    """The guide's verdict on how a worry is to end."""
    position = decision_position(tx, signal.guide_id, signal.level_id)
    facts = _facts(tx, codes, _dues(tx, signal.id))
    request = rules.MoveRequest(to=to, when=when)
    return _judgement(rules.judge(of(tx, signal.guide_id), position, request, facts))


def judge_move(tx: Transaction, case: Any, position: rules.Position, wanted: Any, found: Any) -> Judgement:
    """The guide's verdict on a case's move."""
    codes = found.codes | ({"closing_note"} if wanted.reason.strip() else frozenset())
    facts = _facts(tx, codes, _dues(tx, case.id), found.services)
    request = rules.MoveRequest(to=wanted.to, when=wanted.when, to_step=wanted.to_step)
    return _judgement(rules.judge(of(tx, case.guide_id), position, request, facts))


def judge_step(tx: Transaction, case: Any, step_id: str, *, skip: bool, found: Any, note: str) -> Judgement:
    """The guide's verdict on finishing or passing by a step."""
    codes = found.codes | ({"closing_note"} if note.strip() else frozenset())
    facts = _facts(tx, codes, _dues(tx, case.id), found.services)
    position = rules.Position(case.level_id, step_id)
    return _judgement(
        rules.judge_step(of(tx, case.guide_id), position, "skip" if skip else "complete", facts)
    )


def with_reasons(refusal: Refused, verdict: Judgement) -> Refused:
    """The chart's refusal, with the guide's own reasons in place of «the guide permits»."""
    if "guide_permits" not in refusal.unmet:
        return refusal
    others = tuple(name for name in refusal.unmet if name != "guide_permits")
    return as_refusal(refusal.chart, refusal.state, refusal.event, verdict, others=others)


def as_refusal(
    chart: str,
    state: str,
    event: str,
    verdict: Judgement,
    *,
    others: tuple[str, ...] = (),
    reason_missing: bool = True,
) -> Refused:
    """A refusal that lists the guide's reasons as unmet conditions, and a written reason where one would do."""
    codes = tuple(dict.fromkeys(code for code, _ in verdict.reasons)) or (verdict.kind,)
    if verdict.kind in (*ASIDE, *ACCEPTED) and reason_missing:
        codes = (*codes, "reason_given")
    return Refused(chart, state, event, tuple(dict.fromkeys((*others, *codes))))


def landing(
    tx: Transaction, former_id: UUID, next_id: UUID, position: rules.Position
) -> rules.Position | None:
    """Where a case lands in another version of its guide: the same level and step, or the same rung's first."""
    return rules.landing(of(tx, former_id), of(tx, next_id), position)


def differences(tx: Transaction, case_guide_id: UUID, next_id: UUID, position: rules.Position) -> list[Any]:
    """What changes for a case when it is moved to another version."""
    return list(rules.compare(of(tx, case_guide_id), of(tx, next_id), position))
