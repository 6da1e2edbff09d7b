"""The desk of the data protection officer: who read what, and why they could. No case's content."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

import casework.notices
import casework.readings
from casework.transactions import Transaction
from web.desks import Desk, Nav
from web.desks.practice import GUIDES, MESSAGES

WHY = Nav("reasons.asking", _("Why can they see it?"), "PadlockLocked")
ROLES = Nav("reasons.roles", _("Roles"), "PersonGroup")


def counts(tx: Transaction) -> Mapping[str, int]:
    """Odd readings nobody has looked at or that have been answered, and messages not seen."""
    return {"readings.listed": casework.readings.waiting(tx), "notices.mine": casework.notices.unseen(tx)}


desk = Desk(
    roles=frozenset({"data_protection_officer"}),
    home="readings.listed",
    nav=(
        Nav("readings.listed", _("Odd readings"), "Eye", hot=True),
        Nav("access_logs.listed", _("Access log"), "FileSearch"),
        WHY,
        ROLES,
        MESSAGES,
        GUIDES,
    ),
    counts=counts,
)
