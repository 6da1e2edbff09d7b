"""Moving an open case to another version of its guide shows what changes for it."""

from levels import guides
from levels.guides import Change, Position
from tests.levels.guides.drafts import SOUND, spoiled

OLD = guides.read(SOUND)
HERE = Position("1", "try")


def _changes(text, position=HERE):
    return {(one.code, one.before, one.after) for one in guides.compare(OLD, guides.read(text), position)}


def test_the_same_guide_changes_nothing():
    assert guides.compare(OLD, OLD, HERE) == ()


def test_a_step_that_comes_goes_or_asks_for_more_is_told():
    text = spoiled("requires: [goals_set]", "requires: [goals_set, child_heard]").replace(
        "      - id: look\n        name: Look\n", "      - id: talk\n        name: Talk\n"
    )

    assert _changes(text) == {
        ("step_changed", "Try", "Try"),
        ("step_gone", "Look", ""),
        ("step_new", "", "Talk"),
    }


def test_a_new_name_and_another_number_of_services_are_told():
    text = spoiled("name: Own service", "name: At home").replace("most: 2", "most: 1")

    assert _changes(text) == {
        ("level_renamed", "Own service", "At home"),
        ("services_changed", "0 – 1 – 2", "0 – 1 – 1"),
    }


def test_an_outcome_that_leads_elsewhere_is_told():
    assert ("outcome_changed", "Go on", "Go on") in _changes(spoiled("to_step: try", "to_step: look"))


def test_a_clock_is_told_with_its_length_where_the_case_stands():
    text = spoiled("length: {days: 14}", "length: {days: 10}\n    counted: working")

    [change] = guides.compare(OLD, guides.read(text), Position("0", "notice"))

    assert (change.code, change.name) == ("clock_changed", "Decide in time")
    assert dict(change.values) == {
        "before_number": "14",
        "before_unit": "days",
        "after_number": "10",
        "after_unit": "working_days",
    }
    assert _changes(text) == set()


def test_what_holds_for_the_whole_guide_is_told():
    text = SOUND.replace("youth_consent_age: 15", "youth_consent_age: 16").replace(
        "Ask first.", "Ask the police."
    )
    text = text.replace("[holder, member]", "[holder]").replace('log_starts_at: "1"', 'log_starts_at: "2"')

    assert _changes(text) == {
        ("youth_consent_age_changed", "15", "16"),
        ("violence_rule_changed", "Ask first.", "Ask the police."),
        ("who_may_write_changed", "holder, member", "holder"),
        ("log_start_changed", "Own service", "Together"),
    }


def test_a_case_keeps_its_step_where_the_new_version_has_it():
    assert guides.landing(OLD, guides.read(spoiled("name: Try", "name: Dare")), HERE) == HERE


def test_a_case_whose_step_is_gone_lands_at_the_first_of_its_level():
    text = SOUND.replace("id: try", "id: dare").replace("to_step: try", "to_step: dare")

    assert guides.landing(OLD, guides.read(text), HERE) == Position("1", "dare")
    assert ("step_moved", "Try", "Try") in _changes(text)


def test_a_case_whose_level_is_gone_lands_at_the_same_national_level():
    text = SOUND.replace('"1"', "own")

    assert guides.landing(OLD, guides.read(text.replace("version: own", 'version: "2"')), HERE) == Position(
        "own", "try"
    )


def test_a_level_that_counts_as_another_national_level_is_not_the_same():
    assert guides.landing(OLD, guides.read(SOUND.replace("rung: 1", "rung: 0")), HERE) is None
    assert guides.compare(OLD, guides.read(SOUND.replace("rung: 1", "rung: 0")), HERE) == (
        Change("level_gone", "Own service", ""),
    )


def test_from_tromso_to_the_national_guide_a_case_keeps_its_level_and_sees_every_step():
    tromso, national = guides.read(guides.library("tromso")), guides.read(guides.library("national"))

    found = guides.compare(tromso, national, Position("2", "2.3"))

    assert guides.landing(tromso, national, Position("2", "2.3")) == Position("2", "samtykke")
    assert {one.code for one in found} >= {
        "step_gone",
        "step_new",
        "step_moved",
        "clock_new",
        "outcome_changed",
    }


def test_a_clock_between_levels_is_told_at_both_of_them():
    text = spoiled("length: {weeks: 2}", "length: {months: 1}")

    for position in (HERE, Position("2", "meet")):
        assert _changes(text, position) == {("clock_changed", "Meet soon", "Meet soon")}
    assert _changes(text, Position("0", "notice")) == set()
