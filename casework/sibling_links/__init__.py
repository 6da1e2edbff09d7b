"""Siblings side by side: linked by consent in both files, met and helped together, and each with a file of its own.

Nothing of a link is written in either log, and no list, count or calendar tells of it: only those who may see both
files see it, because the row policies ask for both.
"""

from casework.sibling_links.linking import (
    CHANNELS,
    Agreed,
    Consenter,
    LinkSiblings,
    OwnYes,
    Sibling,
    candidates,
    consenters,
    end,
    link,
    of_case,
    own,
    withdraw,
)
from casework.sibling_links.sharing import PlanTogether, call_meeting, plan_measure, together

__all__ = [
    "CHANNELS",
    "Agreed",
    "Consenter",
    "LinkSiblings",
    "OwnYes",
    "PlanTogether",
    "Sibling",
    "call_meeting",
    "candidates",
    "consenters",
    "end",
    "link",
    "of_case",
    "own",
    "plan_measure",
    "together",
    "withdraw",
]
