"""What holds a guide together: ids, ways between levels, decisions, and clocks that begin and end somewhere."""

from collections.abc import Iterable, Iterator

from levels.guides.codes import ClockDue, ClockStart, Hearer
from levels.guides.models import CLOSE, DECISION_FORUM, Clock, LevelPlan, Outcome
from levels.guides.reading import Fault, Path
from levels.guides.sheets import Sheet

_NOT_LEVELS = (CLOSE, DECISION_FORUM)
# What only one event can lead to.
_ONLY_AFTER = {ClockDue.REPLY: ClockStart.INVITATION_SENT, ClockDue.ACCEPTANCE: ClockStart.BATON_OFFERED}


def faults_in(sheet: Sheet) -> Iterator[Fault]:
    """Every fault of structure."""
    yield from _doubles(sheet)
    yield from _frame(sheet)
    for path, plan in sheet.levels():
        yield from _level(sheet, path, plan)
        for place, outcome in enumerate(plan.outcomes):
            yield from _outcome(sheet, (*path, "outcomes", place), plan, outcome)
    yield from _dead_ends(sheet)
    for place, clock in enumerate(sheet.guide.clocks):
        yield from _clock(sheet, ("clocks", place), clock)


def _doubles(sheet: Sheet) -> Iterator[Fault]:
    guide = sheet.guide
    for key in ("levels", "clocks", "arenas", "tools", "case_types"):
        yield from _twice(sheet, (key,), "id", [one.id for one in getattr(guide, key)])
    for path, plan in sheet.levels():
        yield from _twice(sheet, (*path, "steps"), "id", [step.id for step in plan.steps])
        yield from _twice(sheet, (*path, "outcomes"), "when", [one.when for one in plan.outcomes])


