"""The desk of child welfare: reports first."""

from collections.abc import Mapping

import casework.concern_reports
from casework.transactions import Transaction
from web.desks import Desk
from web.desks.practice import (
    CASES,
    DRIFTS,
    GUIDES,
    INVITATIONS,
    MEETINGS,
    MESSAGES,
    QUESTIONS,
    REPORTS,
    SIGNALS,
)
from web.desks.practice import counts as usual_counts


def counts(tx: Transaction) -> Mapping[str, int]:
    """As others, and the reports nobody has opened."""
    unopened = [one for one in casework.concern_reports.inbox(tx) if one.state != "opened"]
    return {**usual_counts(tx), "concern_reports.listed": len(unopened)}


desk = Desk(
    roles=frozenset({"child_welfare_worker"}),
    home="concern_reports.listed",
    nav=(REPORTS, CASES, DRIFTS, QUESTIONS, INVITATIONS, MEETINGS, MESSAGES, SIGNALS, GUIDES),
    counts=counts,
)
