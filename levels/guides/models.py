"""A guide (handlingsveileder) as data: levels or phases, steps, outcomes, clocks and arenas, in its own words.

Keys and codes are English, everything a person reads is in the guide's own language. docs/guides.md describes
the format for those who write one.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from levels.guides.codes import Documentation, Evidence, Gate, Hearer, Reader, Writer

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Long = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[\w.\-]+$")]


def _written_as_day(value: Any) -> Any:
    """Only 2026-08-01 is a day; pydantic would also take a number of seconds for one."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("not_a_date", "not written as 2026-08-01") from None


Day = Annotated[date, BeforeValidator(_written_as_day)]
# Words with a meaning of their own as targets; no level may be called so.
CLOSE = "close"
DECISION_FORUM = "decision_forum"


class Part(BaseModel):
    """Base of everything in a guide: closed, and never changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Step(Part):
    """One step at a level. `gate` says what an unmet requirement does: hold back, warn, or nothing.

    `gap` marks a step that the municipality has not published; it follows the common BTI pattern instead.
    """

    id: Code
    name: Text
    what: Long = ""
    who: Long = ""
    how: Long = ""
    tools: tuple[Code, ...] = ()
    support_questions: tuple[Text, ...] = ()
    requires: tuple[Evidence, ...] = ()
    gate: Gate = Gate.WARN
    skip_allowed: bool = True
    decision: bool = False
    grants_log_access: bool = False
    documentation: tuple[Documentation, ...] = ()
    report_exit: bool = True
    gap: bool = False


class Outcome(Part):
    """One way onward from a level: under which condition, to where, and what must be there first.

    `to` is a level's id, «close», or «decision_forum» (the case stays and a forum is asked). `from_step` limits
    the outcome to that step and those after it.
    """

    when: Code
    text: Text
    to: Code
    to_step: Code | None = None
    from_step: Code | None = None
    requires: tuple[Evidence, ...] = ()
    gate: Gate = Gate.BLOCK
    gap: bool = False

    @property
    def concerns_care(self) -> bool:
        """The way out for a concern about care: with a report of concern, and never held by anything else."""
        return Evidence.CONCERN_REPORT_SENT in self.requires


class Services(Part):
    """How many services a level is meant for; `preferred` never forbids more."""

    preferred: int | None = Field(default=None, ge=0, le=30)
    least: int | None = Field(default=None, ge=0, le=30)
    most: int | None = Field(default=None, ge=0, le=30)


class LevelPlan(Part):
    """A level, phase or arena of the guide, and the national level (`rung`) it counts as.

    `outcomes_incomplete` says that the municipality may know more ways onward than could be read.
    """

    id: Code
    rung: int = Field(ge=0, le=3)
    name: Text
    purpose: Long = ""
    services: Services | None = None
    includes_arenas: tuple[Code, ...] = ()
    consent_to_share: bool | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    outcomes: tuple[Outcome, ...] = ()
    outcomes_incomplete: bool = False
    gap: bool = False


class Length(Part):
    """How long a clock runs: exactly one of these. 0 days is «the same day»."""

    days: int | None = Field(default=None, ge=0, le=400)
    weeks: int | None = Field(default=None, ge=1, le=60)
    months: int | None = Field(default=None, ge=1, le=24)


class Between(Part):
    """A clock that runs from leaving one level to what must happen at the next."""

    leaving: Code
    entering: Code


class Rung(Part):
    """One rung of the ladder above silence: so many days after the last day, and who hears of it then."""

    after: int = Field(ge=0, le=60)
    to: Hearer


class Clock(Part):
    """A time limit: what starts it, what must have happened when it ends, and how the days are counted.

    `statute` names the statutory term it keeps; it may then be shorter than the law's, never longer. `chase` is who
    hears of it, rung by rung, when the last day has passed; its days are counted as the clock's own.
    """

    id: Code
    name: Text
    starts: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    due: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    length: Length
    counted: Literal["calendar", "working"] = "calendar"
    levels: tuple[Code, ...] = ()
    between: Between | None = None
    case_types: tuple[Code, ...] = ()
    remind_before: int | None = Field(default=None, ge=0, le=60)
    escalate_to: Reader = Reader.HOLDER
    chase: tuple[Rung, ...] = ()
    statute: Code | None = None
    gap: bool = False


class CaseType(Part):
    """A kind of case with clocks of its own, such as the school environment."""

    id: Code
    name: Text


class Arena(Part):
    """A standing meeting place, such as the resource team. `consent` says whether a child may be named there."""

    id: Code
    name: Text
    purpose: Long = ""
    members: tuple[Text, ...] = ()
    consent: Literal["named", "anonymous", "either"] = "named"
    every: Long = ""


class Tool(Part):
    """A form, template or list that steps refer to by id."""

    id: Code
    name: Text
    about: Long = ""
    link: Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s<>\"']+$")] | None = None


class TargetGroup(Part):
    """Whom the guide is for, in whole years."""

    min_age: int = Field(default=0, ge=0, le=25)
    max_age: int = Field(default=18, ge=0, le=25)
    pregnant: bool = False
    text: Long = ""


class ViolenceRule(Part):
    """What to do when violence or abuse is suspected: whom to talk to before the parents are contacted."""

    parents_contact: Literal["forbidden_until_discussed", "after_assessment"]
    discuss_with: tuple[Literal["child_welfare", "police"], ...] = ("child_welfare", "police")
    text: Text


class ChildVoice(Part):
    """How the child is heard. When the child is not there, somebody is named to bring its view, at these times.

    A view counts for so many months, and no longer than the level it was given at; one given so many days before the
    level changed, counts at the new level too.
    """

    any_age: bool = True
    min_age: int | None = Field(default=None, ge=0, le=25)
    if_absent: tuple[Literal["before", "during", "after"], ...] = ()
    counts_months: int = Field(default=6, ge=1, le=24)
    carried_days: int = Field(default=14, ge=0, le=60)
    text: Long = ""


class ConcernReport(Part):
    """The report of concern: open from every step, and never waiting for anything."""

    from_every_step: bool = True
    requires: tuple[Evidence, ...] = ()
    text: Long = ""


class Baton(Part):
    """How the baton is handed on. It moves when the receiver has accepted it, never by itself."""

    acceptance: Literal["explicit", "automatic"] = "explicit"
    text: Long = ""


class ConsentAnew(Part):
    """When the family is asked anew (so Sund's routine): as the baton goes on, and as one more service joins.

    `until_answered` says what the old yes is worth meanwhile: it goes on, it ends with the services' sight, or the
    hand-over or the joining waits for the answer.
    """

    handover: Literal["never", "other_service", "always"] = "never"
    joining: bool = False
    until_answered: Literal["goes_on", "ends", "waits"] = "waits"

    @property
    def asked(self) -> bool:
        """Whether the family is asked anew at all."""
        return self.joining or self.handover != "never"


class Guide(Part):
    """A whole guide: one version, for one municipality (or the whole country) and one sector."""

    key: Code
    municipality_number: Annotated[str, StringConstraints(pattern=r"^\d{4}$")] | None = None
    sector: Literal["school", "kindergarten", "health_station", "culture", "all"] = "all"
    name: Text
    language: Literal["nb", "nn", "en"]
    version: Text
    valid_from: Day
    source: Long = ""
    gaps: tuple[Text, ...] = ()
    target_group: TargetGroup = TargetGroup()
    youth_consent_age: int | None = Field(default=None, ge=12, le=18)
    log_starts_at: Code
    who_may_write: tuple[Writer, ...] = (Writer.HOLDER, Writer.MEMBER, Writer.SERVICE)
    violence_rule: ViolenceRule
    child_voice: ChildVoice = ChildVoice()
    concern_report: ConcernReport = ConcernReport()
    baton: Baton = Baton()
    consent_anew: ConsentAnew = ConsentAnew()
    levels: tuple[LevelPlan, ...] = Field(min_length=1)
    clocks: tuple[Clock, ...] = Field(default=(), max_length=200)
    case_types: tuple[CaseType, ...] = ()
    arenas: tuple[Arena, ...] = ()
    tools: tuple[Tool, ...] = ()
