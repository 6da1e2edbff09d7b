"""The closed sets of words a guide is written with, and that a verdict answers with."""

import enum


class Evidence(enum.StrEnum):
    """What a step or an outcome may ask to be there. Each has words in three languages."""

    OBSERVATIONS_WRITTEN = "observations_written"
    SHARED_WITH_LEADER = "shared_with_leader"
    SHARED_WITH_CHILD = "shared_with_child"
    SHARED_WITH_GUARDIANS = "shared_with_guardians"
    GUARDIANS_INFORMED = "guardians_informed"
    CHILD_HEARD = "child_heard"
    CHILD_VOICE_OWNER = "child_voice_owner"
    CONSENT_TO_LOG = "consent_to_log"
    CONSENT_TO_SHARE = "consent_to_share"
    SHARING_DECLINED = "sharing_declined"
    GOALS_SET = "goals_set"
    RESPONSIBLE_PER_MEASURE = "responsible_per_measure"
    EVALUATION_DATE_SET = "evaluation_date_set"
    MEASURES_STARTED = "measures_started"
    MEASURES_EVALUATED = "measures_evaluated"
    HOLDER_DECIDED = "holder_decided"
    LEADER_AGREES = "leader_agrees"
    SERVICES_INVITED = "services_invited"
    SERVICE_ANSWERED = "service_answered"
    MEETING_HELD = "meeting_held"
    CONCERN_REPORT_SENT = "concern_report_sent"
    CLOSING_NOTE = "closing_note"

    @classmethod
    def text_context(cls) -> str:
        """The catalogue context of the words people read."""
        return "unmet"


class Kind(enum.StrEnum):
    """A verdict, mildest first. A deviation (warned, not in guide) needs a written reason; refused has none."""

    ALLOWED = "allowed"
    ALLOWED_LATE = "allowed_late"
    WARNED = "warned"
    NOT_IN_GUIDE = "not_in_guide"
    REFUSED = "refused"

    @property
    def weight(self) -> int:
        """0 for the mildest, 4 for the strictest."""
        return list(Kind).index(self)

    @property
    def deviates(self) -> bool:
        """Whether it may be carried out with a written reason, and only so."""
        return self in (Kind.WARNED, Kind.NOT_IN_GUIDE)

    @classmethod
    def text_context(cls) -> str:
        """The catalogue context of the words people read."""
        return "verdict"


class ReasonCode(enum.StrEnum):
    """Why a verdict is as it is, besides the evidence codes that are missing."""

    LATE = "late"
    NOT_AMONG_OUTCOMES = "not_among_outcomes"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_LEADS_ELSEWHERE = "outcome_leads_elsewhere"
    OUTCOME_FROM_OTHER_STEP = "outcome_from_other_step"
    OTHER_STEP_THAN_GUIDE = "other_step_than_guide"
    GUIDE_NOT_FULLY_KNOWN = "guide_not_fully_known"
    NO_SUCH_LEVEL = "no_such_level"
    NO_SUCH_STEP = "no_such_step"
    NO_SUCH_ACTION = "no_such_action"
    NO_SUCH_ARENA = "no_such_arena"
    STEP_MUST_BE_DONE = "step_must_be_done"
    SHARING_DECLINED_WITHOUT_LOG = "sharing_declined_without_log"
    CHILD_HEARD_AT_ANY_AGE = "child_heard_at_any_age"
    CHILD_VOICE_NEEDS_OWNER = "child_voice_needs_owner"
    DISCUSS_BEFORE_PARENTS = "discuss_before_parents"
    ASSESS_BEFORE_PARENTS = "assess_before_parents"
    HOLDER_GIVES_ACCESS = "holder_gives_access"
    ACCESS_FROM_LATER_STEP = "access_from_later_step"
    TOO_MANY_SERVICES = "too_many_services"
    TOO_FEW_SERVICES = "too_few_services"
    ARENA_ELSEWHERE = "arena_elsewhere"
    CONSENT_BEFORE_NAMED_CASE = "consent_before_named_case"
    COMMON_PATTERN = "common_pattern"
    MORE_SERVICES_THAN_PREFERRED = "more_services_than_preferred"
    STAYS_AT_LEVEL = "stays_at_level"

    @classmethod
    def text_context(cls) -> str:
        """The catalogue context of the words people read."""
        return "unmet"


class Gate(enum.StrEnum):
    """What an unmet requirement does: holds back, warns, or is only shown as a list to tick."""

    BLOCK = "block"
    WARN = "warn"
    NONE = "none"


class ClockStart(enum.StrEnum):
    """What may start a clock, besides `step_done:<step>`."""

    CONCERN_AROSE = "concern_arose"
    LEVEL_ENTERED = "level_entered"
    MEETING_HELD = "meeting_held"
    INVITATION_SENT = "invitation_sent"
    BATON_OFFERED = "baton_offered"
    MEASURE_STARTED = "measure_started"


class ClockDue(enum.StrEnum):
    """What must have happened when a clock ends, besides `step:<step>`."""

    DECISION = "decision"
    MEETING = "meeting"
    REPLY = "reply"
    ACCEPTANCE = "acceptance"
    EVALUATION = "evaluation"


class Writer(enum.StrEnum):
    """Who may write in the relay log."""

    HOLDER = "holder"
    MEMBER = "member"
    LEADER = "leader"
    SERVICE = "service"
    GUARDIAN = "guardian"
    CHILD = "child"


class Documentation(enum.StrEnum):
    """Where a step is written down."""

    LOG = "log"
    MINUTES = "minutes"
    OWN_SYSTEM = "own_system"
    FORM = "form"
    NOTHING = "nothing"


class Reader(enum.StrEnum):
    """Whom a clock turns to when its day has passed."""

    HOLDER = "holder"
    LEADER = "leader"
    COORDINATOR = "coordinator"


class Hearer(enum.StrEnum):
    """Who hears of silence, rung by rung: the service asked, its leader, and those who carry the case."""

    SERVICE = "service"
    SERVICE_LEADER = "service_leader"
    HOLDER = "holder"
    LEADER = "leader"
    COORDINATOR = "coordinator"


class NotAsked(enum.StrEnum):
    """Why a child was not asked. Age alone is never a reason."""

    AGE = "age"
    DECLINED = "declined"
    ABSENT = "absent"
    UNSAFE = "unsafe"
    LATER = "later"
    OTHER = "other"
