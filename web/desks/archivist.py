"""The desk of the archivist and data protection officer: packages, terms and holds. No case."""

from flask_babel import lazy_gettext as _

from web.desks import Desk, Nav

desk = Desk(
    roles=frozenset({"archivist"}),
    home="retention.desk",
    nav=(
        Nav("retention.desk", _("Kept and deleted"), "Clock"),
        Nav("archives.waiting", _("To the archive"), "Archive"),
    ),
)
