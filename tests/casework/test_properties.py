"""Random sequences of acts by random people: what must never happen, never happens."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import cases, followups
from casework.access import Actor
from casework.refusals import NotFound, NotPermitted
from tests.casework.random_towns import ACTS, RandomTown, steps

HELD = """
    SELECT c.state, c.relay_state, c.holder_id, c.offered_to_id,
      (SELECT array_agg(p.practitioner_id) FROM participations p
        WHERE p.case_id = c.id AND p.kind = 'holder' AND p.until IS NULL) AS holders
    FROM cases c WHERE c.id = :case
"""
UNSETTLED = """
    SELECT m.event FROM case_moves m JOIN cases c ON c.id = m.case_id
    WHERE m.case_id = :case AND m.after IN ('level_2', 'level_3') AND m.event LIKE 'raise%'
      AND c.concern_reported_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM consents s WHERE s.case_id = c.id AND s.service_id IS NOT NULL
        AND s.answered_at <= m.moved_at)
"""
GUESTS_WITHOUT_CONSENT = """
    SELECT 1 FROM participations p WHERE p.case_id = :case AND p.kind = 'service' AND p.until IS NULL
      AND NOT app.consent_reaches(:case, p.service_id)
"""


@given(steps=st.lists(steps(ACTS), min_size=5, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_acts_drops_the_baton_or_lets_anybody_see_too_much(town, clock, as_owner, steps):
    world = RandomTown(town, clock)
    case_id = world.case_id
    for kind, who, number in steps:
        world.act(kind, who, number)
        row = as_owner(HELD, case=case_id)[0]
        assert row.holder_id is not None
        assert row.state == "closed" or row.holders == [row.holder_id]
        assert (row.relay_state == "offered") == (row.offered_to_id is not None)
    assert as_owner(UNSETTLED, case=case_id) == []
    # Consent may have run out with the days; the nightly sweep is what ends sight then.
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_consents(tx)
    assert as_owner(GUESTS_WITHOUT_CONSENT, case=case_id) == []
    _nobody_outside_reads(town, case_id, as_owner)


def _nobody_outside_reads(town, case_id, as_owner):
    inside = {
        row.practitioner_id
        for row in as_owner(
            "SELECT practitioner_id FROM participations WHERE case_id = :case AND until IS NULL", case=case_id
        )
    }
    for who, person in town.people.items():
        if person in inside:
            continue
        with pytest.raises((NotFound, NotPermitted)), town.begin(who) as tx:
            cases.details(tx, case_id)
        with town.begin(who) as tx:
            assert case_id not in {one.id for one in cases.mine(tx).cases}
