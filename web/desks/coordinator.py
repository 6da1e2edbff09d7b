"""The desk of the municipality's coordinator: everything by deadline, without names."""

from flask_babel import lazy_gettext as _

from web.desks import Desk, Nav
from web.desks.data_protection_officer import ROLES
from web.desks.practice import (
    CONSENT_TEXTS,
    DELIVERIES,
    DRIFTS,
    GUIDES,
    KNOWLEDGE,
    MESSAGES,
    listener_counts,
)

FIGURES = Nav("indicators.shown", _("Figures"), "BarChart")

desk = Desk(
    roles=frozenset({"coordinator"}),
    home="cases.overview",
    nav=(
        Nav("cases.overview", _("All deadlines"), "TasklistStart"),
        DRIFTS,
        FIGURES,
        DELIVERIES,
        MESSAGES,
        GUIDES,
        KNOWLEDGE,
        ROLES,
        CONSENT_TEXTS,
    ),
    counts=listener_counts,
)
