"""What a guide says of a move or a step: allowed, allowed but late, warned, not in this guide, or refused.

The heaviest reason decides. A warning and a way outside the guide can be carried out with a written reason;
a refusal cannot. A report of concern never asks for a verdict: it is open from everywhere, always.
"""

from collections.abc import Iterator

from levels.guides.clocks import day_due
from levels.guides.codes import ClockDue, Evidence, Gate, Kind, NotAsked, ReasonCode
from levels.guides.models import CLOSE, DECISION_FORUM, Guide, LevelPlan, Outcome, Step
from levels.guides.verdicts import (
    MoveFacts,
    MoveRequest,
    Position,
    Reason,
    Verdict,
    because,
    deciding_step,
    plan_of,
    step_of,
    unmet,
    weighed,
)

_WEIGHT = {Gate.BLOCK: Kind.REFUSED, Gate.WARN: Kind.WARNED}


def judge(guide: Guide, position: Position, move: MoveRequest, facts: MoveFacts) -> Verdict:
    """The verdict on a move to another level, round again, to a decision forum, or to closing. Never raises."""
    here = plan_of(guide, position.level_id)
    if here is None:
        return _nowhere(ReasonCode.NO_SUCH_LEVEL, position.level_id)
    to = _target_name(guide, here, move.to)
    if to is None:
        return _nowhere(ReasonCode.NO_SUCH_LEVEL, str(move.to))
    there = plan_of(guide, to)
    if move.to_step is not None and there is not None and step_of(there, move.to_step) is None:
        return _nowhere(ReasonCode.NO_SUCH_STEP, move.to_step)
    fitting = [one for one in here.outcomes if one.to == to and move.when in (None, one.when)]
    verdicts = [_by(guide, position, here, move, facts, one) for one in fitting]
    if not verdicts:
        verdicts = [_aside(guide, position, here, move, facts, to)]
    return min(verdicts, key=lambda verdict: (verdict.kind.weight, len(verdict.reasons)))


def _nowhere(code: ReasonCode, name: str) -> Verdict:
    return weighed([because(code, Kind.REFUSED, name=name[:120])])


def _target_name(guide: Guide, here: LevelPlan, to: str | int) -> str | None:
    """The level meant, or a word that is none; a national level may be meant by its number."""
    if isinstance(to, int):
        on_rung = [plan.id for plan in guide.levels if plan.rung == to]
        led_to = [one.to for one in here.outcomes if one.to in on_rung]
        return next(iter(led_to + on_rung), None)
    return to if to in (CLOSE, DECISION_FORUM) or plan_of(guide, to) else None


def _by(
    guide: Guide, position: Position, here: LevelPlan, move: MoveRequest, facts: MoveFacts, outcome: Outcome
) -> Verdict:
    """The verdict on a move by one of the guide's outcomes."""
    there = plan_of(guide, outcome.to)
    kind = _WEIGHT.get(outcome.gate, Kind.ALLOWED)
    reasons = [
        *unmet(outcome.requires, kind, facts.evidence, outcome.text),
        *_decided(position, here, facts, outcome),
        *_step_agreed(move, outcome),
        *_sharing(here, there, facts),
        *_late(guide, here, ClockDue.DECISION, facts),
    ]
    notes = [because(ReasonCode.COMMON_PATTERN, Kind.ALLOWED, outcome.text)] if outcome.gap else []
    target = _target(position, there, move.to_step or outcome.to_step, outcome.to)
    return weighed(reasons, outcome=outcome, target=target, notes=notes)


def _aside(
    guide: Guide, position: Position, here: LevelPlan, move: MoveRequest, facts: MoveFacts, to: str
) -> Verdict:
    """The verdict on a way that is none of the guide's outcomes; the law's floor holds there too."""
    there = plan_of(guide, to)
    reasons = [
        _not_there(here, move, to),
        *_sharing(here, there, facts),
        *_late(guide, here, ClockDue.DECISION, facts),
    ]
    return weighed(reasons, target=_target(position, there, move.to_step, to))


def _not_there(here: LevelPlan, move: MoveRequest, to: str) -> Reason:
    named = next((one for one in here.outcomes if one.when == move.when), None)
    if named is not None:
        return because(ReasonCode.OUTCOME_LEADS_ELSEWHERE, Kind.NOT_IN_GUIDE, named.text, to=named.to)
    if here.outcomes_incomplete:
        return because(ReasonCode.GUIDE_NOT_FULLY_KNOWN, Kind.WARNED, here.name, to=to)
    code = ReasonCode.NOT_AMONG_OUTCOMES if move.when is None else ReasonCode.OUTCOME_UNKNOWN
    return because(code, Kind.NOT_IN_GUIDE, here.name, to=to)


def _target(position: Position, there: LevelPlan | None, step_id: str | None, to: str) -> Position | None:
    """Where the case stands afterwards; asking a decision forum leaves it where it is."""
    if to == DECISION_FORUM:
        return position
    step = step_of(there, step_id) or (there.steps[0] if there else None)
    return Position(there.id, step.id) if there and step else None


