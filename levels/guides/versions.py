"""Moving an open case to another version of its guide: what changes for it, and where it lands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from levels.guides.models import Clock, Guide, LevelPlan, Step
from levels.guides.verdicts import Position, plan_of, step_of


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is different in another version, as seen from where a case stands; empty is «was not there».

    `values` hold a changed clock's lengths: before_number, before_unit, after_number, after_unit, where a unit is
    days, working_days, weeks or months.
    """

    code: str
    before: str
    after: str
    name: str = ""
    values: tuple[tuple[str, str], ...] = ()


def landing(old: Guide, new: Guide, position: Position) -> Position | None:
    """Where a case lands: the same step, else the same level's first, else the same national level's first.

    None when the new version has nothing at that national level.
    """
    before, after = plan_of(old, position.level_id), plan_of(new, position.level_id)
    if after is None or (before is not None and before.rung != after.rung):
        after = plan_of(new, before.rung) if before else None
    if after is None:
        return None
    return Position(after.id, position.step_id if step_of(after, position.step_id) else after.steps[0].id)


def compare(old: Guide, new: Guide, position: Position) -> tuple[Change, ...]:
    """What changes for a case at this position when it moves to another version of its guide."""
    before = plan_of(old, position.level_id)
    target = landing(old, new, position)
    after = plan_of(new, target.level_id) if target else None
    if before is None or after is None or target is None:
        return (Change("level_gone", before.name if before else position.level_id, ""),)
    return (
        *_whole(old, new),
        *_level(before, after),
        *_landed(before, after, position, target),
        *_parts("step", _steps(before), _steps(after)),
        *_parts("outcome", _outcomes(before), _outcomes(after)),
        *_parts("clock", _clocks(old, before), _clocks(new, after)),
        *_parts("level", _names(old, before.id), _names(new, after.id)),
    )


def _differs(code: str, before: object, after: object) -> Iterator[Change]:
    if before != after:
        yield Change(code, str(before), str(after))


def _whole(old: Guide, new: Guide) -> Iterator[Change]:
    yield from _differs("youth_consent_age_changed", old.youth_consent_age or "", new.youth_consent_age or "")
    yield from _differs("violence_rule_changed", old.violence_rule.text, new.violence_rule.text)
    yield from _differs("child_voice_changed", old.child_voice.text, new.child_voice.text)
    anew = [" · ".join(str(value) for _key, value in guide.consent_anew) for guide in (old, new)]
    yield from _differs("consent_anew_changed", *anew)
    writers = [", ".join(guide.who_may_write) for guide in (old, new)]
    yield from _differs("who_may_write_changed", *writers)
    if old.log_starts_at != new.log_starts_at:
        before, after = (plan_of(guide, guide.log_starts_at) for guide in (old, new))
        yield Change("log_start_changed", before.name if before else "", after.name if after else "")


def _level(before: LevelPlan, after: LevelPlan) -> Iterator[Change]:
    yield from _differs("level_renamed", before.name, after.name)
    yield from _differs("purpose_changed", before.purpose, after.purpose)
    yield from _differs("services_changed", _bounds(before), _bounds(after))


def _bounds(plan: LevelPlan) -> str:
    one = plan.services
    found = (one.least, one.preferred, one.most) if one else ()
    return " – ".join(str(number) for number in found if number is not None)


def _landed(before: LevelPlan, after: LevelPlan, position: Position, target: Position) -> Iterator[Change]:
    if (target.level_id, target.step_id) != (position.level_id, position.step_id):
        stood, stands = step_of(before, position.step_id), step_of(after, target.step_id)
        yield Change("step_moved", stood.name if stood else position.step_id, stands.name if stands else "")


def _steps(plan: LevelPlan) -> dict[str, tuple[str, object]]:
    return {step.id: (step.name, _asks(step)) for step in plan.steps}


def _asks(step: Step) -> object:
    return step.model_dump(exclude={"id", "gap"})


def _outcomes(plan: LevelPlan) -> dict[str, tuple[str, object]]:
    return {one.when: (one.text, one.model_dump(exclude={"gap"})) for one in plan.outcomes}


def _clocks(guide: Guide, plan: LevelPlan) -> dict[str, tuple[str, object]]:
    here = (clock for clock in guide.clocks if _touches(clock, plan.id))
    return {clock.id: (clock.name, clock) for clock in here}


def _touches(clock: Clock, level_id: str) -> bool:
    if clock.between:
        return level_id in (clock.between.leaving, clock.between.entering)
    return not clock.levels or level_id in clock.levels


def _length(clock: Clock) -> tuple[str, str]:
    """A clock's length as number and unit, «working_days» where those are counted."""
    length = clock.length
    found = {"months": length.months, "weeks": length.weeks, "days": length.days}
    unit, number = next((unit, number) for unit, number in found.items() if number is not None)
    return str(number), f"working_{unit}" if clock.counted == "working" else unit


def _values(before: object, after: object) -> tuple[tuple[str, str], ...]:
    """A clock's lengths, for the sentence that tells of them."""
    if not (isinstance(before, Clock) and isinstance(after, Clock)):
        return ()
    (number, unit), (then_number, then_unit) = _length(before), _length(after)
    return (
        ("before_number", number),
        ("before_unit", unit),
        ("after_number", then_number),
        ("after_unit", then_unit),
    )


def _names(guide: Guide, here: str) -> dict[str, tuple[str, object]]:
    return {plan.id: (plan.name, (plan.name, plan.rung)) for plan in guide.levels if plan.id != here}


def _parts(
    what: str, before: Mapping[str, tuple[str, object]], after: Mapping[str, tuple[str, object]]
) -> Iterator[Change]:
    """What has gone, come and changed, each told by its name."""
    for key, (name, content) in before.items():
        if key not in after:
            yield Change(f"{what}_gone", name, "", name)
        elif after[key][1] != content:
            yield Change(f"{what}_changed", name, after[key][0], name, _values(content, after[key][1]))
    for key, (name, _) in after.items():
        if key not in before:
            yield Change(f"{what}_new", "", name, name)
