"""The child's view guards planning, raising and closing by one answer, and never a report of concern."""

from datetime import date, timedelta

import pytest

from casework import cases, concern_reports, families, indicators, logs, measures, meetings
from casework.access import Actor
from casework.refusals import Invalid, Refused
from levels.child_views import SayView

PLAN = ("Lesegruppe", "Leser hver dag")


@pytest.fixture
def silent(town):
    """A case in which nobody has asked the child; the child's age is chosen by the date of birth."""

    def make(born=date(2017, 3, 14)):
        return town.case(child_id=town.child(born=born), child_said="")

    return make


def _plan(town, case_id, **more):
    with town.begin("teacher") as tx:
        wanted = measures.PlanMeasure(*PLAN, town.people["teacher"], **more)
        return measures.plan(tx, case_id, wanted)


def test_nothing_is_planned_before_the_child_is_asked_but_a_report_never_waits(town, silent):
    case_id = silent()
    with pytest.raises(Refused) as refusal:
        _plan(town, case_id)
    assert refusal.value.unmet == ("child_view_known",)
    with town.begin("teacher") as tx:
        assert measures.of_case(tx, case_id) == []
    with town.begin("teacher") as tx:
        assert concern_reports.from_case(tx, case_id, concern_reports.SendReport("Redd for å gå hjem."))
    _plan(town, case_id, child=SayView(words="Jeg vil lese bedre.", mood=2))
    with town.begin("teacher") as tx:
        found = cases.details(tx, case_id)
    assert (found.child_views[0].words, found.child_views[0].mood) == ("Jeg vil lese bedre.", 2)
    assert len(found.measures) == 1


def test_a_meetings_decisions_wait_for_the_child_too(town, silent):
    case_id = silent()
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=1)
        called = meetings.CallMeeting("joint", at, at + timedelta(hours=1), (town.people["teacher"],))
        meeting_id = meetings.call(tx, case_id, called)
    decided = (meetings.DecidedMeasure(*PLAN, town.people["teacher"]),)
    with pytest.raises(Refused, match="child_view_known"), town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, meetings.HoldMeeting("Vi snakket sammen.", measures=decided))
    absent = SayView(why_not="Syk i dag.", not_asked="absent", brought_by="Mor")
    with town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, meetings.HoldMeeting("Vi ble enige.", measures=decided, child=absent))
    with town.begin("teacher") as tx:
        assert cases.details(tx, case_id).child_views[0].brought_by == "Mor"


@pytest.mark.parametrize(
    ("born", "view", "fault"),
    [
        (date(2022, 1, 5), {"mood": 1}, {"shown": "what_the_child_showed"}),
        (date(2022, 1, 5), {"mood": 3, "shown": "Pekte på det sinte ansiktet."}, {}),
        (date(2022, 1, 5), {"shown": "Tegnet seg selv alene."}, {}),
        (date(2017, 3, 14), {"mood": 2}, {}),
        (date(2017, 3, 14), {"shown": "Trakk på skuldrene."}, {"words": "own_words"}),
        (date(2012, 3, 14), {"mood": 2}, {"words": "own_words"}),
        (date(2012, 3, 14), {"words": "La meg være med."}, {}),
        (date(2017, 3, 14), {"why_not": "Vil ikke."}, {"brought_by": "who_brings_the_view"}),
        (date(2017, 3, 14), {"why_not": "x", "not_asked": "age", "brought_by": "Mor"}, {"not_asked": "not_a_choice"}),
        (date(2017, 3, 14), {}, {"words": "words_or_why_not"}),
    ],
)  # fmt: skip
def test_each_age_is_asked_in_its_own_form(town, silent, born, view, fault):
    case_id = silent(born)
    if fault:
        with pytest.raises(Invalid) as refusal, town.begin("teacher") as tx:
            logs.write_child_view(tx, case_id, **view)
        assert refusal.value.errors == fault
    else:
        with town.begin("teacher") as tx:
            logs.write_child_view(tx, case_id, **view)
        assert _plan(town, case_id)


def test_a_view_counts_for_six_months_at_its_level_and_must_then_be_asked_for_anew(town, silent, clock):
    case_id = silent()
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Det er kjedelig.")
    clock.at += timedelta(days=150)
    _plan(town, case_id)
    clock.at += timedelta(days=60)
    with pytest.raises(Refused, match="child_view_known"):
        _plan(town, case_id)
    done = cases.CloseCase(reason="Målet er nådd", when="avslutt", child_words="Fint")
    with pytest.raises(Refused) as refusal, town.begin("teacher") as tx:
        cases.close(tx, case_id, done)
    assert "child_view_known" in refusal.value.unmet
    with pytest.raises(Invalid), town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Sagt", talked_on=date(2030, 1, 1))
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="For lenge siden.", talked_on=date(2026, 11, 25))
    with pytest.raises(Refused, match="child_view_known"):
        _plan(town, case_id)


def test_what_a_youth_says_at_its_own_door_counts(town, silent):
    case_id = silent(date(2012, 3, 14))
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, case_id, None)
    with town.casework.begin(Actor.stranger()) as tx:
        member = families.by_code(tx, code.code, date(2012, 3, 14))
    with town.casework.begin(Actor.of_family(member)) as tx:
        families.say(tx, case_id, families.Say("view", "Jeg vil bestemme selv.", 2))
    assert _plan(town, case_id)


def test_why_children_were_not_asked_is_counted_and_small_numbers_are_hidden(town, silent):
    for number in range(7):
        case_id = silent()
        why = {
            "why_not": "Vil ikke.",
            "not_asked": "declined" if number < 6 else "unsafe",
            "brought_by": "Far",
        }
        with town.begin("teacher") as tx:
            logs.write_child_view(tx, case_id, **why)
    with town.casework.begin(Actor.system()) as tx:
        indicators.refresh(tx)
    with town.begin("manager") as tx:
        found = indicators.of_municipality(tx, town.id)
    [shown] = [one for one in found if one.key == "child_not_asked"]
    assert {part: cell.value for part, cell in shown.parts}["unsafe"] is None
