"""Services called in around a child: the coordination and each service's invitation."""

from dataclasses import dataclass

from statemachine import State

from levels.charts import Chart
from levels.consequences import EndAccess, GrantAccess, Notify, StartClock, StartFlow, StopClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationFacts:
    """What the chart needs to know about a coordination."""

    somebody_invited: bool = False
    sharing_settled: bool = False
    somebody_accepted: bool = False
    meeting_time_set: bool = False
    minutes_written: bool = False
    reason_given: bool = False


class CoordinationChart(Chart):
    """Invite, gather answers, meet, act, evaluate, and round again until it ends."""

    Facts = CoordinationFacts
    follows = {"send_out": (StartFlow("invite-services"),), "invite_more": (StartFlow("invite-services"),)}

    inviting = State(initial=True)
    gathering = State()
    meeting = State()
    acting = State()
    evaluating = State()
    ended = State(final=True)

    send_out = inviting.to(gathering, cond=["somebody_invited", "sharing_settled"])
    invite_more = (
        gathering.to.itself(cond=["somebody_invited", "sharing_settled"])
        | meeting.to.itself(internal=True, cond=["somebody_invited", "sharing_settled"])
        | acting.to.itself(internal=True, cond=["somebody_invited", "sharing_settled"])
        | evaluating.to.itself(internal=True, cond=["somebody_invited", "sharing_settled"])
    )
    summon = (
        gathering.to(meeting, cond=["meeting_time_set"])
        | meeting.to.itself(internal=True, cond=["meeting_time_set"])
        | acting.to(meeting, cond=["meeting_time_set"])
    )
    hold = meeting.to(acting, cond=["minutes_written"])
    evaluate = acting.to(evaluating)
    continue_work = evaluating.to(acting)
    end = (
        inviting.to(ended, cond=["reason_given"])
        | gathering.to(ended, cond=["reason_given"])
        | meeting.to(ended, cond=["reason_given"])
        | acting.to(ended, cond=["reason_given"])
        | evaluating.to(ended, cond=["reason_given"])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFacts:
    """What the chart needs to know about one service's invitation."""

    consent_reaches: bool = False
    family_asked_anew: bool = True
    contact_named: bool = False
    reason_given: bool = False
    time_is_up: bool = False


_JOINS = ["consent_reaches", "family_asked_anew", "contact_named"]


class InvitationChart(Chart):
    """One service is asked and answers; silence is chased, and a late answer still counts."""

    Facts = InvitationFacts
    follows = {
        "accept": (GrantAccess(), StopClock("reply"), Notify("invitation_answered", "holder")),
        "decline": (EndAccess(), StopClock("reply"), Notify("invitation_answered", "holder")),
        "ask_more": (StopClock("reply"), Notify("invitation_answered", "holder")),
        "withdraw": (EndAccess(), StopClock("reply"), Notify("invitation_withdrawn", "service")),
        "expire": (Notify("invitation_unanswered", "holder"),),
        "mark_sent": (StartClock("invitation_sent"),),
    }

    queued = State(initial=True)
    sent = State()
    needs_more = State()
    accepted = State()
    declined = State()
    expired = State()
    withdrawn = State(final=True)

    mark_sent = queued.to(sent)
    accept = (
        queued.to(accepted, cond=_JOINS)
        | sent.to(accepted, cond=_JOINS)
        | needs_more.to(accepted, cond=_JOINS)
        | expired.to(accepted, cond=_JOINS)
        | declined.to(accepted, cond=_JOINS)
    )
    decline = (
        queued.to(declined, cond=["reason_given"])
        | sent.to(declined, cond=["reason_given"])
        | needs_more.to(declined, cond=["reason_given"])
        | expired.to(declined, cond=["reason_given"])
        | accepted.to(declined, cond=["reason_given"])
    )
    ask_more = (
        queued.to(needs_more, cond=["reason_given"])
        | sent.to(needs_more, cond=["reason_given"])
        | expired.to(needs_more, cond=["reason_given"])
    )
    expire = queued.to(expired, cond=["time_is_up"]) | sent.to(expired, cond=["time_is_up"])
    withdraw = (
        queued.to(withdrawn)
        | sent.to(withdrawn)
        | needs_more.to(withdrawn)
        | accepted.to(withdrawn)
        | declined.to(withdrawn)
        | expired.to(withdrawn)
    )
