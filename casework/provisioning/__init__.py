"""What a municipality's identity provider may do here: keep its people, and the groups that give them roles."""

from casework.provisioning.groups import (
    GroupDetails,
    KeepGroup,
    Mapped,
    find_groups,
    forget_group,
    group,
    groups,
    keep_group,
    make_group,
    map_group,
    mapped,
)
from casework.provisioning.people import (
    KeepProfile,
    Provisioned,
    find,
    forget,
    keep,
    one,
    take_in,
)
from casework.provisioning.tokens import TokenSummary, bearer, make_token, revoke_token, tokens
from records.provisioning import GIVEN_ROLES

__all__ = [
    "GIVEN_ROLES",
    "GroupDetails",
    "KeepGroup",
    "KeepProfile",
    "Mapped",
    "Provisioned",
    "TokenSummary",
    "bearer",
    "find",
    "find_groups",
    "forget",
    "forget_group",
    "group",
    "groups",
    "keep",
    "keep_group",
    "make_group",
    "make_token",
    "map_group",
    "mapped",
    "one",
    "revoke_token",
    "take_in",
    "tokens",
]
