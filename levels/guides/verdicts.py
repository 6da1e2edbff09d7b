"""What a guide says of a move: allowed, allowed but late, warned, not in this guide, or refused. With reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from levels import workdays
from levels.guides.models import Clock, Guide, LevelPlan, Outcome, Step


class Kind(StrEnum):
    """A verdict, mildest first."""

    ALLOWED = "allowed"
    ALLOWED_LATE = "allowed_late"
    WARNED = "warned"
    NOT_IN_GUIDE = "not_in_guide"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a case or a worry stands in a guide."""

    level_id: str
    step_id: str


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Where somebody wants to go: a level's id or «close», by which of the guide's outcomes."""

    to: str
    when: str | None = None
    to_step: str | None = None


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """What stands in the file: evidence codes, the day, running clocks' due days, and services involved."""

    evidence: frozenset[str] = frozenset()
    today: date = date.min
    dues: dict[str, date] = field(default_factory=dict)
    services: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code, the guide's own words where it has some, and values for the sentence."""

    code: str
    text: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The guide's answer."""

    kind: Kind
    reasons: tuple[Reason, ...] = ()
    outcome: Outcome | None = None
    late_by_days: int = 0
    target: Position | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is different in another version, as seen from where a case stands."""

    code: str
    before: str
    after: str


_ORDER = list(Kind)


def _worst(kinds: Iterable[Kind]) -> Kind:
    return max(kinds, key=_ORDER.index, default=Kind.ALLOWED)


def plan_of(guide: Guide, level_id: str) -> LevelPlan | None:
    """A level of the guide by id, or None."""
    return next((plan for plan in guide.levels if plan.id == level_id), None)


def first_position(guide: Guide, rung: int) -> Position:
    """The first step of the first level on a rung, or of the guide when no level counts as that rung."""
    plan = next((plan for plan in guide.levels if plan.rung == rung), guide.levels[0])
    return Position(plan.id, plan.steps[0].id)


def step_of(plan: LevelPlan | None, step_id: str | None) -> Step | None:
    """A step of a level by id, or None."""
    return next((s for s in plan.steps if s.id == step_id), None) if plan else None


def judge(guide: Guide, position: Position, wanted: MoveRequest, facts: MoveFacts) -> Verdict:
    """The verdict on a move. A report of concern never asks for one: it is always allowed."""
    plan = plan_of(guide, position.level_id)
    if plan is None or (wanted.to != "close" and plan_of(guide, wanted.to) is None):
        return Verdict(Kind.NOT_IN_GUIDE, (Reason("no_such_level"),))
    outcome = _outcome(plan, position, wanted)
    if outcome is None:
        return Verdict(
            Kind.NOT_IN_GUIDE, (Reason("not_among_outcomes", plan.name),), target=_target(guide, wanted)
        )
    unmet, kind = _unmet(outcome.requires, outcome.gate, facts)
    late = _late(guide, position, facts)
    kinds = [kind] + ([Kind.ALLOWED_LATE] if late else [])
    reasons = unmet + ((Reason("late", values=(("days", str(late)),)),) if late else ())
    return Verdict(_worst(kinds), reasons, outcome, late, _target(guide, wanted, outcome))


def _outcome(plan: LevelPlan, position: Position, wanted: MoveRequest) -> Outcome | None:
    """The outcome meant: by its code, else the only sensible one that leads there from this step."""
    fitting = [
        one
        for one in plan.outcomes
        if one.to == wanted.to
        and wanted.when in (None, one.when)
        and one.from_step in (None, position.step_id)
    ]
    return fitting[0] if fitting else None


def _target(guide: Guide, wanted: MoveRequest, outcome: Outcome | None = None) -> Position | None:
    plan = plan_of(guide, wanted.to)
    if plan is None:
        return None
    named = wanted.to_step or (outcome.to_step if outcome else None)
    return Position(plan.id, named if step_of(plan, named) and named else plan.steps[0].id)


def _unmet(requires: Iterable[str], gate: str, facts: MoveFacts) -> tuple[tuple[Reason, ...], Kind]:
    missing = tuple(Reason(str(code)) for code in requires if str(code) not in facts.evidence)
    if not missing or gate == "none":
        return (), Kind.ALLOWED
    return missing, Kind.REFUSED if gate == "block" else Kind.WARNED


def _late(guide: Guide, position: Position, facts: MoveFacts) -> int:
    """Days past the guide's own limit for the decision at this level; 0 in time or where it sets none."""
    clocks = {c.id for c in guide.clocks if c.due == "decision" and _at(c, position.level_id)}
    past = [(facts.today - due).days for clock, due in facts.dues.items() if clock in clocks]
    return max((days for days in past if days > 0), default=0)


def judge_step(guide: Guide, position: Position, action: str, facts: MoveFacts) -> Verdict:
    """The verdict on finishing («complete») or passing by («skip») a step."""
    step = step_of(plan_of(guide, position.level_id), position.step_id)
    if step is None:
        return Verdict(Kind.NOT_IN_GUIDE, (Reason("no_such_step"),))
    if action == "skip":
        kind = Kind.ALLOWED if step.skip_allowed else Kind.REFUSED
        return Verdict(kind, () if step.skip_allowed else (Reason("step_must_be_done", step.name),))
    unmet, kind = _unmet(step.requires, step.gate, facts)
    return Verdict(kind, unmet, target=position)


