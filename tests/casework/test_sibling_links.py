"""Siblings side by side: together for those who may see both, and not a trace for anybody else."""

from datetime import date, timedelta

import pytest

from casework import cases, children, coordinations, families, logs, measures, meetings, sibling_links
from casework.access import Actor
from casework.refusals import Invalid, NotFound, NotPermitted, Refused
from casework.sibling_links import Agreed, LinkSiblings, PlanTogether
from levels.child_views import SayView


@pytest.fixture
def pair(town):
    """Iben (9) and Noah (14), PPT inside Iben's file only; the mother is let in to both, the father to Iben's."""
    iben = town.case(services=("ppt",))
    noah = town.case(child_id=town.child(first="Noah", born=date(2012, 5, 5)))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, iben, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    return iben, noah


def everybody(town, *pair):
    with town.begin("teacher") as tx:
        asked = sibling_links.consenters(tx, *pair)
    return tuple(Agreed(one.case_id, one.guardian_id) for one in asked)


@pytest.fixture
def link(town, pair):
    iben, noah = pair
    with town.begin("teacher") as tx:
        return sibling_links.link(tx, iben, LinkSiblings(noah, everybody(town, *pair)))


def joined(town, case_id, relation, born):
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :c", c=case_id)
        who = next((g.id for g in children.guardians(tx, child_id) if g.relation == relation), None)
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, case_id, who)
    with town.casework.begin(Actor.stranger()) as tx:
        return Actor.of_family(families.by_code(tx, code.code, born))


def test_files_are_linked_only_with_everybodys_yes_and_by_somebody_who_answers_for_both(town, pair):
    iben, noah = pair
    agreed = everybody(town, iben, noah)
    assert len(agreed) == 4
    with pytest.raises(Refused, match="consent_in_both"), town.begin("teacher") as tx:
        sibling_links.link(tx, iben, LinkSiblings(noah, agreed[:-1]))
    for who, refusal in (("adviser", NotFound), ("colleague", NotFound), ("nurse", NotFound)):
        with pytest.raises(refusal), town.begin(who) as tx:
            sibling_links.link(tx, iben, LinkSiblings(noah, agreed))
    with town.begin("principal") as tx:
        made = sibling_links.link(tx, iben, LinkSiblings(noah, agreed))
    with town.begin("teacher") as tx:
        assert [one.link_id for one in sibling_links.of_case(tx, noah)] == [made]
        assert sibling_links.candidates(tx, iben) == []


def test_a_measure_and_a_meeting_stand_in_each_childs_own_file_and_tell_nothing_of_the_other(
    town, pair, link, as_owner
):
    iben, noah = pair
    people = town.people
    with pytest.raises(Invalid) as refusal, town.begin("teacher") as tx:
        named = measures.PlanMeasure("Fast tid", "Noah kommer i tide", people["teacher"])
        sibling_links.plan_measure(tx, iben, link, PlanTogether(named))
    assert refusal.value.errors == {"goal": "without_the_names"}
    plan = PlanTogether(measures.PlanMeasure("Fast leggetid", "Opplagte om morgenen", people["teacher"]))
    with town.begin("teacher") as tx:
        sibling_links.plan_measure(tx, iben, link, plan)
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=3)
        call = meetings.CallMeeting(
            "joint", at, at + timedelta(hours=1), (people["teacher"], people["adviser"])
        )
        sibling_links.call_meeting(tx, iben, link, call)
    with town.begin("teacher") as tx:
        assert {len(measures.of_case(tx, one)) for one in pair} == {1}
        assert [len(meetings.of_case(tx, one)) for one in pair] == [1, 1]
        assert sorted(sibling_links.together(tx, iben).values()) == ["Noah", "Noah"]
        assert set(sibling_links.together(tx, noah).values()) == {"Iben"}
        assert len(meetings.busy(tx)) == 1, "once in the calendar, though it stands in two files"
    with town.begin("adviser") as tx:
        page = cases.details(tx, iben)
        assert [m.called for m in page.meetings] == [2] and len(meetings.busy(tx)) == 1
        assert "Noah" not in repr(page) and str(noah) not in repr(page)
        assert sibling_links.of_case(tx, iben) == [] and sibling_links.together(tx, iben) == {}
        for table in ("sibling_links", "sibling_consents", "sibling_shares"):
            assert tx.scalar(f"SELECT count(*) FROM {table}") == 0
    with town.begin("teacher") as tx:
        told = [f"{one.code} {one.facts} {one.body}" for one in logs.entries(tx, iben, limit=100)]
    assert not [one for one in told if "sibling" in one or "Noah" in one]
    assert as_owner("SELECT count(*) FROM measures WHERE case_id = :c", c=noah) == [(1,)]


