"""The baton (stafettpinne): there is no state without a holder."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import Notify, PassBaton, StartClock, StopClock


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFacts:
    """What the chart needs to know about a hand-over."""

    receiver_named: bool = False
    receiver_is_another: bool = False
    receiver_may_hold: bool = False
    receiver_at_work: bool = True
    family_told: bool = False
    family_asked_anew: bool = True
    reason_given: bool = False
    time_is_up: bool = False


_GIVEN = ["receiver_may_hold", "receiver_at_work", "reason_given"]


class RelayChart(Chart):
    """The holder keeps the baton until the next one has accepted it (the routine Gloppen publishes).

    An offer nobody answers lapses to the holder's leader, so the baton can be refused but never dropped.
    """

    Facts = RelayFacts
    follows = {
        "offer": (Notify("baton_offered", "receiver"), StartClock("baton_offered")),
        "accept": (PassBaton("receiver"), StopClock("acceptance"), Notify("baton_accepted", "former_holder")),
        "decline": (StopClock("acceptance"), Notify("baton_declined", "holder")),
        "withdraw": (StopClock("acceptance"), Notify("baton_withdrawn", "receiver")),
        "lapse": (PassBaton("leader"), StopClock("acceptance"), Notify("baton_lapsed", "holder")),
        "take_over": (
            PassBaton("receiver"),
            StopClock("acceptance"),
            Notify("baton_accepted", "former_holder"),
        ),
        "put_down": (StopClock("acceptance"),),
    }

    held = State(initial=True)
    offered = State()
    put_aside = State()

    offer = held.to(
        offered,
        cond=[
            "receiver_named",
            "receiver_is_another",
            "receiver_may_hold",
            "receiver_at_work",
            "family_told",
        ],
    )
    accept = offered.to(held, cond=["receiver_may_hold", "family_asked_anew"])
    decline = offered.to(held, cond=["reason_given"])
    withdraw = offered.to(held)
    lapse = offered.to(held, cond=["time_is_up"])
    take_over = held.to.itself(cond=_GIVEN) | offered.to(held, cond=_GIVEN)
    put_down = held.to(put_aside)
    pick_up = put_aside.to(held)
