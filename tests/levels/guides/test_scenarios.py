"""Every scenario published with Tromsø's and Vestre Toten's guides, with the verdict stated there."""

from datetime import date, datetime

import pytest

from levels import guides
from levels.guides import Kind, MoveFacts, MoveRequest, Position
from levels.workdays import OSLO

AROSE = datetime(2026, 11, 2, 9, 30, tzinfo=OSLO)
SHARED = frozenset({"consent_to_share"})
REPORTED = frozenset({"concern_report_sent"})
PLANNED = frozenset({"goals_set", "responsible_per_measure", "holder_decided", "evaluation_date_set"})


@pytest.fixture(scope="module")
def tromso():
    return guides.read(guides.library("tromso"))


@pytest.fixture(scope="module")
def vestre_toten():
    return guides.read(guides.library("vestre_toten"))


def _on_day(guide, day, evidence=frozenset()):
    """The facts `day` days after the concern arose, with the deadline as the guide's own clock sets it."""
    [clock] = guides.clocks_starting(guide, "concern_arose", "0")
    due = guides.deadline_of(clock, AROSE).date()
    return MoveFacts(evidence=evidence, today=date(2026, 11, 2 + day), dues={clock.id: due})


DECIDING = Position("0", "0.4")


@pytest.mark.parametrize("day", [13, 14])
def test_tromso_1_a_decision_within_fourteen_days_to_level_1_is_legal(tromso, day):
    verdict = guides.judge(tromso, DECIDING, MoveRequest("1", "innsats_egen_enhet"), _on_day(tromso, day))

    assert verdict.kind is Kind.ALLOWED
    assert verdict.target == Position("1", "1.1")


def test_tromso_2_a_decision_on_day_sixteen_to_level_1_is_legal_but_late(tromso):
    verdict = guides.judge(tromso, DECIDING, MoveRequest("1", "innsats_egen_enhet"), _on_day(tromso, 16))

    assert verdict.kind is Kind.ALLOWED_LATE
    assert verdict.late_by_days == 2
    assert verdict.reasons[0].text == "Bestem veien videre innen 14 dager etter at bekymringen oppsto"


def test_tromso_3_level_0_leads_straight_to_level_2(tromso):
    move = MoveRequest("2", "samarbeid_andre_tjenester")

    assert guides.judge(tromso, DECIDING, move, _on_day(tromso, 5, SHARED)).kind is Kind.ALLOWED


def test_tromso_4_level_0_leads_to_level_3_with_a_report_of_concern_and_without_consent(tromso):
    move = MoveRequest("3", "bekymring_omsorgssituasjon")

    assert guides.judge(tromso, DECIDING, move, _on_day(tromso, 5, REPORTED)).kind is Kind.ALLOWED


def test_tromso_4_without_the_report_the_way_for_a_care_concern_says_what_is_missing(tromso):
    verdict = guides.judge(
        tromso, DECIDING, MoveRequest("3", "bekymring_omsorgssituasjon"), _on_day(tromso, 5, SHARED)
    )

    assert verdict.kind is Kind.REFUSED
    assert verdict.missing == ("concern_report_sent",)


def test_tromso_5_level_3_because_of_many_services_is_not_among_the_four_outcomes(tromso):
    verdict = guides.judge(tromso, DECIDING, MoveRequest("3", "mange_tjenester"), _on_day(tromso, 5, SHARED))

    assert verdict.kind is Kind.NOT_IN_GUIDE
    assert verdict.reasons[0].code == "outcome_unknown"
    assert verdict.permits("Fem tjenester er alt inne") and not verdict.permits("  ")


def test_tromso_5_the_four_outcomes_of_level_0_are_these(tromso):
    ways = {(one.to, one.requires) for one in guides.plan_of(tromso, "0").outcomes}

    assert ways == {("close", ()), ("1", ()), ("2", ()), ("3", ("concern_report_sent",))}


def test_tromso_6_a_resource_team_meeting_with_the_health_nurse_stays_at_level_1(tromso):
    verdict = guides.judge_arena(tromso, "1", "ressursteam")

    assert verdict.kind is Kind.ALLOWED
    assert verdict.target.level_id == "1"
    assert verdict.notes[0].code == "stays_at_level"


