"""The desk of those who meet children every day: teachers; and the places that others' desks share."""

from collections.abc import Callable, Mapping

from flask_babel import lazy_gettext as _

import casework.consultations
import casework.coordinations
import casework.drifts
import casework.leavers
import casework.meetings
import casework.notices
import casework.relays
from casework.transactions import Transaction
from web.desks import Desk, Nav


def counts(tx: Transaction) -> Mapping[str, int]:
    """What waits: batons offered, invitations to answer, messages not seen."""
    asked = [
        one for one in casework.coordinations.asked_of_me(tx) if one.state not in ("accepted", "declined")
    ]
    advice = sum(casework.consultations.waiting(tx))
    return {
        "cases.mine": len(casework.relays.offered_to_me(tx)),
        "consultations.mine": advice,
        "consultations.received": advice,
        "coordinations.asked": len(asked),
        "meetings.mine": sum(not one.mine_answered for one in casework.meetings.times_asked_of_me(tx)),
        "notices.mine": casework.notices.unseen(tx),
        "drifts.listed": casework.drifts.waiting(tx),
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
    nav=(CASES, DRIFTS, SIGNALS, ADVICE, INVITATIONS, MEETINGS, REPORTS, MESSAGES, GUIDES),
    counts=counts,
)