def judge_contact(
    guide: Guide, *, violence: bool, discussed_with: frozenset[str], with_parents: bool
) -> Verdict:
    """Whether the parents may be contacted now: on suspicion of violence the guide may ask others first."""
    rule = guide.violence_rule
    if not (violence and with_parents) or rule.parents_contact != "forbidden_until_discussed":
        return Verdict(Kind.ALLOWED)
    if discussed_with & set(rule.discuss_with):
        return Verdict(Kind.ALLOWED)
    return Verdict(Kind.NOT_IN_GUIDE, (Reason("discuss_before_parents"),))


def judge_access(guide: Guide, *, granted_by_holder: bool, position: Position) -> Verdict:
    """Whether a service may read the log now: only when the holder has let it in."""
    del guide, position
    kind = Kind.ALLOWED if granted_by_holder else Kind.NOT_IN_GUIDE
    return Verdict(kind, () if granted_by_holder else (Reason("holder_gives_access"),))


def judge_services(guide: Guide, level_id: str, count: int) -> Verdict:
    """Whether so many services fit the level; a preference is never a limit."""
    plan = plan_of(guide, level_id)
    bounds = plan.services if plan else None
    over = bounds is not None and bounds.most is not None and count > bounds.most
    under = bounds is not None and bounds.least is not None and count < bounds.least
    if over or under:
        return Verdict(Kind.WARNED, (Reason("too_many_services" if over else "too_few_services"),))
    return Verdict(Kind.ALLOWED)


def judge_child_heard(guide: Guide, *, age: int, asked: bool, reason: str = "") -> Verdict:
    """Whether it is right not to ask the child; age alone is never a reason."""
    del guide, age
    if asked or reason.strip() not in ("", "age"):
        return Verdict(Kind.ALLOWED)
    return Verdict(Kind.NOT_IN_GUIDE, (Reason("child_heard_at_any_age"),))


def judge_arena(guide: Guide, level_id: str, arena_id: str) -> Verdict:
    """Whether a meeting in an arena keeps the case at its level."""
    plan = plan_of(guide, level_id)
    if plan is not None and arena_id in plan.includes_arenas:
        return Verdict(Kind.ALLOWED, (Reason("arena_belongs_here", plan.name),))
    return Verdict(Kind.NOT_IN_GUIDE, (Reason("arena_elsewhere"),))


def _at(clock: Clock, level_id: str) -> bool:
    return not clock.levels or level_id in clock.levels


def clocks_starting(
    guide: Guide, event: str, level_id: str, case_type: str | None = None
) -> tuple[Clock, ...]:
    """The clocks an event starts at a level, for a type of case where the clock names some."""
    return tuple(
        clock
        for clock in guide.clocks
        if clock.starts == event
        and _at(clock, level_id)
        and (not clock.case_types or case_type in clock.case_types)
    )


def day_due(clock: Clock, started_on: date, pauses: tuple[workdays.Pause, ...] = ()) -> date:
    """The last day of a clock that started on a day."""
    length = clock.length
    if length.months is not None:
        return workdays.add_months(started_on, length.months)
    days = length.days if length.days is not None else 7 * (length.weeks or 0)
    if clock.counted == "working":
        return workdays.add_workdays(started_on, days, pauses)
    return workdays.add_days(started_on, days, pauses)


def deadline_of(clock: Clock, started_at: datetime, pauses: tuple[workdays.Pause, ...] = ()) -> datetime:
    """The last instant of a clock's last day, aware, in Norwegian time."""
    last = day_due(clock, workdays.local_day(started_at), pauses)
    return workdays.end_of(last) - timedelta(microseconds=1)


def compare(old: Guide, new: Guide, position: Position) -> tuple[Change, ...]:
    """What changes for a case at this position when it moves to another version of its guide."""
    before, after = plan_of(old, position.level_id), plan_of(new, position.level_id)
    if before is None or after is None:
        return (Change("level_gone", before.name if before else "", ""),)
    changes = [Change("level_renamed", before.name, after.name)] if before.name != after.name else []
    changes += _differences("step", {s.id: s.name for s in before.steps}, {s.id: s.name for s in after.steps})
    changes += _differences(
        "outcome", {o.when: o.text for o in before.outcomes}, {o.when: o.text for o in after.outcomes}
    )
    changes += _differences("clock", _clock_texts(old, position), _clock_texts(new, position))
    return tuple(changes)


def _clock_texts(guide: Guide, position: Position) -> dict[str, str]:
    return {
        c.id: f"{c.name}: {c.length.days or c.length.weeks or c.length.months} {c.counted}"
        for c in guide.clocks
        if _at(c, position.level_id)
    }


def _differences(what: str, before: dict[str, str], after: dict[str, str]) -> list[Change]:
    gone = [Change(f"{what}_gone", before[key], "") for key in before if key not in after]
    come = [Change(f"{what}_new", "", after[key]) for key in after if key not in before]
    other = [
        Change(f"{what}_changed", before[key], after[key])
        for key in before
        if key in after and before[key] != after[key]
    ]
    return gone + come + other
