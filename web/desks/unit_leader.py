"""The desk of a unit's leader: what colleagues have shared, and what is late."""

from flask_babel import lazy_gettext as _

from web.desks import Desk, Nav
from web.desks.practice import (
    ADVICE,
    CASES,
    DRIFTS,
    GUIDES,
    INVITATIONS,
    LEAVERS,
    MEETINGS,
    MESSAGES,
    REPORTS,
    SIGNALS,
    counts,
    leavers_too,
)

desk = Desk(
    roles=frozenset({"unit_leader"}),
    home="cases.mine",
    nav=(
        CASES,
        DRIFTS,
        Nav("signals.in_my_unit", _("The unit's concerns"), "PersonGroup"),
        INVITATIONS,
        MEETINGS,
        MESSAGES,
        LEAVERS,
        SIGNALS,
        ADVICE,
        REPORTS,
        GUIDES,
    ),
    counts=leavers_too(counts),
)
