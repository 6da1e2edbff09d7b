"""Children and their families: finding the right one, registering, and knowing no more than the work needs."""

from casework.children.families import (
    LANGUAGES,
    Family,
    GuardianSummary,
    KeepGuardian,
    add_guardian,
    family,
    guardian,
    guardians,
    keep_guardian,
    protect,
    tell_home,
    write_down,
)
from casework.children.finding import ChildSummary, listed, one, search, suggestions, summary
from casework.children.registering import (
    RegisterChild,
    RegisterGroup,
    RegisterPregnancy,
    enrol,
    register,
    register_group,
    register_pregnancy,
    units,
)
from records.children import RELATIONS

__all__ = [
    "LANGUAGES",
    "RELATIONS",
    "ChildSummary",
    "Family",
    "GuardianSummary",
    "KeepGuardian",
    "RegisterChild",
    "RegisterGroup",
    "RegisterPregnancy",
    "add_guardian",
    "enrol",
    "family",
    "guardian",
    "guardians",
    "keep_guardian",
    "listed",
    "one",
    "protect",
    "register",
    "register_group",
    "register_pregnancy",
    "search",
    "suggestions",
    "summary",
    "tell_home",
    "units",
    "write_down",
]
