"""The ladder above silence: whose turn it is, and on which working day."""

from datetime import date

import pytest

from levels import guides
from tests.levels.guides.drafts import SOUND

FRIDAY = date(2026, 12, 18)


@pytest.fixture(scope="module")
def guide():
    return guides.read(SOUND)


def climbed(guide, due, clock="agreed", target=FRIDAY):
    """Everybody who hears of it, with the day after which they do."""
    found = (guides.rung_on(guide, clock, due, number, target) for number in range(10))
    return [(str(one[0].to), one[1]) for one in found if one is not None]


def test_a_silent_service_is_reminded_then_its_leader_then_the_coordinator_in_working_days(guide):
    assert climbed(guide, "reply") == [
        ("service", FRIDAY),
        ("service_leader", date(2026, 12, 23)),
        ("coordinator", date(2026, 12, 28)),
    ]


def test_a_late_evaluation_climbs_from_the_holder_to_the_coordinator(guide):
    assert [who for who, _ in climbed(guide, "evaluation")] == ["holder", "leader", "coordinator"]


def test_a_guide_s_own_ladder_takes_the_place_of_the_house_s():
    text = SOUND.replace("remind_before: 3", "chase: [{after: 1, to: leader}, {after: 9, to: coordinator}]")
    own = guides.read(text)
    clock = next(one for one in own.clocks if one.chase)
    assert [who for who, _ in climbed(own, clock.due, clock.id)] == ["leader", "coordinator"]


def test_a_guide_that_names_only_whom_it_turns_to_is_followed():
    storelva = guides.read(guides.library("storelva"))
    clock = next(one for one in storelva.clocks if one.escalate_to == "coordinator")
    assert [who for who, _ in climbed(storelva, clock.due, clock.id)] == ["holder", "coordinator"]
