"""The desk of those who meet children every day: teachers; and the places that others' desks share."""

from collections.abc import Callable, Mapping

from flask_babel import lazy_gettext as _

import casework.leavers
import casework.notices
from casework.transactions import Transaction
from casework.waiting import waiting
from web.desks import Desk, Nav


def counts(tx: Transaction) -> Mapping[str, int]:
    """What waits: batons offered, invitations to answer, messages not seen."""
    found = waiting(tx)
    advice = found.answers + found.questions
    return {
        "cases.mine": found.batons + found.moving_in,
        "consultations.mine": advice,
        "consultations.received": advice,
        "coordinations.asked": found.invitations,
        "meetings.mine": found.times,
        "notices.mine": found.messages,
        "drifts.listed": found.drifts,
    }


def listener_counts(tx: Transaction) -> Mapping[str, int]:
    """What waits for whoever steers or runs a municipality: letters nobody can vouch for, messages not seen."""
    return {
        "notices.deliveries": len(casework.notices.unmatched(tx)),
        "notices.mine": casework.notices.unseen(tx),
    }


def leavers_too(
    usual: Callable[[Transaction], Mapping[str, int]],
) -> Callable[[Transaction], Mapping[str, int]]:
    """As usual, and those who have left with something still in their hands."""
    return lambda tx: {**usual(tx), "leavers.listed": len(casework.leavers.listed(tx))}


SIGNALS = Nav("signals.mine", _("My concerns"), "Chat")
CASES = Nav("cases.mine", _("My cases"), "HandShakeHeart", hot=True)
INVITATIONS = Nav("coordinations.asked", _("Invitations"), "EnvelopeClosed", hot=True)
MEETINGS = Nav("meetings.mine", _("Meetings"), "Calendar", hot=True)
REPORTS = Nav("concern_reports.listed", _("Reports of concern"), "ExclamationmarkTriangle")
MESSAGES = Nav("notices.mine", _("Messages"), "Bell")
DELIVERIES = Nav("notices.deliveries", _("Undelivered"), "EnvelopeClosed", hot=True)
LEAVERS = Nav("leavers.listed", _("Left"), "PersonMinus", hot=True)
DRIFTS = Nav("drifts.listed", _("Left lying"), "Hourglass", hot=True)
GUIDES = Nav("guides.listed", _("The guide"), "Book")
CONSENT_TEXTS = Nav("consent_texts.listed", _("Consent texts"), "FileCheckmark")

ADVICE = Nav("consultations.mine", _("Ask for advice"), "PersonChat", hot=True)
QUESTIONS = Nav("consultations.received", _("Questions to us"), "PersonChat", hot=True)
KNOWLEDGE = Nav("consultations.learnt", _("Knowledge"), "LightBulb")

desk = Desk(
    roles=frozenset({"educator"}),
    home="cases.mine",
    nav=(CASES, DRIFTS, SIGNALS, INVITATIONS, MEETINGS, MESSAGES, ADVICE, REPORTS, GUIDES),
    counts=counts,
)
