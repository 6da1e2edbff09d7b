"""What notices are about, the ways of being told, and which of them may not be put off."""

from enum import StrEnum


class Way(StrEnum):
    """How somebody wants to be told: at once by mail or text message, once a day, or only on the own page."""

    MAIL = "mail"
    SMS = "sms"
    DIGEST = "digest"
    INSIDE = "inside"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "way"


class About(StrEnum):
    """The kinds of events a person chooses a way for."""

    REPORTS = "reports"
    BATONS = "batons"
    DELIVERIES = "deliveries"
    MEETINGS = "meetings"
    DEADLINES = "deadlines"
    ANSWERS = "answers"
    CASES = "cases"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "about"


# A child may wait for these: they can move between mail and text message, and never be put off or switched off.
URGENT = frozenset({About.REPORTS, About.BATONS, About.DELIVERIES})

_KINDS = {
    "concern_report_received": About.REPORTS,
    "glass_broken": About.REPORTS,
    "baton_offered": About.BATONS,
    "baton_reminder": About.BATONS,
    "baton_lapsed": About.BATONS,
    "baton_given": About.BATONS,
    "batons_left": About.BATONS,
    "case_offered_here": About.BATONS,
    "letter_bounced": About.DELIVERIES,
    "deadline_near": About.DEADLINES,
    "deadline_missed": About.DEADLINES,
    "deadline_stuck": About.DEADLINES,
    "evaluation_due": About.DEADLINES,
    "service_silent": About.DEADLINES,
    "consent_expired": About.DEADLINES,
    "consent_ends": About.DEADLINES,
    "baton_accepted": About.ANSWERS,
    "baton_declined": About.ANSWERS,
    "baton_withdrawn": About.ANSWERS,
    "baton_came_back": About.ANSWERS,
    "invitation_answered": About.ANSWERS,
    "case_offer_answered": About.ANSWERS,
    "invitation_unanswered": About.ANSWERS,
    "concern_report_opened": About.ANSWERS,
    "consultation_answered": About.ANSWERS,
    "consultation_followed_up": About.ANSWERS,
    "knowledge_proposed": About.ANSWERS,
    "consultation_due": About.DEADLINES,
    "consultation_late": About.DEADLINES,
    "reading_answered": About.ANSWERS,
}


def about(kind: str) -> About:
    """What a notice of this kind is about; whatever is not named concerns one's cases."""
    if kind.startswith(("meeting", "times")):
        return About.MEETINGS
    return _KINDS.get(kind, About.CASES)


def ways(one: About) -> tuple[Way, ...]:
    """The ways somebody may choose for this."""
    return (Way.MAIL, Way.SMS) if one in URGENT else tuple(Way)


def way_of(chosen: str | None, kind: str, *, reachable_by_sms: bool) -> Way:
    """The way a notice goes: as chosen, if that is allowed and possible, otherwise at once by mail."""
    wanted = Way(chosen) if chosen else Way.MAIL
    if wanted not in ways(about(kind)) or (wanted is Way.SMS and not reachable_by_sms):
        return Way.MAIL
    return wanted
