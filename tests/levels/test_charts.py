"""Every chart: strict, reachable, documented, and honest about what is missing."""

from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statemachine import StateChart

from levels import diagrams
from levels.cases import CaseChart, CaseFacts
from levels.charts import Refused, events, guards, move, offers, routes, start, states
from levels.relays import RelayChart, RelayFacts

ALL = diagrams.CHARTS
RESERVED = set(dir(StateChart))


def _open_facts(chart):
    return chart.Facts(**{f.name: True for f in fields(chart.Facts)})


@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
def test_a_chart_refuses_what_it_does_not_know_instead_of_swallowing_it(chart):
    assert chart.allow_event_without_transition is False
    assert chart.catch_errors_as_events is False
    with pytest.raises(Refused) as refusal:
        move(chart, start(chart), "no_such_event", _open_facts(chart))
    assert refusal.value.unmet == ("not_from_here",)


@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
def test_no_event_or_state_shadows_the_librarys_own_words(chart):
    assert not set(events(chart)) & RESERVED
    assert not set(states(chart)) & RESERVED


@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
def test_every_state_can_be_reached(chart):
    reached, waiting = set(), [start(chart)]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [way.target for ways in routes(chart)[state].values() for way in ways]
    assert reached == set(states(chart))


@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
def test_the_machine_and_the_offers_agree_on_every_state_event_and_set_of_facts(chart):
    for state in states(chart):
        for event, ways in routes(chart)[state].items():
            for facts in _told_to(chart, {name for way in ways for name in way.guards}):
                [offer] = [one for one in offers(chart, state, facts) if one.event == event]
                if offer.open:
                    assert move(chart, state, event, facts).after == offer.target
                else:
                    with pytest.raises(Refused) as refusal:
                        move(chart, state, event, facts)
                    assert refusal.value.unmet == offer.unmet


def _told_to(chart, asked):
    """Every set of the facts an event asks about, once with all others false and once with all others true."""
    names = {f.name for f in fields(chart.Facts)}
    assert asked <= names
    for others, values in product((False, True), product((False, True), repeat=len(asked))):
        yield chart.Facts(**dict.fromkeys(names, others) | dict(zip(sorted(asked), values, strict=True)))


@pytest.mark.parametrize("chart", ALL, ids=lambda c: c.__name__)
def test_every_guard_is_a_fact_and_no_fact_looks_like_a_callback(chart):
    names = {f.name for f in fields(chart.Facts)}
    assert set(guards(chart)) <= names
    assert not [name for name in names if name.startswith(("on_", "before_", "after_"))]


def test_the_pages_of_the_charts_say_what_the_code_says():
    folder = Path(__file__).parents[2] / "docs" / "charts"
    written = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    assert written == diagrams.pages()


@given(
    state=st.sampled_from(states(CaseChart)),
    event=st.sampled_from(events(CaseChart)),
    facts=st.builds(CaseFacts, **{f.name: st.booleans() for f in fields(CaseFacts)}),
)
@settings(max_examples=400, deadline=None)
def test_nobody_reaches_a_level_where_services_share_before_sharing_is_settled_or_reported(
    state, event, facts
):
    try:
        moved = move(CaseChart, state, event, facts)
    except Refused:
        return
    climbed = moved.after in ("level_2", "level_3") and event.startswith("raise")
    assert not climbed or (facts.holder_named and (facts.sharing_settled or facts.concern_reported))
    why = facts.reason_given or facts.taken_elsewhere or facts.pregnancy_ended
    assert moved.after != "closed" or event == "report_concern" or why


@pytest.mark.parametrize("state", states(CaseChart))
def test_a_report_of_concern_is_open_from_every_state_with_nothing_in_place(state):
    nothing = CaseFacts()
    assert move(CaseChart, state, "report_concern", nothing).after == state


def test_the_baton_stays_with_its_holder_until_the_receiver_has_accepted():
    offered = move(
        RelayChart,
        "held",
        "offer",
        RelayFacts(receiver_named=True, receiver_is_another=True, receiver_may_hold=True, family_told=True),
    )
    assert offered.after == "offered"
    assert not [c for c in offered.consequences if type(c).__name__ == "PassBaton"]
    accepted = move(RelayChart, "offered", "accept", RelayFacts(receiver_may_hold=True))
    assert [c.to for c in accepted.consequences if type(c).__name__ == "PassBaton"] == ["receiver"]
