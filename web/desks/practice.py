"""The desk of those who meet children: teachers, nurses, counsellors."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

import casework.coordinations
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
        "notices.mine": casework.notices.unseen(tx),
    }


SIGNALS = Nav("signals.mine", _("My concerns"), "Chat")
CASES = Nav("cases.mine", _("My cases"), "HandShakeHeart", hot=True)
INVITATIONS = Nav("coordinations.asked", _("Invitations"), "EnvelopeClosed", hot=True)
REPORTS = Nav("concern_reports.listed", _("Reports of concern"), "ExclamationmarkTriangle")
MESSAGES = Nav("notices.mine", _("Messages"), "Bell")
GUIDES = Nav("guides.listed", _("The guide"), "Book")

desk = Desk(
    roles=frozenset({"educator", "health_nurse", "counsellor"}),
    home="cases.mine",
    nav=(CASES, SIGNALS, INVITATIONS, REPORTS, MESSAGES, GUIDES),
    counts=counts,
)
