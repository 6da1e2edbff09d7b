"""A guide together with the lines it was written on, as the checks see it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from levels.guides.models import Guide, LevelPlan
from levels.guides.reading import Document, Fault, Path, spelled


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the checks look at; look-ups are made once, so that a long guide is checked quickly."""

    document: Document
    guide: Guide
    plans: dict[str, LevelPlan] = field(init=False)
    steps: dict[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        plans = {plan.id: plan for plan in reversed(self.guide.levels)}
        object.__setattr__(self, "plans", plans)
        steps = {name: frozenset(step.id for step in plan.steps) for name, plan in plans.items()}
        object.__setattr__(self, "steps", steps)

    def fault(self, path: Path, code: str, **values: str | int) -> Fault:
        """A fault at a place in the file."""
        told = tuple((name, str(value)[:120]) for name, value in values.items())
        return Fault(self.document.line(path), spelled(path), code, told)

    def levels(self) -> Iterator[tuple[Path, LevelPlan]]:
        """Every level with where it stands."""
        return ((("levels", place), plan) for place, plan in enumerate(self.guide.levels))

    def steps_within(self, levels: Iterable[str]) -> frozenset[str]:
        """The steps of these levels, or of all when none is named."""
        names = tuple(levels) or tuple(self.steps)
        return frozenset().union(*(self.steps.get(name, frozenset()) for name in names))
