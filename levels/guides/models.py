"""A guide (handlingsveileder) as data: levels or phases, steps, outcomes, clocks and arenas, in its own words."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w.\-]+$")]


class Evidence(StrEnum):
    """What a step or an outcome may ask to be there. Each has words in three languages."""

    CONSENT_TO_LOG = "consent_to_log"
    CONSENT_TO_SHARE = "consent_to_share"
    GOALS_SET = "goals_set"
    RESPONSIBLE_PER_MEASURE = "responsible_per_measure"
    EVALUATION_DATE_SET = "evaluation_date_set"
    HOLDER_DECIDED = "holder_decided"
    CHILD_HEARD = "child_heard"
    CHILD_VOICE_OWNER = "child_voice_owner"
    GUARDIANS_INFORMED = "guardians_informed"
    OBSERVATIONS_WRITTEN = "observations_written"
    SHARED_WITH_LEADER = "shared_with_leader"
    SHARED_WITH_CHILD = "shared_with_child"
    SHARED_WITH_GUARDIANS = "shared_with_guardians"
    MEETING_HELD = "meeting_held"
    MEASURES_EVALUATED = "measures_evaluated"
    SERVICES_INVITED = "services_invited"
    CONCERN_REPORT_SENT = "concern_report_sent"
    CLOSING_NOTE = "closing_note"


class Part(BaseModel):
    """Base of everything in a guide: closed, and never changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Step(Part):
    """One step at a level. `gate` says what an unmet requirement does: hold back, warn, or nothing."""

    id: Code
    name: Text
    what: str = ""
    who: str = ""
    how: str = ""
    tools: tuple[str, ...] = ()
    support_questions: tuple[str, ...] = ()
    requires: tuple[Evidence, ...] = ()
    gate: Literal["block", "warn", "none"] = "warn"
    skip_allowed: bool = True
    decision: bool = False
    documentation: str = ""
    gap: bool = False


class Outcome(Part):
    """One way onward from a level: under which condition, and to where."""

    when: Code
    text: Text
    to: Code
    to_step: Code | None = None
    from_step: Code | None = None
    requires: tuple[Evidence, ...] = ()
    gate: Literal["block", "warn"] = "warn"
    gap: bool = False


class Services(Part):
    """How many services a level is meant for; `preferred` never forbids more."""

    preferred: int | None = Field(default=None, ge=0, le=30)
    least: int | None = Field(default=None, ge=0, le=30)
    most: int | None = Field(default=None, ge=0, le=30)


class LevelPlan(Part):
    """A level, phase or arena of the guide, and the national level (`rung`) it counts as."""

    id: Code
    rung: Annotated[int, Field(ge=0, le=3)]
    name: Text
    purpose: str = ""
    services: Services | None = None
    includes_arenas: tuple[Code, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    gap: bool = False


class Length(Part):
    """How long a clock runs: exactly one of these."""

    days: int | None = Field(default=None, ge=0, le=400)
    weeks: int | None = Field(default=None, ge=1, le=60)
    months: int | None = Field(default=None, ge=1, le=24)


class Clock(Part):
    """A time limit: what starts it, what must have happened when it ends, and how the days are counted."""

    id: Code
    name: Text
    starts: Code | Annotated[str, Field(pattern=r"^step_done:[\w.\-]+$")]
    due: Annotated[str, Field(pattern=r"^(decision|meeting|reply|acceptance|evaluation|step:[\w.\-]+)$")]
    length: Length
    counted: Literal["calendar", "working"] = "calendar"
    levels: tuple[Code, ...] = ()
    case_types: tuple[Code, ...] = ()
    remind_before: int | None = Field(default=None, ge=0, le=60)
    escalate_to: Literal["holder", "leader", "coordinator"] = "holder"


class Arena(Part):
    """A standing meeting place, such as the resource team."""

    id: Code
    name: Text
    purpose: str = ""
    consent: Literal["named", "anonymous", "either"] = "named"
    every: str = ""


class TargetGroup(Part):
    """Whom the guide is for, in whole years."""

    min_age: int = Field(default=0, ge=0, le=25)
    max_age: int = Field(default=18, ge=0, le=25)
    pregnant: bool = False


class ViolenceRule(Part):
    """What to do when violence or abuse is suspected: whom to ask before the parents are contacted."""

    parents_contact: Literal["forbidden_until_discussed", "after_assessment"] = "after_assessment"
    discuss_with: tuple[Literal["child_welfare", "police"], ...] = ("child_welfare", "police")


class Guide(Part):
    """A whole guide."""

    key: Code
    municipality_number: Annotated[str, Field(pattern=r"^\d{4}$")] | None = None
    sector: Literal["school", "kindergarten", "health_station", "culture", "all"] = "all"
    name: Text
    language: Literal["nb", "nn", "en"] = "nb"
    version: Text
    valid_from: date
    source: str = ""
    gaps: tuple[str, ...] = ()
    target_group: TargetGroup = TargetGroup()
    youth_consent_age: int | None = Field(default=None, ge=12, le=16)
    log_starts_at: Code
    who_may_write: Literal["holder", "participants"] = "participants"
    child_heard_at_any_age: Literal[True] = True
    violence_rule: ViolenceRule = ViolenceRule()
    levels: tuple[LevelPlan, ...] = Field(min_length=1)
    clocks: tuple[Clock, ...] = ()
    arenas: tuple[Arena, ...] = ()
