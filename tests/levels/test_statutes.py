"""Statutory terms: what the law says, how sure we are, and the days that follow."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levels import statutes
from levels.statutes import STATUTES, Status, Unit

IN_FORCE = date(2026, 1, 1)


def _due(code, day):
    return statutes.last_day(statutes.term(code, IN_FORCE), day)


def test_a_report_is_reviewed_within_a_week_of_the_day_it_came():
    assert _due("review_of_report", date(2026, 11, 24)) == date(2026, 12, 1)


def test_an_investigation_lasts_three_months_after_the_week_has_run_out():
    week_is_over = _due("review_of_report", date(2026, 11, 23))

    assert statutes.term("investigation", IN_FORCE).after == "review_of_report"
    assert _due("investigation", week_is_over) == date(2027, 2, 28)


def test_an_extended_investigation_lasts_six_months_in_all_and_not_three_more():
    week_is_over = _due("review_of_report", date(2026, 1, 1))

    assert _due("investigation_extended", week_is_over) == date(2026, 7, 8)


def test_whoever_reported_hears_within_three_weeks():
    assert _due("feedback_to_reporter", date(2028, 2, 20)) == date(2028, 3, 12)


def test_only_terms_that_have_been_read_are_called_law():
    certain = {one.code for one in STATUTES if one.certain}

    assert certain == {"review_of_report", "investigation", "investigation_extended"}
    assert {one.status for one in STATUTES} == set(Status)


@pytest.mark.parametrize("one", STATUTES, ids=lambda one: one.code)
def test_every_term_names_its_section_and_where_it_was_read(one):
    assert one.section.startswith("barnevernsloven") and one.source and one.length > 0
    assert one.after is None or one.after in {other.code for other in STATUTES}


def test_a_term_is_not_in_force_before_the_act():
    with pytest.raises(KeyError):
        statutes.term("review_of_report", date(2022, 12, 31))
    with pytest.raises(KeyError):
        statutes.term("no_such_term", IN_FORCE)
    assert statutes.term("review_of_report", date(2023, 1, 1)).valid_from == date(2023, 1, 1)


@given(st.sampled_from(STATUTES), st.dates(date(2023, 1, 1), date(2080, 12, 31)), st.integers(0, 400))
def test_a_term_that_begins_later_never_ends_earlier(one, day, later):
    assert statutes.last_day(one, day) <= statutes.last_day(one, day + timedelta(days=later))


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        (Unit.DAYS, date(2026, 4, 5)),
        (Unit.WORKING_DAYS, date(2026, 4, 10)),
        (Unit.WEEKS, date(2026, 4, 29)),
        (Unit.MONTHS, date(2026, 8, 1)),
    ],
)
def test_a_length_of_four_is_counted_in_its_unit_also_over_easter(unit, due):
    from dataclasses import replace

    assert statutes.last_day(replace(STATUTES[0], unit=unit, length=4), date(2026, 4, 1)) == due