MEETING, PLANNING = Position("2", "samarbeidsmote"), Position("2", "planlegg")


def test_vestre_toten_1_a_service_in_the_log_without_the_holder_is_not_by_the_guide(vestre_toten):
    verdict = guides.judge_access(vestre_toten, granted_by_holder=False, position=MEETING)

    assert verdict.kind is Kind.NOT_IN_GUIDE
    assert [(one.code, one.text) for one in verdict.reasons] == [
        ("holder_gives_access", "Tverrfaglig samarbeidsmøte")
    ]


def test_vestre_toten_1_the_holder_gives_access_in_the_cooperation_meeting(vestre_toten):
    assert guides.judge_access(vestre_toten, granted_by_holder=True, position=MEETING).kind is Kind.ALLOWED


def test_vestre_toten_2_planning_without_an_evaluation_date_is_an_incomplete_step(vestre_toten):
    facts = MoveFacts(evidence=PLANNED - {"evaluation_date_set"}, today=AROSE.date())

    verdict = guides.judge_step(vestre_toten, PLANNING, "complete", facts)

    assert verdict.kind is Kind.REFUSED
    assert verdict.missing == ("evaluation_date_set",)


def test_vestre_toten_3_planning_that_confirms_the_same_holder_is_legal(vestre_toten):
    verdict = guides.judge_step(
        vestre_toten, PLANNING, "complete", MoveFacts(evidence=PLANNED, today=AROSE.date())
    )

    assert verdict.kind is Kind.ALLOWED
    assert verdict.target == Position("2", "sett_i_gang")


def test_vestre_toten_4_not_asking_a_child_of_four_because_of_age_is_against_the_guide(vestre_toten):
    verdict = guides.judge_child_heard(vestre_toten, age=4, asked=False, reason="age")

    assert verdict.kind is Kind.NOT_IN_GUIDE
    assert "uansett alder" in verdict.reasons[0].text


def test_vestre_toten_4_a_child_of_four_who_has_been_asked_is_as_it_should_be(vestre_toten):
    assert guides.judge_child_heard(vestre_toten, age=4, asked=True).kind is Kind.ALLOWED


def test_vestre_toten_4_the_same_is_said_when_the_step_is_finished(vestre_toten):
    done = frozenset({"consent_to_share", "meeting_held", "child_voice_owner"})
    facts = MoveFacts(evidence=done, today=AROSE.date(), child_not_asked="age")

    verdict = guides.judge_step(vestre_toten, MEETING, "complete", facts)

    assert (verdict.kind, verdict.reasons[0].code) == (Kind.NOT_IN_GUIDE, "child_heard_at_any_age")


def test_vestre_toten_4_a_child_who_is_not_there_is_spoken_for_by_somebody_named(vestre_toten):
    absent = guides.judge_child_heard(vestre_toten, age=4, asked=False, reason="absent")
    spoken_for = guides.judge_child_heard(vestre_toten, age=4, asked=False, reason="absent", voice_owner=True)

    assert (absent.kind, absent.reasons[0].code) == (Kind.WARNED, "child_voice_needs_owner")
    assert spoken_for.kind is Kind.ALLOWED


def test_vestre_toten_5_telephoning_the_parents_first_on_suspicion_of_violence_is_against_the_guide(
    vestre_toten,
):
    verdict = guides.judge_contact(vestre_toten, violence=True)

    assert verdict.kind is Kind.NOT_IN_GUIDE
    assert verdict.reasons[0].code == "discuss_before_parents"


@pytest.mark.parametrize("other", ["child_welfare", "police"])
def test_vestre_toten_5_after_talking_with_child_welfare_or_the_police_it_is_not(vestre_toten, other):
    spoken = frozenset({other})

    assert guides.judge_contact(vestre_toten, violence=True, discussed_with=spoken).kind is Kind.ALLOWED
    assert guides.judge_contact(vestre_toten, violence=False).kind is Kind.ALLOWED


def test_vestre_toten_6_three_services_at_level_2_are_legal_because_two_is_only_preferred(vestre_toten):
    verdict = guides.judge_services(vestre_toten, "2", 3)

    assert verdict.kind is Kind.ALLOWED
    assert verdict.notes[0].code == "more_services_than_preferred"
