"""Names each fault of a guide with its line: what cannot be read, what leads nowhere, what the law forbids."""

from collections import Counter
from collections.abc import Iterator

from pydantic import ValidationError

from levels.guides.models import Clock, Evidence, Guide, LevelPlan
from levels.guides.reading import Document, Fault, Path, Unreadable, document, spelled

EVENTS = (
    "concern_arose",
    "level_entered",
    "meeting_held",
    "invitation_sent",
    "baton_offered",
    "measure_started",
)
MOST_FAULTS = 200

# What a guide may not go below, however it is written. Sources: domain paper 4.1-4.5 and 5.1.
LONGEST_BATON_DAYS = 60


def read(text: str) -> Guide:
    """The guide in a text that `check_text` finds no fault with; raises ValueError otherwise."""
    faults, guide = _checked(text)
    if faults or guide is None:
        raise ValueError(f"{len(faults)} faults, the first on line {faults[0].line}: {faults[0].code}")
    return guide


def check_text(text: str) -> tuple[Fault, ...]:
    """Every fault, by line; none when the guide can be published."""
    return _checked(text)[0]


def _checked(text: str) -> tuple[tuple[Fault, ...], Guide | None]:
    try:
        found = document(text)
    except Unreadable as unreadable:
        return (unreadable.fault,), None
    try:
        guide = Guide.model_validate(_with_text_ids(found.data))
    except ValidationError as error:
        return tuple(_from_pydantic(found, error)), None
    faults = sorted(_logical(found, guide), key=lambda fault: fault.line)[:MOST_FAULTS]
    return tuple(faults), guide


def _with_text_ids(data: object) -> object:
    """A level called 0 is written as a number and meant as a name."""
    if isinstance(data, dict):
        names = ("id", "to", "to_step", "from_step", "log_starts_at", "version", "key", "municipality_number")
        return {
            key: str(value)
            if key in names and isinstance(value, int) and not isinstance(value, bool)
            else [str(v) if isinstance(v, int) else v for v in value]
            if key in ("levels", "includes_arenas", "case_types") and _plain_list(value)
            else _with_text_ids(value)
            for key, value in data.items()
        }
    return [_with_text_ids(item) for item in data] if isinstance(data, list) else data


def _plain_list(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)


_PYDANTIC = {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "string_too_short": "text_missing",
    "string_too_long": "text_too_long",
    "too_short": "list_empty",
    "string_pattern_mismatch": "spelling",
}


def _from_pydantic(found: Document, error: ValidationError) -> Iterator[Fault]:
    for one in error.errors()[:MOST_FAULTS]:
        path = tuple(part for part in one["loc"] if isinstance(part, int) or not part.startswith("function"))
        code = _PYDANTIC.get(one["type"], "wrong_value")
        context = one.get("ctx") or {}
        values = [("key", str(path[-1]) if path else "")]
        values += [("expected", str(context.get("expected", "")))] if "expected" in context else []
        yield Fault(found.line(path), spelled(path), code, tuple(values))


def _logical(found: Document, guide: Guide) -> Iterator[Fault]:
    yield from _doubles(found, guide)
    yield from _floors(found, guide)
    known = {plan.id for plan in guide.levels}
    if guide.log_starts_at not in known:
        yield _fault(found, ("log_starts_at",), "no_such_level", level=guide.log_starts_at)
    for place, plan in enumerate(guide.levels):
        yield from _level(found, ("levels", place), plan, known, guide)
    for place, clock in enumerate(guide.clocks):
        yield from _clock(found, ("clocks", place), clock, guide)
    yield from _unreachable(found, guide)


def _fault(found: Document, path: Path, code: str, **values: str) -> Fault:
    return Fault(found.line(path), spelled(path), code, tuple(values.items()))


def _doubles(found: Document, guide: Guide) -> Iterator[Fault]:
    named = [(("levels", n, "id"), plan.id) for n, plan in enumerate(guide.levels)]
    named += [(("clocks", n, "id"), clock.id) for n, clock in enumerate(guide.clocks)]
    named += [(("arenas", n, "id"), arena.id) for n, arena in enumerate(guide.arenas)]
    for kind in ("levels", "clocks", "arenas"):
        mine = [(path, name) for path, name in named if path[0] == kind]
        yield from _twice(found, mine)
    for n, plan in enumerate(guide.levels):
        yield from _twice(
            found, [(("levels", n, "steps", s, "id"), one.id) for s, one in enumerate(plan.steps)]
        )
        yield from _twice(
            found, [(("levels", n, "outcomes", o, "when"), one.when) for o, one in enumerate(plan.outcomes)]
        )


