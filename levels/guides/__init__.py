"""Guides: read, checked, and asked for a verdict. A guide may ask for more than the law, never less."""

from pathlib import Path

from levels.guides.checks import check_text, read
from levels.guides.faults import SENTENCES, sentence
from levels.guides.models import Clock, Evidence, Guide, LevelPlan, Outcome, Step
from levels.guides.reading import Fault
from levels.guides.verdicts import (
    Change,
    Kind,
    MoveFacts,
    MoveRequest,
    Position,
    Reason,
    Verdict,
    clocks_starting,
    compare,
    day_due,
    deadline_of,
    first_position,
    judge,
    judge_access,
    judge_arena,
    judge_child_heard,
    judge_contact,
    judge_services,
    judge_step,
    plan_of,
)

LIBRARY = Path(__file__).parent / "library"

__all__ = [
    "LIBRARY",
    "SENTENCES",
    "Change",
    "Clock",
    "Evidence",
    "Fault",
    "Guide",
    "Kind",
    "LevelPlan",
    "MoveFacts",
    "MoveRequest",
    "Outcome",
    "Position",
    "Reason",
    "Step",
    "Verdict",
    "check_text",
    "clocks_starting",
    "compare",
    "day_due",
    "deadline_of",
    "first_position",
    "judge",
    "judge_access",
    "judge_arena",
    "judge_child_heard",
    "judge_contact",
    "judge_services",
    "judge_step",
    "library",
    "plan_of",
    "read",
    "sentence",
]


def library(name: str) -> str:
    """The text of a guide that comes with Stafetten: national, tromso, vestre_toten or storelva."""
    return (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
