"""What is asked of a guide, and what it answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from levels.guides.codes import Evidence, Kind, ReasonCode
from levels.guides.models import Guide, LevelPlan, Outcome, Step


@dataclass(frozen=True, slots=True)
class Position:
    """Where a case or a worry stands in a guide."""

    level_id: str
    step_id: str


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Where somebody wants to go, by which of the guide's outcomes.

    `to` is a level's id, «close», «decision_forum», or a national level 0–3 as a number. `when` is the outcome's
    code; None leaves it to the guide to find the one that fits.
    """

    to: str | int
    when: str | None = None
    to_step: str | None = None


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """What stands in the file: evidence codes, the day, running clocks, and what else a rule may ask.

    `dues` are the last days of clocks by id; `started` the days clocks began, for those whose last day is not
    kept. `steps_done` is None where nobody keeps count.
    """

    evidence: frozenset[str] = frozenset()
    today: date = date.min
    dues: Mapping[str, date] = field(default_factory=dict)
    services: int = 0
    started: Mapping[str, date] = field(default_factory=dict)
    steps_done: frozenset[str] | None = None
    child_not_asked: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code (of a missing piece of evidence, or of a rule), how heavy, and the guide's own words."""

    code: str
    text: str = ""
    values: tuple[tuple[str, str], ...] = ()
    kind: Kind = Kind.ALLOWED


@dataclass(frozen=True, slots=True)
class Verdict:
    """The guide's answer. `reasons` bear on it; `notes` are only worth knowing.

    `target` is where the case stands afterwards; None when it is closed or the move leads nowhere.
    """

    kind: Kind
    reasons: tuple[Reason, ...] = ()
    outcome: Outcome | None = None
    late_by_days: int = 0
    target: Position | None = None
    notes: tuple[Reason, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The evidence codes that stand in the way or are warned about."""
        return tuple(reason.code for reason in self.reasons if reason.code in _EVIDENCE)

    def permits(self, reason: str) -> bool:
        """Whether it may be carried out: as it is, or because a deviation's reason has been written."""
        return self.kind in (Kind.ALLOWED, Kind.ALLOWED_LATE) or (self.kind.deviates and bool(reason.strip()))


_EVIDENCE = frozenset(str(code) for code in Evidence)


def because(code: str, kind: Kind, text: str = "", **values: str | int) -> Reason:
    """A reason of a certain weight."""
    return Reason(str(code), text, tuple((name, str(value)) for name, value in values.items()), kind)


def weighed(
    reasons: Iterable[Reason],
    *,
    outcome: Outcome | None = None,
    target: Position | None = None,
    notes: Iterable[Reason] = (),
) -> Verdict:
    """The verdict that follows: the heaviest reason decides, the heaviest is told first."""
    ordered = tuple(sorted(reasons, key=lambda reason: -reason.kind.weight))
    late = next((dict(one.values)["days"] for one in ordered if one.code == ReasonCode.LATE), "0")
    return Verdict(
        ordered[0].kind if ordered else Kind.ALLOWED, ordered, outcome, int(late), target, tuple(notes)
    )


def unmet(requires: Iterable[str], kind: Kind, evidence: frozenset[str], text: str) -> tuple[Reason, ...]:
    """One reason for each piece of evidence that is not there."""
    return tuple(because(str(code), kind, text) for code in requires if str(code) not in evidence)


def plan_of(guide: Guide, level: str | int) -> LevelPlan | None:
    """A level by its id, or the first that counts as a national level (a number); None when there is none."""
    if isinstance(level, int):
        return next((plan for plan in guide.levels if plan.rung == level), None)
    return next((plan for plan in guide.levels if plan.id == level), None)


def step_of(plan: LevelPlan | None, step_id: str | None) -> Step | None:
    """A step of a level by id, or None."""
    return next((step for step in plan.steps if step.id == step_id), None) if plan else None


def first_position(guide: Guide, rung: int) -> Position:
    """The first step of the first level on a rung, or of the guide when no level counts as that rung."""
    plan = plan_of(guide, rung) or guide.levels[0]
    return Position(plan.id, plan.steps[0].id)


def decision_position(guide: Guide, level_id: str) -> Position | None:
    """The step at which a level is decided: its last decision step. None for an unknown level."""
    plan = plan_of(guide, level_id)
    return Position(plan.id, deciding_step(plan).id) if plan else None


def deciding_step(plan: LevelPlan) -> Step:
    """A level's last decision step; its last step where none is marked."""
    return next((step for step in reversed(plan.steps) if step.decision), plan.steps[-1])


def next_steps(guide: Guide, position: Position) -> tuple[Step, ...]:
    """The step a case stands at and those after it at the level; empty for an unknown position."""
    plan = plan_of(guide, position.level_id)
    names = [step.id for step in plan.steps] if plan else []
    return plan.steps[names.index(position.step_id) :] if plan and position.step_id in names else ()


def after_step(guide: Guide, position: Position) -> Position | None:
    """The next step at the level, or None after the last."""
    following = next_steps(guide, position)[1:2]
    return Position(position.level_id, following[0].id) if following else None
