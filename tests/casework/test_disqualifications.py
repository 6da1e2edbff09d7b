"""Stepping aside: sight ends at once in every list, the baton never lies on the ground, and somebody else decides."""

import pytest

from casework import cases, children, coordinations, disqualifications, logs, relays, ties
from casework.disqualifications import Assess, Declare
from casework.refusals import Invalid, NotFound, NotPermitted, Refused, Stale

TIE = Declare("family", "Han er sønnen til søsteren min.")


def step_aside(town, case_id, who="teacher", wanted=TIE):
    with town.begin(who) as tx:
        return disqualifications.declare(tx, case_id, wanted)


def decide(town, bar_id, decision="clear", who="principal", **more):
    with town.begin(who) as tx:
        return disqualifications.assess(tx, bar_id, Assess(decision, "Vi har sett på det.", **more))


@pytest.fixture
def case_id(town):
    """A case with PPT inside."""
    made = town.case(services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, made, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    return made


def sees(town, who, case_id):
    """Whether somebody meets the case by any way there is."""
    with town.begin(who) as tx:
        in_list = [one.id for one in cases.mine(tx, cases.Wanted()).cases]
        found = [one.id for one in children.search(tx, "Iben")]
        read = logs.entries(tx, case_id)
    try:
        with town.begin(who) as tx:
            cases.details(tx, case_id)
    except NotFound:
        return bool(in_list or found or read)
    return True


def test_whoever_steps_aside_loses_sight_at_once_everywhere_and_the_leader_holds_the_baton(
    town, case_id, as_owner
):
    assert sees(town, "teacher", case_id)
    step_aside(town, case_id)
    assert not sees(town, "teacher", case_id)
    [(holder, state)] = as_owner("SELECT holder_id, state FROM cases WHERE id = :id", id=case_id)
    assert holder == town.people["principal"] and state != "closed"
    owners = as_owner(
        "SELECT DISTINCT owner_id FROM deadlines WHERE case_id = :id AND settled_at IS NULL", id=case_id
    )
    assert (town.people["teacher"],) not in owners, "the clocks follow the baton"


def test_a_stand_in_may_be_named_and_must_be_somebody_who_may_hold_it(town, case_id, as_owner):
    with pytest.raises(Refused):
        step_aside(town, case_id, wanted=Declare("family", "Slekt.", stand_in_id=town.people["nurse"]))
    assert sees(town, "teacher", case_id), "refused as a whole: nothing has happened"
    step_aside(town, case_id, wanted=Declare("family", "Slekt.", stand_in_id=town.people["colleague"]))
    assert as_owner("SELECT holder_id FROM cases WHERE id = :id", id=case_id) == [(town.people["colleague"],)]


def test_one_who_takes_part_without_holding_goes_and_the_baton_stays(town, case_id, as_owner):
    step_aside(town, case_id, "adviser")
    assert not sees(town, "adviser", case_id)
    assert as_owner("SELECT holder_id FROM cases WHERE id = :id", id=case_id) == [(town.people["teacher"],)]


def test_whoever_was_offered_the_baton_steps_aside_and_the_offer_comes_back(town, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(
            tx, case_id, relays.OfferBaton(town.people["colleague"], "Nærmest", family_told_on=tx.today)
        )
    step_aside(town, case_id, "colleague")
    row = as_owner("SELECT holder_id, offered_to_id, relay_state FROM cases WHERE id = :id", id=case_id)
    assert row == [(town.people["teacher"], None, "held")]
    with town.begin("colleague") as tx:
        assert relays.offered_to_me(tx) == []


def test_a_leader_who_steps_aside_takes_the_whole_unit_along_and_must_name_somebody_from_elsewhere(
    town, case_id, as_owner
):
    with pytest.raises(Invalid) as refused:
        step_aside(town, case_id, "principal")
    assert refused.value.errors == {"stand_in_id": "choose_somebody_else"}
    with pytest.raises(Invalid):
        step_aside(
            town, case_id, "principal", Declare("family", "Min sønn.", stand_in_id=town.people["colleague"])
        )
    step_aside(town, case_id, "principal", Declare("family", "Min sønn.", stand_in_id=town.people["adviser"]))
    for who in ("principal", "teacher", "colleague"):
        assert not sees(town, who, case_id), who
    assert as_owner("SELECT holder_id FROM cases WHERE id = :id", id=case_id) == [(town.people["adviser"],)]


def test_the_nearest_leader_decides_without_seeing_more_and_nobody_decides_about_themselves(town, case_id):
    bar_id = step_aside(town, case_id)
    with town.begin("principal") as tx:
        [found] = disqualifications.listed(tx)
        assert (found.name, found.tie, found.state, found.mine) == (
            "Teacher Test",
            "family",
            "declared",
            False,
        )
        assert disqualifications.waiting(tx) == 1
    with town.begin("teacher") as tx:
        [own] = disqualifications.listed(tx)
        assert own.mine and disqualifications.waiting(tx) == 0
    for who in ("teacher", "colleague", "adviser", "coordinator"):
        with pytest.raises(NotFound):
            decide(town, bar_id, who=who)
    with pytest.raises(Refused) as wordless, town.begin("principal") as tx:
        disqualifications.assess(tx, bar_id, Assess("uphold", " "))
    assert wordless.value.unmet == ("reason_given",)
    decide(town, bar_id, "uphold")
    assert not sees(town, "teacher", case_id)


def test_about_a_leader_those_who_coordinate_decide_and_clearing_frees_the_unit_too(town, case_id):
    bar_id = step_aside(
        town, case_id, "principal", Declare("family", "Min sønn.", stand_in_id=town.people["adviser"])
    )
    with pytest.raises(NotFound):
        decide(town, bar_id, who="ppt_leader")
    decide(town, bar_id, who="coordinator")
    assert _listed(town, "teacher", case_id) == [], "clearing lets nobody in by itself"
    with town.begin("colleague") as tx:
        assert children.search(tx, "Iben"), "the child is met at school again"


def _listed(town, who, case_id):
    with town.begin(who) as tx:
        return [one for one in cases.mine(tx, cases.Wanted()).cases if one.id == case_id]


def test_cleared_one_may_be_let_in_again_but_is_not_by_that_alone(town, case_id, as_owner):
    bar_id = step_aside(town, case_id)
    decide(town, bar_id)
    assert _listed(town, "teacher", case_id) == []
    with town.begin("principal") as tx:
        relays.take_over(tx, case_id, to_id=town.people["teacher"], reason="Avklart.")
    assert [one.id for one in _listed(town, "teacher", case_id)] == [case_id]


def test_a_decision_on_a_page_that_has_grown_old_is_refused(town, case_id):
    bar_id = step_aside(town, case_id)
    decide(town, bar_id, "uphold", version=1)
    with pytest.raises(Stale):
        decide(town, bar_id, "clear", version=1)


def test_a_colleague_is_made_to_step_aside_by_the_leader_alone(town, case_id):
    about_adviser = Declare("conflict", "Klagesak mellom dem.", practitioner_id=town.people["adviser"])
    with pytest.raises(NotPermitted):
        step_aside(town, case_id, "teacher", about_adviser)
    step_aside(town, case_id, "principal", about_adviser)
    assert not sees(town, "adviser", case_id)


def test_a_tie_without_a_reason_is_no_tie(town, case_id):
    for wanted, wrong in (
        (Declare("family", " "), {"reason": "write_something"}),
        (Declare("leader", "x"), {"tie": "choose_one"}),
        (Declare("family", "x" * 501), {"reason": "too_long"}),
    ):
        with pytest.raises(Invalid) as refused:
            step_aside(town, case_id, wanted=wanted)
        assert refused.value.errors == wrong


def test_strangers_to_the_case_find_no_case_to_step_aside_from(town, case_id):
    for who in ("colleague", "worker", "coordinator"):
        with pytest.raises(NotFound):
            step_aside(town, case_id, who)


def test_a_shared_last_name_is_asked_about_until_somebody_has_said_that_it_means_nothing(town, as_owner):
    child_id = town.child(last="Test")
    case_id = town.case(child_id=child_id)
    with town.begin("teacher") as tx:
        assert ties.signs(tx, child_id) == ("same_name",)
    other = town.child(first="Bo", last="Berg")
    with town.begin("teacher") as tx:
        assert ties.signs(tx, other) == ()
    decide(town, step_aside(town, case_id))
    with town.begin("principal") as tx:
        relays.take_over(tx, case_id, to_id=town.people["teacher"], reason="Avklart.")
    with town.begin("teacher") as tx:
        assert ties.signs(tx, child_id) == ()


def test_the_trail_says_who_stepped_aside_and_who_decided_and_says_no_reason(town, case_id, as_owner):
    decide(town, step_aside(town, case_id), "uphold")
    acts = as_owner(
        "SELECT act, body FROM audit WHERE file_id = :id AND act LIKE '%disqualif%' ORDER BY seq", id=case_id
    )
    assert [act for act, _ in acts] == ["disqualify", "assess_disqualification"]
    assert not [body for _, body in acts if "søsteren" in body]


def test_the_tie_is_told_to_whoever_decides_and_neither_in_the_hand_over_nor_in_the_log(
    town, case_id, as_owner
):
    step_aside(town, case_id)
    kept = as_owner("SELECT reason FROM handovers WHERE case_id = :id", id=case_id)
    kept += as_owner("SELECT facts::text || body FROM log_entries WHERE case_id = :id", id=case_id)
    assert kept and not [text for (text,) in kept if "søsteren" in text]