def _twice(found: Document, named: list[tuple[Path, str]]) -> Iterator[Fault]:
    counts = Counter(name for _, name in named)
    seen: set[str] = set()
    for path, name in named:
        if counts[name] > 1 and name in seen:
            yield _fault(found, path, "id_twice", id=name)
        seen.add(name)


def _floors(found: Document, guide: Guide) -> Iterator[Fault]:
    """A guide may ask for more than the law, never less."""
    for n, plan in enumerate(guide.levels):
        for o, outcome in enumerate(plan.outcomes):
            gated = Evidence.CONCERN_REPORT_SENT in outcome.requires and len(outcome.requires) > 1
            if gated:
                yield _fault(found, ("levels", n, "outcomes", o, "requires"), "report_never_gated")
    for n, clock in enumerate(guide.clocks):
        long = (clock.length.days or 0) > LONGEST_BATON_DAYS or clock.length.months is not None
        if clock.due == "acceptance" and long:
            yield _fault(found, ("clocks", n, "length"), "baton_waits_too_long")


def _level(found: Document, path: Path, plan: LevelPlan, known: set[str], guide: Guide) -> Iterator[Fault]:
    steps = {step.id for step in plan.steps}
    if not any(step.decision for step in plan.steps):
        yield _fault(found, (*path, "steps"), "no_decision_step", level=plan.id)
    arenas = {arena.id for arena in guide.arenas}
    for arena in plan.includes_arenas:
        if arena not in arenas:
            yield _fault(found, (*path, "includes_arenas"), "no_such_arena", arena=arena)
    if all(outcome.to == plan.id for outcome in plan.outcomes):
        yield _fault(found, (*path, "outcomes"), "no_way_out", level=plan.id)
    for o, outcome in enumerate(plan.outcomes):
        here = (*path, "outcomes", o)
        if outcome.to != "close" and outcome.to not in known:
            yield _fault(found, (*here, "to"), "no_such_level", level=outcome.to)
            continue
        target = next((p for p in guide.levels if p.id == outcome.to), None)
        if outcome.to_step and target and outcome.to_step not in {s.id for s in target.steps}:
            yield _fault(found, (*here, "to_step"), "no_such_step", step=outcome.to_step)
        if outcome.from_step and outcome.from_step not in steps:
            yield _fault(found, (*here, "from_step"), "no_such_step", step=outcome.from_step)


def _clock(found: Document, path: Path, clock: Clock, guide: Guide) -> Iterator[Fault]:
    every_step = {step.id for plan in guide.levels for step in plan.steps}
    given = [n for n in (clock.length.days, clock.length.weeks, clock.length.months) if n is not None]
    if len(given) != 1:
        yield _fault(found, (*path, "length"), "one_length_only", clock=clock.id)
    if clock.starts not in EVENTS and clock.starts.removeprefix("step_done:") not in every_step:
        yield _fault(found, (*path, "starts"), "clock_starts_nowhere", clock=clock.id)
    if clock.due.startswith("step:") and clock.due.removeprefix("step:") not in every_step:
        yield _fault(found, (*path, "due"), "clock_ends_nowhere", clock=clock.id)
    for level in clock.levels:
        if level not in {plan.id for plan in guide.levels}:
            yield _fault(found, (*path, "levels"), "no_such_level", level=level)


def _unreachable(found: Document, guide: Guide) -> Iterator[Fault]:
    reached, waiting = set(), [guide.levels[0].id]
    ways = {plan.id: [outcome.to for outcome in plan.outcomes] for plan in guide.levels}
    while waiting:
        level = waiting.pop()
        if level not in reached:
            reached.add(level)
            waiting += [to for to in ways.get(level, []) if to in ways]
    for n, plan in enumerate(guide.levels):
        if plan.id not in reached:
            yield _fault(found, ("levels", n, "id"), "unreachable", level=plan.id)
