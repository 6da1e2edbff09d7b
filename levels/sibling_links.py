"""Siblings side by side (søskenkobling): two children's files linked while both families' consent lasts.

Each child keeps a file, a log and a consent of its own; a link only lets those who may see both see them together.
"""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class SiblingLinkFacts:
    """What the chart needs to know before two files are linked."""

    same_municipality: bool = False
    both_open: bool = False
    consent_in_both: bool = False


class SiblingLinkChart(Chart):
    """Considered, linked, ended. Anybody who keeps one of the files, or whose consent it was, may end it."""

    Facts = SiblingLinkFacts
    follows = {}

    considered = State(initial=True)
    linked = State()
    ended = State(final=True)

    link = considered.to(linked, cond=["same_municipality", "both_open", "consent_in_both"])
    end = linked.to(ended)
