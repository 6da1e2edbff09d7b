"""Small numbers are hidden, and so is whatever would give them away. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LOWEST_THRESHOLD = 3
THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it may be shown: a number, or why it is hidden («few» or «complement»)."""

    value: int | None
    hidden: str = ""


def checked(threshold: int) -> int:
    """A municipality may choose 3 or more, never lower; raises ValueError."""
    if threshold < LOWEST_THRESHOLD:
        raise ValueError("a threshold below three would show single children")
    return threshold


def cells(counts: Sequence[int], threshold: int = THRESHOLD) -> tuple[Cell, ...]:
    """A row of counts whose sum may be known: small ones hidden, and one more when a single hole could be filled."""
    few = [0 < count < checked(threshold) for count in counts]
    shown = [Cell(None, "few") if small else Cell(count) for small, count in zip(few, counts, strict=True)]
    if sum(few) == 1:
        others = [n for n, small in enumerate(few) if not small and counts[n] > 0]
        if others:
            shown[min(others, key=lambda n: counts[n])] = Cell(None, "complement")
    return tuple(shown)


def share(numerator: int, denominator: int, threshold: int = THRESHOLD) -> Cell:
    """A percentage of a group: hidden when either side of it, or the group itself, is small."""
    if denominator < 2 * checked(threshold):
        return Cell(None, "few")
    rest = denominator - numerator
    if 0 < numerator < threshold or 0 < rest < threshold:
        return Cell(None, "few")
    return Cell(round(100 * numerator / denominator))
