"""Handing a closed case to the municipality's archive: why it is shielded, and how it is filed."""

from collections.abc import Iterable, Mapping
from typing import Any

SYSTEM = "Stafetten"
RESTRICTION = ("13", "Taushetsplikt")

# A stafettlogg is confidential whatever is in it; services with a stricter duty bring their own section along.
# The sections' numbers are widely cited; the statutes' own texts could not be opened.
_ALWAYS = "Offentleglova § 13, jf. forvaltningsloven § 13 første ledd nr. 1"
_STRICTER: Mapping[str, str] = {
    "health_station": "helsepersonelloven § 21",
    "school_health": "helsepersonelloven § 21",
    "child_welfare": "barnevernsloven § 13-1",
}
_DEFAULT_CLASS = (SYSTEM, "stafettlogg")


def shielding(service_kinds: Iterable[str]) -> str:
    """The legal basis for shielding a case in which these services have taken part."""
    stricter = sorted({_STRICTER[kind] for kind in service_kinds if kind in _STRICTER})
    return ", ".join((_ALWAYS, *stricter))


def classification(settings: Mapping[str, Any]) -> tuple[str, str]:
    """System and class in the municipality's archive key; `archive_class` in its settings, as `K-koder:B10`."""
    system, _, code = str(settings.get("archive_class", "")).partition(":")
    return (system.strip(), code.strip()) if system.strip() and code.strip() else _DEFAULT_CLASS
