"""The desk of those who meet children: teachers, nurses, counsellors."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

import casework.coordinations
import casework.drifts
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
    return {
        "cases.mine": len(casework.relays.offered_to_me(tx)),
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


SIGNALS = Nav("signals.mine", _("My concerns"), "Chat")
CASES = Nav("cases.mine", _("My cases"), "HandShakeHeart", hot=True)
INVITATIONS = Nav("coordinations.asked", _("Invitations"), "EnvelopeClosed", hot=True)
MEETINGS = Nav("meetings.mine", _("Meetings"), "Calendar", hot=True)
REPORTS = Nav("concern_reports.listed", _("Reports of concern"), "ExclamationmarkTriangle")
MESSAGES = Nav("notices.mine", _("Messages"), "Bell")
DELIVERIES = Nav("notices.deliveries", _("Undelivered"), "EnvelopeClosed", hot=True)
DRIFTS = Nav("drifts.listed", _("Left lying"), "Hourglass", hot=True)
GUIDES = Nav("guides.listed", _("The guide"), "Book")
CONSENT_TEXTS = Nav("consent_texts.listed", _("Consent texts"), "FileCheckmark")

desk = Desk(
    roles=frozenset({"educator", "health_nurse", "counsellor"}),
    home="cases.mine",
    nav=(CASES, DRIFTS, SIGNALS, INVITATIONS, MEETINGS, REPORTS, MESSAGES, GUIDES),
    counts=counts,
)
