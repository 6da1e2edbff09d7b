"""The guides that come along: sound, honest about their gaps, and readable by a family."""

import re
from datetime import date

import pytest

from levels import guides
from levels.guides.models import Guide

EVERY = {name: guides.read(guides.library(name)) for name in guides.shipped()}
# Codes that the file's other rooms can supply today; a shipped guide must not wait for anything else.
SUPPLIED = {
    "observations_written",
    "shared_with_leader",
    "shared_with_child",
    "shared_with_guardians",
    "guardians_informed",
    "child_heard",
    "child_voice_owner",
    "consent_to_log",
    "consent_to_share",
    "goals_set",
    "responsible_per_measure",
    "evaluation_date_set",
    "measures_evaluated",
    "holder_decided",
    "services_invited",
    "meeting_held",
    "concern_report_sent",
    "closing_note",
}


def _steps(guide: Guide):
    return [step for plan in guide.levels for step in plan.steps]


def _outcomes(guide: Guide):
    return [one for plan in guide.levels for one in plan.outcomes]


def test_four_guides_come_along_and_no_other_file_can_be_asked_for():
    assert guides.shipped() == ("national", "storelva", "tromso", "vestre_toten")
    with pytest.raises(KeyError):
        guides.library("../faults")


@pytest.mark.parametrize("name", EVERY)
def test_a_shipped_guide_has_no_faults(name):
    assert guides.check_text(guides.library(name)) == ()


@pytest.mark.parametrize("guide", EVERY.values(), ids=EVERY.keys())
def test_every_national_level_can_be_reached_and_closed(guide):
    assert {plan.rung for plan in guide.levels} == {0, 1, 2, 3}
    for plan in guide.levels:
        assert "close" in {one.to for one in plan.outcomes}


@pytest.mark.parametrize("guide", EVERY.values(), ids=EVERY.keys())
def test_a_shipped_guide_waits_only_for_what_can_be_given(guide):
    asked = {code for one in (*_steps(guide), *_outcomes(guide)) for code in one.requires}

    assert asked <= SUPPLIED


@pytest.mark.parametrize("name", ["tromso", "vestre_toten"])
def test_what_was_not_read_is_marked_and_stops_nobody(name):
    guide = EVERY[name]

    assert guide.gaps
    for step in _steps(guide):
        assert not step.gap or (step.gate == "none" or not step.requires)
    for one in _outcomes(guide):
        assert not one.gap or not one.requires


def test_tromsos_level_0_is_complete_as_published_and_the_rest_is_marked_as_not():
    tromso = EVERY["tromso"]
    zero, one, two, three = tromso.levels

    assert [step.id for step in zero.steps] == ["0.1", "0.2", "0.3", "0.4"]
    assert not any(part.gap for part in (*zero.steps, *zero.outcomes)) and not zero.outcomes_incomplete
    assert len(zero.steps[1].support_questions) == 5
    assert [step.gap for step in one.steps] == [False, True, True, True, True]
    assert all(part.gap for plan in (two, three) for part in (*plan.steps, *plan.outcomes))
    assert tromso.target_group.max_age == 23 and tromso.municipality_number == "5501"


def test_vestre_totens_step_names_and_level_2_are_as_published():
    vestre_toten = EVERY["vestre_toten"]

    assert [len(plan.steps) for plan in vestre_toten.levels] == [3, 4, 4, 4]
    assert [step.gap for step in guides.plan_of(vestre_toten, "2").steps] == [False, False, False, True]
    assert {one.to for one in vestre_toten.levels[0].outcomes} == {"close", "1"}
    assert vestre_toten.target_group.pregnant and vestre_toten.municipality_number == "3443"
    assert vestre_toten.clocks == ()


def test_the_national_guide_says_that_it_is_a_default_and_not_law():
    assert "ikke lov" in EVERY["national"].source
    assert guides.day_due(EVERY["national"].clocks[0], date(2026, 11, 2)).day == 16


def test_storelva_works_in_phases_of_which_two_count_as_the_same_level():
    storelva = EVERY["storelva"]

    assert [plan.rung for plan in storelva.levels] == [0, 1, 1, 2, 3]
    assert all(re.match(r"Fase \d: ", plan.name) for plan in storelva.levels)
    assert storelva.language == "nn" and storelva.municipality_number.startswith("99")


@pytest.mark.parametrize("guide", EVERY.values(), ids=EVERY.keys())
def test_every_target_has_a_name_and_no_text_ends_in_code(guide):
    texts = [step.name + step.what for step in _steps(guide)] + [one.text for one in _outcomes(guide)]

    assert not [text for text in texts if re.search(r"\b\w+_\w+\b", text)]
    assert all(len(one.text) < 90 for one in _outcomes(guide))


@pytest.mark.parametrize("guide", EVERY.values(), ids=EVERY.keys())
def test_tools_are_shown_by_name(guide):
    for step in _steps(guide):
        assert [tool.id for tool in guides.tools_of(guide, step)] == list(step.tools)


def test_nynorsk_is_nynorsk_and_bokmal_is_bokmal():
    only_nynorsk, only_bokmal = {"ikkje", "dei", "saman", "frå"}, {"ikke", "fra", "sammen", "barnets"}

    for name, guide in EVERY.items():
        words = set(re.findall(r"\w+", guides.library(name).split("\n", 4)[4].lower()))
        assert not words & (only_bokmal if guide.language == "nn" else only_nynorsk)
