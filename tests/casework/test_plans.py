"""From relay log to individual plan and back without closing: one timeline, and nobody sees more than before."""

from datetime import date

import pytest

from casework import cases, children, consents, coordinations, families, logs, plans
from casework.access import Actor
from casework.plans import BeginPlan, EndPlan
from casework.refusals import Invalid, NotFound, NotPermitted, Refused, Stale

WHO = ("teacher", "principal", "adviser", "colleague", "nurse")


@pytest.fixture
def case_id(town):
    """A case with PPT inside and something in its log."""
    made = town.case(services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, made, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    with town.begin("adviser") as tx:
        logs.write(tx, made, logs.WriteEntry("Vi har kartlagt lesingen."))
    return made


def begin(town, case_id, **more):
    with town.begin("teacher") as tx:
        wanted = {"reason": "Trenger varig hjelp.", "coordinator_id": town.people["teacher"],
                  "family_wants_on": tx.today, **more}  # fmt: skip
        return plans.begin(tx, case_id, BeginPlan(**wanted))


def seen(town, case_id):
    """Every entry each person reads by the case's own page."""
    found = {}
    for who in WHO:
        try:
            with town.begin(who) as tx:
                found[who] = {one.id for one in cases.details(tx, case_id, log_limit=100).log}
        except (NotFound, NotPermitted):
            found[who] = set()
    return found


def test_a_plan_begins_only_when_the_family_wants_it_somebody_coordinates_and_it_is_said_why(town, case_id):
    for missing, unmet in (
        ({"family_wants_on": None}, "family_wants_it"),
        ({"coordinator_id": None}, "coordinator_named"),
        ({"reason": " "}, "reason_given"),
    ):
        with pytest.raises(Refused) as refusal:
            begin(town, case_id, **missing)
        assert refusal.value.unmet == (unmet,)
    with pytest.raises(Invalid):
        begin(town, case_id, coordinator_id=town.people["colleague"])
    with pytest.raises(NotPermitted), town.begin("principal") as tx:
        plans.begin(tx, case_id, BeginPlan("x", town.people["teacher"], family_wants_on=tx.today))
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        plans.begin(tx, case_id, BeginPlan("x", town.people["teacher"], family_wants_on=tx.today))


def test_no_entry_is_lost_or_more_visible_after_the_switch_and_back(town, case_id):
    before = seen(town, case_id)
    assert before["adviser"] and not before["colleague"]
    begin(town, case_id, coordinator_as="child_coordinator")
    during = seen(town, case_id)
    assert during["teacher"] >= before["teacher"] and during["principal"] >= before["principal"], (
        "nothing lost"
    )
    assert all(during[who] & before["teacher"] <= before[who] for who in WHO), "nothing more visible"
    assert during["adviser"] == set(), "the yes was for the log, and is asked for anew"
    with town.begin("teacher") as tx:
        found = cases.details(tx, case_id)
        assert {(one.state, one.answered_at) for one in found.consents} == {("asked", None)}
        assert plans.of_case(tx, case_id).coordinator_as == "child_coordinator"
        assert found.head.state != "closed" and found.head.holder_id == town.people["teacher"]
    town.consent(case_id, None)
    with town.begin("teacher") as tx:
        plans.end(tx, case_id, EndPlan("Loggen holder nå."))
    after = seen(town, case_id)
    assert after["teacher"] > during["teacher"]
    assert all(after[who] & before["teacher"] <= before[who] for who in WHO)
    with town.begin("teacher") as tx:
        assert {one.state for one in consents.of_case(tx, case_id)} == {"asked"}
        codes = [one.code for one in logs.entries(tx, case_id, limit=100)]
        assert codes.index("back_to_log") < codes.index("begin_plan") < codes.index("case_opened")
    with pytest.raises(Refused), town.begin("teacher") as tx:
        plans.end(tx, case_id, EndPlan("En gang til."))


def test_a_stale_page_is_refused_and_the_family_reads_which_plan_it_is(town, case_id):
    with town.begin("teacher") as tx:
        version = cases.details(tx, case_id).head.version
    begin(town, case_id, version=version)
    with pytest.raises(Stale), town.begin("teacher") as tx:
        plans.end(tx, case_id, EndPlan("x", version=version))
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :c", c=case_id)
        mother = next(one.id for one in children.guardians(tx, child_id) if one.relation == "mother")
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, case_id, mother)
    with town.casework.begin(Actor.stranger()) as tx:
        member = families.by_code(tx, code.code, date(2017, 3, 14))
    with town.casework.begin(Actor.of_family(member)) as tx:
        plan = plans.of_case(tx, case_id)
        assert (plan.state, plan.coordinator_name) == ("individual_plan", "Teacher Test")
        assert {one.plan for one in families.asked(tx, case_id)} == {"individual_plan"}
