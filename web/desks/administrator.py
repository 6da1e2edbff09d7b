"""The desk of the administrator: guides, colleagues, services. No case."""

from flask_babel import lazy_gettext as _

from web.desks import Desk, Nav
from web.desks.practice import DELIVERIES, KNOWLEDGE, MESSAGES, listener_counts
from web.desks.data_protection_officer import ROLES

desk = Desk(
    roles=frozenset({"administrator"}),
    home="guides.listed",
    nav=(
        Nav("guides.listed", _("Guides"), "Book"),
        Nav("staff.people", _("Colleagues"), "PersonGroup"),
        Nav("staff.services", _("Services"), "Buildings3"),
        ROLES,
        DELIVERIES,
        MESSAGES,
        KNOWLEDGE,
    ),
    counts=listener_counts,
)
