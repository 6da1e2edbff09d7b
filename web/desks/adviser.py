"""The desk of those whom others ask for advice: nurses, counsellors."""

from web.desks import Desk
from web.desks.practice import (
    CASES,
    DRIFTS,
    GUIDES,
    INVITATIONS,
    MEETINGS,
    MESSAGES,
    QUESTIONS,
    REPORTS,
    SIGNALS,
    counts,
)

desk = Desk(
    roles=frozenset({"health_nurse", "counsellor"}),
    home="cases.mine",
    nav=(CASES, DRIFTS, QUESTIONS, INVITATIONS, MEETINGS, MESSAGES, SIGNALS, REPORTS, GUIDES),
    counts=counts,
)