def test_each_child_is_asked_before_anything_is_planned_for_both(town, pair, as_owner):
    iben, noah = pair
    with town.begin("teacher") as tx:
        made = sibling_links.link(tx, iben, LinkSiblings(noah, everybody(town, iben, noah)))
    as_owner("DELETE FROM child_views WHERE case_id = :c", c=noah)
    measure = measures.PlanMeasure("Fast leggetid", "Opplagte", town.people["teacher"])
    with pytest.raises(Refused, match="child_view_known"), town.begin("teacher") as tx:
        sibling_links.plan_measure(tx, iben, made, PlanTogether(measure))
    with town.begin("teacher") as tx:
        assert measures.of_case(tx, iben) == [], "nothing for one when not for both"
    with town.begin("teacher") as tx:
        both = PlanTogether(measure, other_child=SayView(words="Greit for meg."))
        sibling_links.plan_measure(tx, iben, made, both)


def test_a_parent_of_both_sees_both_a_parent_of_one_and_the_youth_see_only_their_own(
    town, pair, link, as_owner
):
    iben, noah = pair
    mother = joined(town, iben, "mother", date(2017, 3, 14))
    as_owner(
        "UPDATE guardians SET member_id = :m WHERE relation = 'mother' AND child_id IN"
        " (SELECT child_id FROM cases WHERE id = :c)", m=mother.id, c=noah,
    )  # fmt: skip
    father = joined(town, iben, "father", date(2017, 3, 14))
    youth = joined(town, noah, None, date(2012, 5, 5))
    with town.casework.begin(mother) as tx:
        assert [one.first_name for one in sibling_links.of_case(tx, iben)] == ["Noah"]
        assert [one.sibling for one in sibling_links.own(tx, iben)] == ["Noah"]
    with town.casework.begin(father) as tx:
        assert sibling_links.of_case(tx, iben) == []
        [mine] = sibling_links.own(tx, iben)
        assert mine.sibling == "" and "Noah" not in repr(families.case(tx, iben))
    with town.casework.begin(youth) as tx:
        assert sibling_links.of_case(tx, noah) == [] and sibling_links.own(tx, noah) == []
        with pytest.raises(NotFound):
            sibling_links.withdraw(tx, mine.id)
    with town.casework.begin(father) as tx:
        sibling_links.withdraw(tx, mine.id)
    with town.begin("teacher") as tx:
        assert sibling_links.of_case(tx, iben) == [], "one yes taken back ends it for both"
    with pytest.raises(NotFound), town.begin("teacher") as tx:
        measure = measures.PlanMeasure("Fast leggetid", "Opplagte", town.people["teacher"])
        sibling_links.plan_measure(tx, iben, link, PlanTogether(measure))


def test_the_link_stands_still_the_day_the_youth_decides_alone_and_can_be_ended_by_either_holder(
    town, pair, link, clock
):
    iben, noah = pair
    clock.at += timedelta(days=3 * 365)
    with town.begin("teacher") as tx:
        [one] = sibling_links.of_case(tx, iben)
        assert not one.live
    with town.begin("adviser") as tx:
        assert sibling_links.of_case(tx, iben) == []
    with pytest.raises(NotFound), town.begin("adviser") as tx:
        sibling_links.end(tx, iben, link)
    with town.begin("teacher") as tx:
        sibling_links.end(tx, iben, link, version=one.version)
    with town.begin("teacher") as tx:
        assert sibling_links.of_case(tx, noah) == []
    with pytest.raises((NotFound, NotPermitted, Refused)), town.begin("teacher") as tx:
        sibling_links.end(tx, iben, link)
