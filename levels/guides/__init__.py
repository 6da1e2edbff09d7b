"""Guides: read, checked, and asked for a verdict. A guide may ask for more than the law, never less."""

from pathlib import Path

from levels.guides.acts import judge_access, judge_arena, judge_child_heard, judge_contact, judge_services
from levels.guides.chasing import ladder, rung_on
from levels.guides.checks import FaultyGuide, check_text, read
from levels.guides.clocks import clocks_starting, day_due, deadline_of
from levels.guides.codes import Evidence, Gate, Hearer, Kind, NotAsked, ReasonCode
from levels.guides.faults import SENTENCES, remedy, sentence, wrong
from levels.guides.floors import FLOORS, Floor
from levels.guides.judging import judge, judge_step
from levels.guides.models import (
    CLOSE,
    DECISION_FORUM,
    Arena,
    CaseType,
    Clock,
    Guide,
    LevelPlan,
    Outcome,
    Rung,
    Step,
    Tool,
)
from levels.guides.reading import Fault
from levels.guides.verdicts import (
    MoveFacts,
    MoveRequest,
    Position,
    Reason,
    Verdict,
    after_step,
    decision_position,
    first_position,
    next_steps,
    plan_of,
    step_of,
)
from levels.guides.versions import Change, compare, landing
from levels.workdays import Pause

LIBRARY = Path(__file__).parent / "library"

__all__ = [
    "CLOSE",
    "DECISION_FORUM",
    "FLOORS",
    "LIBRARY",
    "SENTENCES",
    "Arena",
    "CaseType",
    "Change",
    "Clock",
    "Evidence",
    "Fault",
    "FaultyGuide",
    "Floor",
    "Gate",
    "Guide",
    "Hearer",
    "Kind",
    "LevelPlan",
    "MoveFacts",
    "MoveRequest",
    "NotAsked",
    "Outcome",
    "Pause",
    "Position",
    "Reason",
    "ReasonCode",
    "Rung",
    "Step",
    "Tool",
    "Verdict",
    "after_step",
    "check_text",
    "clocks_starting",
    "compare",
    "day_due",
    "deadline_of",
    "decision_position",
    "first_position",
    "judge",
    "judge_access",
    "judge_arena",
    "judge_child_heard",
    "judge_contact",
    "judge_services",
    "judge_step",
    "ladder",
    "landing",
    "library",
    "next_steps",
    "plan_of",
    "read",
    "remedy",
    "rung_on",
    "sentence",
    "shipped",
    "step_of",
    "tools_of",
    "wrong",
]


def shipped() -> tuple[str, ...]:
    """The names of the guides that come with Stafetten."""
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def library(name: str) -> str:
    """The text of a guide that comes with Stafetten, such as «national». Raises KeyError for another name."""
    if name not in shipped():
        raise KeyError(name)
    return (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")


def tools_of(guide: Guide, step: Step) -> tuple[Tool, ...]:
    """A step's tools with the names and links people read."""
    known = {tool.id: tool for tool in guide.tools}
    return tuple(known[name] for name in step.tools if name in known)