def _twice(sheet: Sheet, path: Path, key: str, names: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield sheet.fault((*path, place, key), "id_twice", id=name)
        seen.add(name)


def _frame(sheet: Sheet) -> Iterator[Fault]:
    guide = sheet.guide
    if guide.levels[0].rung != 0:
        yield sheet.fault(("levels", 0, "rung"), "first_level_not_zero", level=guide.levels[0].id)
    if guide.log_starts_at not in sheet.plans:
        yield sheet.fault(("log_starts_at",), "unknown_level", level=guide.log_starts_at)
    if guide.target_group.min_age > guide.target_group.max_age:
        yield sheet.fault(("target_group",), "ages_crossed")
    if guide.violence_rule.parents_contact != "after_assessment" and not guide.violence_rule.discuss_with:
        yield sheet.fault(("violence_rule", "discuss_with"), "list_empty", key="discuss_with")
    if "until_answered" in guide.consent_anew.model_fields_set and not guide.consent_anew.asked:
        yield sheet.fault(("consent_anew", "until_answered"), "nothing_asked_anew")


def _level(sheet: Sheet, path: Path, plan: LevelPlan) -> Iterator[Fault]:
    if plan.id in _NOT_LEVELS:
        yield sheet.fault((*path, "id"), "reserved_id", id=plan.id)
    bounds = plan.services
    if bounds and bounds.least is not None and bounds.most is not None and bounds.least > bounds.most:
        yield sheet.fault((*path, "services"), "services_crossed")
    arenas = {arena.id for arena in sheet.guide.arenas}
    for place, name in enumerate(plan.includes_arenas):
        if name not in arenas:
            yield sheet.fault((*path, "includes_arenas", place), "unknown_arena", arena=name)
    yield from _steps(sheet, path, plan)


def _steps(sheet: Sheet, path: Path, plan: LevelPlan) -> Iterator[Fault]:
    tools = {tool.id for tool in sheet.guide.tools}
    for place, step in enumerate(plan.steps):
        for n, name in enumerate(step.tools):
            if name not in tools:
                yield sheet.fault((*path, "steps", place, "tools", n), "unknown_tool", tool=name)
    decisions = [place for place, step in enumerate(plan.steps) if step.decision]
    if not decisions:
        yield sheet.fault((*path, "steps"), "no_decision_step", level=plan.id)
        return
    led_to = {o.to_step for other in sheet.guide.levels for o in other.outcomes if o.to == plan.id}
    for place in range(decisions[-1] + 1, len(plan.steps)):
        if plan.steps[place].id in led_to:
            return
        yield sheet.fault((*path, "steps", place), "unreachable_step", step=plan.steps[place].id)


def _outcome(sheet: Sheet, path: Path, plan: LevelPlan, outcome: Outcome) -> Iterator[Fault]:
    if outcome.to not in _NOT_LEVELS and outcome.to not in sheet.plans:
        yield sheet.fault((*path, "to"), "unknown_level", level=outcome.to)
    elif outcome.to_step and outcome.to_step not in sheet.steps.get(outcome.to, ()):
        yield sheet.fault((*path, "to_step"), "unknown_step", step=outcome.to_step, level=outcome.to)
    start = next((step for step in plan.steps if step.id == outcome.from_step), None)
    if outcome.from_step and start is None:
        yield sheet.fault((*path, "from_step"), "unknown_step", step=outcome.from_step, level=plan.id)
    elif start is not None and not start.decision:
        yield sheet.fault((*path, "from_step"), "outcome_without_decision", step=start.id)


def _dead_ends(sheet: Sheet) -> Iterator[Fault]:
    """Levels nobody comes to, levels nobody leaves, and levels from which no case is ever closed."""
    ways = {plan.id: [one.to for one in plan.outcomes] for plan in sheet.guide.levels}
    back: dict[str, list[str]] = {}
    for name, targets in ways.items():
        for target in targets:
            back.setdefault(target, []).append(name)
    reached, closing = _reached(sheet.guide.levels[0].id, ways), _reached(CLOSE, back)
    for path, plan in sheet.levels():
        if plan.id not in reached:
            yield sheet.fault((*path, "id"), "unreachable_level", level=plan.id)
        if all(to in (plan.id, DECISION_FORUM) for to in ways[plan.id]):
            yield sheet.fault((*path, "outcomes"), "no_way_out", level=plan.id)
        elif plan.id not in closing:
            yield sheet.fault((*path, "outcomes"), "never_closes", level=plan.id)


def _reached(start: str, ways: dict[str, list[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = [to for to in ways.get(waiting.pop(), ()) if to not in found]
        found.update(new)
        waiting.extend(new)
    return found


def _clock(sheet: Sheet, path: Path, clock: Clock) -> Iterator[Fault]:
    yield from _length(sheet, path, clock)
    types = {one.id for one in sheet.guide.case_types}
    for key, names, known in (("levels", clock.levels, sheet.plans), ("case_types", clock.case_types, types)):
        code = "unknown_level" if key == "levels" else "unknown_case_type"
        for place, name in enumerate(names):
            if name not in known:
                yield sheet.fault((*path, key, place), code, **{code.removeprefix("unknown_"): name})
    if not _starts(sheet, clock):
        yield sheet.fault((*path, "starts"), "clock_starts_nowhere", clock=clock.id, starts=clock.starts)
    if not _ends(sheet, clock):
        yield sheet.fault((*path, "due"), "clock_ends_nowhere", clock=clock.id, due=clock.due)
    yield from _ladder(sheet, path, clock)
    if clock.between and not _joined(sheet, clock.between.leaving, clock.between.entering):
        yield sheet.fault((*path, "between"), "no_way_between", clock=clock.id)


def _length(sheet: Sheet, path: Path, clock: Clock) -> Iterator[Fault]:
    length = clock.length
    if sum(one is not None for one in (length.days, length.weeks, length.months)) != 1:
        yield sheet.fault((*path, "length"), "one_length_only", clock=clock.id)
    elif clock.counted == "working" and length.days is None:
        yield sheet.fault((*path, "length"), "working_needs_days", clock=clock.id)
    elif clock.remind_before and length.days is not None and clock.remind_before > length.days:
        yield sheet.fault((*path, "remind_before"), "reminder_before_start", clock=clock.id)


def _ladder(sheet: Sheet, path: Path, clock: Clock) -> Iterator[Fault]:
    """Rungs go upward, and only a service that was asked can be silent."""
    days = [rung.after for rung in clock.chase]
    if days != sorted(days):
        yield sheet.fault((*path, "chase"), "ladder_goes_down", clock=clock.id)
    if clock.due != ClockDue.REPLY:
        for place, rung in enumerate(clock.chase):
            if rung.to in (Hearer.SERVICE, Hearer.SERVICE_LEADER):
                yield sheet.fault((*path, "chase", place, "to"), "nobody_asked", clock=clock.id)


def _joined(sheet: Sheet, leaving: str, entering: str) -> bool:
    plan = sheet.plans.get(leaving)
    return entering in sheet.plans and plan is not None and any(one.to == entering for one in plan.outcomes)


def _starts(sheet: Sheet, clock: Clock) -> bool:
    """Whether what starts the clock can happen where the clock belongs."""
    if clock.starts.startswith("step_done:"):
        return clock.starts.removeprefix("step_done:") in sheet.steps_within(clock.levels)
    if clock.starts not in set(ClockStart):
        return False
    if clock.between:
        return clock.starts == ClockStart.LEVEL_ENTERED
    return clock.starts != ClockStart.CONCERN_AROSE or _at_level_zero(sheet, clock.levels)


def _at_level_zero(sheet: Sheet, levels: Iterable[str]) -> bool:
    """A concern arises once, at level 0."""
    named = [sheet.plans[name].rung for name in levels if name in sheet.plans]
    return not named or 0 in named


def _ends(sheet: Sheet, clock: Clock) -> bool:
    """Whether what the clock waits for can still happen after it has started."""
    if clock.due.startswith("step:"):
        step = clock.due.removeprefix("step:")
        return step in sheet.steps_within(clock.levels) and clock.starts != f"step_done:{step}"
    if clock.due not in set(ClockDue):
        return False
    only = _ONLY_AFTER.get(ClockDue(clock.due))
    return only is None or clock.starts == only