def _decided(position: Position, here: LevelPlan, facts: MoveFacts, outcome: Outcome) -> Iterator[Reason]:
    """What the step of decision asks for, and the steps before it; a concern about care waits for none of it."""
    if outcome.concerns_care:
        return
    start = step_of(here, outcome.from_step) or deciding_step(here)
    yield from (
        unmet(start.requires, _WEIGHT.get(start.gate, Kind.ALLOWED), facts.evidence, start.name)
        if start.gate is not Gate.NONE
        else ()
    )
    names = [step.id for step in here.steps]
    if outcome.from_step and position.step_id in names[: names.index(start.id)]:
        yield because(ReasonCode.OUTCOME_FROM_OTHER_STEP, Kind.WARNED, start.name, step=start.id)
    if facts.steps_done is not None:
        for step in here.steps[: names.index(start.id)]:
            if not step.skip_allowed and step.id not in facts.steps_done:
                yield because(ReasonCode.STEP_MUST_BE_DONE, Kind.WARNED, step.name, step=step.id)


def _step_agreed(move: MoveRequest, outcome: Outcome) -> Iterator[Reason]:
    if move.to_step is not None and outcome.to_step is not None and move.to_step != outcome.to_step:
        yield because(ReasonCode.OTHER_STEP_THAN_GUIDE, Kind.WARNED, outcome.text, step=outcome.to_step)


def _sharing(here: LevelPlan, there: LevelPlan | None, facts: MoveFacts) -> Iterator[Reason]:
    """Work with other services rests on consent. A family's no is respected: then without a shared log.

    Source: forvaltningsloven § 13 (to be verified); domain: work goes on without the log. A concern about care
    that has been reported needs no consent to reach level 3.
    """
    if there is None or there.rung < 2 or there.rung <= here.rung:
        return
    if Evidence.CONSENT_TO_SHARE in facts.evidence:
        return
    if there.rung == 3 and Evidence.CONCERN_REPORT_SENT in facts.evidence:
        return
    if Evidence.SHARING_DECLINED in facts.evidence:
        yield because(ReasonCode.SHARING_DECLINED_WITHOUT_LOG, Kind.WARNED, there.name)
    else:
        yield because(Evidence.CONSENT_TO_SHARE, Kind.REFUSED, there.name)


def _late(guide: Guide, here: LevelPlan, due: str, facts: MoveFacts) -> Iterator[Reason]:
    """The clock that is furthest past its last day, among those that wait for this at this level."""
    last_days = [
        (facts.dues.get(clock.id) or day_due(clock, facts.started[clock.id]), clock)
        for clock in guide.clocks
        if clock.due == due
        and (not clock.levels or here.id in clock.levels)
        and (clock.id in facts.dues or clock.id in facts.started)
    ]
    past = [((facts.today - day).days, clock) for day, clock in last_days if facts.today > day]
    if past:
        days, clock = max(past, key=lambda pair: pair[0])
        yield because(ReasonCode.LATE, Kind.ALLOWED_LATE, clock.name, days=days, clock=clock.id)


def judge_step(guide: Guide, position: Position, action: str, facts: MoveFacts) -> Verdict:
    """The verdict on finishing («complete») or passing by («skip») the step at a position. Never raises."""
    plan = plan_of(guide, position.level_id)
    step = step_of(plan, position.step_id)
    if plan is None or step is None:
        return _nowhere(ReasonCode.NO_SUCH_STEP, position.step_id)
    if action not in ("complete", "skip"):
        return _nowhere(ReasonCode.NO_SUCH_ACTION, action)
    ending = _skipping(step) if action == "skip" else _completing(guide, step, facts)
    reasons = [*ending, *_late(guide, plan, f"step:{step.id}", facts)]
    notes = [because(ReasonCode.COMMON_PATTERN, Kind.ALLOWED, step.name)] if step.gap else []
    names = [one.id for one in plan.steps]
    following = plan.steps[names.index(step.id) + 1 :]
    target = Position(plan.id, following[0].id if following else step.id)
    return weighed(reasons, target=target, notes=notes)


def _skipping(step: Step) -> Iterator[Reason]:
    if not step.skip_allowed:
        kind = Kind.REFUSED if step.gate is Gate.BLOCK else Kind.WARNED
        yield because(ReasonCode.STEP_MUST_BE_DONE, kind, step.name, step=step.id)


def _completing(guide: Guide, step: Step, facts: MoveFacts) -> Iterator[Reason]:
    if step.gate is not Gate.NONE:
        yield from unmet(step.requires, _WEIGHT[step.gate], facts.evidence, step.name)
    yield from child_reasons(guide, facts.child_not_asked, facts.evidence)


def child_reasons(guide: Guide, not_asked: str | None, evidence: frozenset[str]) -> Iterator[Reason]:
    """Every child is heard, whatever its age; one who is not there is spoken for by a named adult."""
    if not_asked is None or Evidence.CHILD_HEARD in evidence:
        return
    if not_asked == NotAsked.AGE:
        yield because(ReasonCode.CHILD_HEARD_AT_ANY_AGE, Kind.NOT_IN_GUIDE, guide.child_voice.text)
    elif guide.child_voice.if_absent and Evidence.CHILD_VOICE_OWNER not in evidence:
        yield because(ReasonCode.CHILD_VOICE_NEEDS_OWNER, Kind.WARNED, guide.child_voice.text)
