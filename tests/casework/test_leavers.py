"""Whoever leaves is out at once; what they held stands until the leader has moved it, and is never without a holder."""

from datetime import timedelta

import pytest

from casework import handovers, leavers, measures, meetings, notices, provisioning, sign_ins, staff
from casework.access import Actor
from casework.refusals import NotFound
from tests.casework.test_absences import _holder


@pytest.fixture
def provider(town):
    """The municipality's identity provider."""
    with town.begin("administrator") as tx:
        token = provisioning.make_token(tx, name="Entra ID")
    with town.casework.begin(Actor.stranger()) as tx:
        actor = provisioning.bearer(tx, token)
    return lambda: town.casework.begin(actor)


def _shut_out(provider, person):
    from dataclasses import replace

    with provider() as tx:
        found = provisioning.one(tx, person)
        provisioning.keep(tx, person, replace(found.profile, active=False))


def test_somebody_shut_out_by_the_provider_is_out_at_once_and_the_leader_moves_what_is_left(
    town, provider, as_owner
):
    who, held = town.people["teacher"], town.case()
    with town.begin("teacher") as tx:
        measures.plan(tx, held, measures.PlanMeasure("Lesegruppe", "Leser", who))
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=2)
        meeting = meetings.call(tx, held, meetings.CallMeeting("joint", at, at + timedelta(hours=1), (who,)))
    with town.casework.begin(Actor.stranger()) as tx:
        visit, key = (
            sign_ins.start(tx, who, method="test"),
            sign_ins.issue_token(tx, who, name="x", scopes=()),
        )

    _shut_out(provider, who)

    with town.casework.begin(Actor.stranger()) as tx:
        assert (sign_ins.visit(tx, visit), sign_ins.bearer(tx, key)) == (None, None)
    assert _holder(as_owner, held) == who, "never without a holder"
    with town.begin("principal") as tx:
        [left] = leavers.listed(tx)
        assert (left.name, left.batons, left.measures, left.meetings) == ("Teacher Test", 1, 1, 1)
        assert "batons_left" in [one.kind for one in notices.mine(tx)]
    for name in ("colleague", "ppt_leader", "coordinator"):
        with town.begin(name) as tx, pytest.raises(NotFound):
            leavers.settle(tx, who, handovers.MoveBatons("Har sluttet"))
    with town.begin("principal") as tx:
        leavers.settle(tx, who, handovers.MoveBatons("Har sluttet", to_id=town.people["colleague"]))
    assert _holder(as_owner, held) == town.people["colleague"]
    seats = as_owner("SELECT practitioner_id FROM attendances WHERE meeting_id = :m", m=meeting)
    assert [row[0] for row in seats] == [town.people["colleague"]]
    with town.begin("principal") as tx:
        assert leavers.listed(tx) == []


def test_a_mistake_is_mended_by_letting_the_person_in_again(town, provider):
    from dataclasses import replace

    who = town.people["teacher"]
    town.case()
    _shut_out(provider, who)
    with pytest.raises(NotFound):
        town.actor("teacher")
    with provider() as tx:
        provisioning.keep(tx, who, replace(provisioning.one(tx, who).profile, active=True))
    assert town.actor("teacher").memberships
    with town.begin("principal") as tx:
        assert leavers.listed(tx) == []


def test_shown_out_by_hand_ends_visits_and_keys_too(town):
    who = town.people["teacher"]
    with town.casework.begin(Actor.stranger()) as tx:
        visit = sign_ins.start(tx, who, method="test")
    with town.begin("administrator") as tx:
        staff.leave(tx, who)
    with town.casework.begin(Actor.stranger()) as tx:
        assert sign_ins.visit(tx, visit) is None


def test_the_identity_provider_meets_no_child_and_no_case(town, provider):
    town.case()
    for table in ("children", "guardians", "cases", "signals", "consents", "notices", "audit", "sign_ins"):
        with provider() as tx, pytest.raises(Exception, match="permission denied"):
            tx.ask(f"SELECT count(*) FROM {table}")  # noqa: S608
