"""A child's case: levels 0 to 3, closing, reopening, stepping down and going round again."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import EndAccess, Notify, StartClock, StopClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the chart needs to know about a case. `guide_permits` is the guide's verdict, or a written reason."""

    holder_named: bool = False
    guide_permits: bool = False
    sharing_settled: bool = False
    concern_reported: bool = False
    child_view_known: bool = False
    reason_given: bool = False
    baton_settled: bool = False
    measures_settled: bool = False
    taken_elsewhere: bool = False
    handed_over: bool = False
    pregnancy_ended: bool = False


_UP = ["holder_named", "guide_permits", "sharing_settled", "child_view_known"]
_REPORTED = ["holder_named", "guide_permits", "concern_reported"]
_DOWN = ["holder_named", "guide_permits", "reason_given"]
_OUT = ["reason_given", "guide_permits", "baton_settled", "measures_settled", "child_view_known"]
_AWAY = ["taken_elsewhere", "baton_settled"]
_WITH_IT = ["pregnancy_ended", "baton_settled"]
_IN = ["holder_named", "handed_over"]
_BACK = ["reason_given", "holder_named"]
_ENTERED = (StopClock("decision"), StartClock("level_entered"), Notify("level_changed", "participants"))


class CaseChart(Chart):
    """A case climbs and descends the levels. Reporting a concern is open from every state, always."""

    Facts = CaseFacts
    follows = {
        "raise_to_1": _ENTERED,
        "raise_to_2": _ENTERED,
        "raise_to_3": _ENTERED,
        "lower_to_1": _ENTERED,
        "lower_to_2": _ENTERED,
        "go_round": (StopClock("decision"), StartClock("level_entered")),
        "take_in": (StartClock("level_entered"),),
        "close": (StopClock("*"), EndAccess()),
        "move_away": (StopClock("*"), EndAccess()),
        "end_with_pregnancy": (StopClock("*"), EndAccess()),
        "reopen_at_1": (StartClock("level_entered"),),
        "reopen_at_2": (StartClock("level_entered"),),
        "reopen_at_3": (StartClock("level_entered"),),
    }

    level_0 = State(initial=True)
    level_1 = State()
    level_2 = State()
    level_3 = State()
    closed = State()

    raise_to_1 = level_0.to(level_1, cond=["holder_named", "guide_permits"])
    raise_to_2 = level_0.to(level_2, cond=_UP) | level_1.to(level_2, cond=_UP)
    raise_to_3 = (
        level_0.to(level_3, cond=_REPORTED)
        | level_0.to(level_3, cond=_UP)
        | level_1.to(level_3, cond=_UP)
        | level_2.to(level_3, cond=_UP)
    )
    take_in = level_0.to(level_1, cond=_IN)
    lower_to_1 = level_2.to(level_1, cond=_DOWN) | level_3.to(level_1, cond=_DOWN)
    lower_to_2 = level_3.to(level_2, cond=_DOWN)
    go_round = (
        level_1.to.itself(cond=["guide_permits"])
        | level_2.to.itself(cond=["guide_permits"])
        | level_3.to.itself(cond=["guide_permits"])
    )
    ask_forum = (
        level_1.to.itself(internal=True, cond=["guide_permits"])
        | level_2.to.itself(internal=True, cond=["guide_permits"])
        | level_3.to.itself(internal=True, cond=["guide_permits"])
    )
    close = level_1.to(closed, cond=_OUT) | level_2.to(closed, cond=_OUT) | level_3.to(closed, cond=_OUT)
    move_away = (
        level_1.to(closed, cond=_AWAY) | level_2.to(closed, cond=_AWAY) | level_3.to(closed, cond=_AWAY)
    )
    end_with_pregnancy = (
        level_1.to(closed, cond=_WITH_IT)
        | level_2.to(closed, cond=_WITH_IT)
        | level_3.to(closed, cond=_WITH_IT)
    )
    reopen_at_1 = closed.to(level_1, cond=_BACK)
    reopen_at_2 = closed.to(level_2, cond=[*_BACK, "sharing_settled"])
    reopen_at_3 = closed.to(level_3, cond=[*_BACK, "sharing_settled"])
    report_concern = (
        level_0.to.itself(internal=True)
        | level_1.to.itself(internal=True)
        | level_2.to.itself(internal=True)
        | level_3.to.itself(internal=True)
        | closed.to.itself(internal=True)
    )


LEVELS = ("level_0", "level_1", "level_2", "level_3")


def rung_of(state: str) -> int:
    """The number in a level's state; raises ValueError for a closed case."""
    return LEVELS.index(state)
