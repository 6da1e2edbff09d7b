"""Two homes are the same however a register writes them."""

import pytest

from levels.homes import Home, compared


@pytest.mark.parametrize(
    "written",
    ["Storgata 14 B", "Storgaten 14B", "storgt. 14b", "STORGATE 14 b, H0201", "Stor gata 14B"],
)
def test_a_road_is_the_same_road_however_it_is_written(written):
    assert compared(Home(written, "9008 Tromsø")) == compared(Home("Storgata 14b", "9008"))


@pytest.mark.parametrize(
    "other", [Home("Storgata 14", "9008"), Home("Storgata 15 B", "9008"), Home("Storgata 14 B", "9009")]
)
def test_another_number_letter_or_place_is_another_house(other):
    assert compared(other).house != compared(Home("Storgata 14 B", "9008")).house


def test_neighbours_share_the_road_and_not_the_house():
    one, other = compared(Home("Solbakkveien 3", "9010")), compared(Home("Solbakkvn. 5", "9010"))
    assert one.road == compared(Home("Solbakkvegen 5", "9010")).road
    assert one.house != compared(Home("Solbakkvegen 5", "9010")).house
    assert other is not None


def test_a_road_without_a_number_is_no_house():
    assert compared(Home("Ytterneset", "9105")).house == ""


@pytest.mark.parametrize(
    "little", [Home(), Home("Storgata 1", ""), Home("", "9008"), Home("Storgata 1", "Tromsø")]
)
def test_what_says_too_little_is_compared_with_nothing(little):
    assert compared(little) is None
