"""The desk of the administrator: guides, colleagues, services. No case."""

from flask_babel import lazy_gettext as _

from web.desks import Desk, Nav
from web.desks.data_protection_officer import ROLES
from web.desks.practice import (
    CONSENT_TEXTS,
    DELIVERIES,
    KNOWLEDGE,
    LEAVERS,
    MESSAGES,
    leavers_too,
    listener_counts,
)

desk = Desk(
    roles=frozenset({"administrator"}),
    home="guides.listed",
    nav=(
        Nav("guides.listed", _("Guides"), "Book"),
        Nav("staff.people", _("Colleagues"), "PersonGroup"),
        Nav("staff.services", _("Services"), "Buildings3"),
        LEAVERS,
        DELIVERIES,
        MESSAGES,
        ROLES,
        CONSENT_TEXTS,
        Nav("rosters.listed", _("Rolls"), "FileImport"),
        Nav("provisioning.listed", _("Accounts"), "KeyHorizontal"),
        KNOWLEDGE,
    ),
    counts=leavers_too(listener_counts),
)
