"""The desk of whoever keeps the machinery running."""

from flask_babel import lazy_gettext as _

from web.desks import Desk, Nav
from web.desks.practice import DELIVERIES, listener_counts

desk = Desk(
    roles=frozenset({"operator"}),
    home="operations.state",
    nav=(Nav("operations.state", _("Operations"), "Cog"), DELIVERIES),
    counts=listener_counts,
)
