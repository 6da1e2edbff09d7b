"""One person's consent to sharing with one service for one purpose."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import EndAccess, Notify


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """What the chart needs to know before an answer counts."""

    purpose_told: bool = False
    consenter_entitled: bool = False
    answer_received_by: bool = False
    limits_written: bool = False
    term_is_over: bool = False
    last_month: bool = False


_ANSWER = ["purpose_told", "consenter_entitled", "answer_received_by"]


class ConsentChart(Chart):
    """Asked, answered, and always possible to take back. Silence is never consent."""

    Facts = ConsentFacts
    follows = {
        "withdraw": (EndAccess(), Notify("consent_withdrawn", "holder")),
        "decline": (EndAccess(),),
        "limit": (EndAccess(),),
        "expire": (EndAccess(), Notify("consent_expired", "holder")),
    }

    asked = State(initial=True)
    given = State()
    limited = State()
    declined = State()
    withdrawn = State()
    expired = State()

    give = (
        asked.to(given, cond=_ANSWER)
        | limited.to(given, cond=_ANSWER)
        | declined.to(given, cond=_ANSWER)
        | withdrawn.to(given, cond=_ANSWER)
        | expired.to(given, cond=_ANSWER)
        | given.to.itself(cond=_ANSWER)
    )
    limit = (
        asked.to(limited, cond=[*_ANSWER, "limits_written"])
        | given.to(limited, cond=[*_ANSWER, "limits_written"])
        | limited.to.itself(cond=[*_ANSWER, "limits_written"])
        | declined.to(limited, cond=[*_ANSWER, "limits_written"])
        | withdrawn.to(limited, cond=[*_ANSWER, "limits_written"])
        | expired.to(limited, cond=[*_ANSWER, "limits_written"])
    )
    decline = asked.to(declined, cond=["consenter_entitled", "answer_received_by"]) | expired.to(
        declined, cond=["consenter_entitled", "answer_received_by"]
    )
    withdraw = given.to(withdrawn, cond=["consenter_entitled"]) | limited.to(
        withdrawn, cond=["consenter_entitled"]
    )
    expire = given.to(expired, cond=["term_is_over"]) | limited.to(expired, cond=["term_is_over"])
    renew = given.to.itself(cond=["consenter_entitled", "last_month"]) | limited.to.itself(
        cond=["consenter_entitled", "last_month"]
    )
    ask_again = declined.to(asked) | withdrawn.to(asked) | expired.to(asked)
    plan_changed = (
        asked.to.itself()
        | given.to(asked)
        | limited.to(asked)
        | declined.to(asked)
        | withdrawn.to(asked)
        | expired.to(asked)
    )
    ask_anew = given.to(asked) | limited.to(asked)
