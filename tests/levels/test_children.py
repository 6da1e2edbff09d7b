"""Whom a file is about: the days that are believed, and the ages nobody has."""

from datetime import date, timedelta

import pytest

from levels import child_views
from levels.children import KINDS, age_of, fault_of_birth, fault_of_delivery, fault_of_expected

TODAY = date(2026, 11, 24)
BORN = date(2017, 3, 14)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_but_a_born_child_has_an_age_and_each_is_asked_in_a_form_that_fits(kind):
    assert age_of(kind, BORN, TODAY) == (9 if kind == "child" else None)
    assert child_views.form_of(kind, BORN, TODAY) == {
        "child": "faces_and_words", "group": "together"
    }.get(kind, "shown")  # fmt: skip


@pytest.mark.parametrize(
    ("born", "fault"),
    [
        (TODAY, None),
        (TODAY + timedelta(1), "not_in_the_future"),
        (date(2002, 11, 25), None),
        (date(2002, 11, 24), "older_than_23"),
        (date(1917, 3, 14), "older_than_23"),
    ],
)
def test_somebody_is_registered_until_the_day_they_are_24(born, fault):
    assert fault_of_birth(born, TODAY) == fault


@pytest.mark.parametrize(
    ("days", "fault"),
    [(-29, "not_of_a_pregnancy"), (-28, None), (0, None), (280, None), (281, "not_of_a_pregnancy")],
)
def test_a_child_is_expected_within_a_pregnancy_from_today_or_a_little_overdue(days, fault):
    assert fault_of_expected(TODAY + timedelta(days), TODAY) == fault


def test_a_child_is_not_born_before_the_pregnancy_began_nor_tomorrow():
    expected = TODAY + timedelta(100)
    assert fault_of_delivery(TODAY, expected, TODAY) is None
    assert fault_of_delivery(expected - timedelta(280), expected, TODAY) == "before_the_pregnancy"
    assert fault_of_delivery(TODAY + timedelta(1), expected, TODAY) == "not_in_the_future"
