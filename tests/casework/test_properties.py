"""Random sequences of acts by random people: what must never happen, never happens."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import cases, consents, coordinations, followups, logs, measures, relays
from casework.access import Actor
from casework.refusals import Invalid, NotFound, NotPermitted, Refused, Stale

PEOPLE = (
    "teacher",
    "colleague",
    "principal",
    "nurse",
    "adviser",
    "ppt_leader",
    "worker",
    "coordinator",
    "carer",
)
REFUSALS = (Invalid, NotFound, NotPermitted, Refused, Stale)
STEP = st.tuples(
    st.sampled_from(
        ("offer", "answer", "take_over", "raise", "close", "reopen", "consent", "invite", "reply", "write",
         "child", "measure", "days", "sweep", "withdraw_invitation")
    ),
    st.sampled_from(PEOPLE),
    st.integers(0, 7),
)  # fmt: skip


class World:
    """One town with one case, acted upon by anybody in any order."""

    def __init__(self, town, clock, case_id):
        self.town, self.clock, self.case_id = town, clock, case_id

    def act(self, kind, who, number):
        """Try one act; a refusal is an answer, anything else is a fault."""
        if kind == "days":
            self.clock.at += timedelta(days=number)
            return
        actor = Actor.system() if kind == "sweep" else self.town.actor(who)
        try:
            with self.town.casework.begin(actor) as tx:
                getattr(self, "_" + kind)(tx, number)
        except REFUSALS:
            return

    def _sweep(self, tx, _):
        followups.expire_due(tx)

    def _offer(self, tx, number):
        to = self.town.people[PEOPLE[number]]
        relays.offer(tx, self.case_id, relays.OfferBaton(to, family_told_on=tx.today if number % 3 else None))

    def _answer(self, tx, number):
        for waiting in relays.offered_to_me(tx):
            if number % 2:
                relays.accept(tx, waiting.handover_id)
            else:
                relays.decline(tx, waiting.handover_id, reason="travelt")

    def _take_over(self, tx, number):
        relays.take_over(
            tx, self.case_id, to_id=self.town.people[PEOPLE[number]], reason="syk" if number else ""
        )

    def _raise(self, tx, number):
        cases.change_level(
            tx, self.case_id, cases.ChangeLevel(str(number % 4), reason="prøver" if number > 3 else "")
        )

    def _close(self, tx, number):
        cases.close(tx, self.case_id, cases.CloseCase("ferdig" if number % 2 else ""))

    def _reopen(self, tx, number):
        cases.reopen(tx, self.case_id, to=str(number % 4), reason="igjen" if number > 2 else "")

    def _consent(self, tx, number):
        service = self.town.services[("ppt", "health")[number % 2]]
        asked = consents.ask(tx, self.case_id, (consents.Question(service, "samarbeid"),))
        answer = ("yes", "no", "withdrawn", "yes")[number % 4]
        for consent_id in asked:
            consents.record(tx, consent_id, consents.Answer(answer, "oral"))

    def _invite(self, tx, number):
        service = self.town.services[("ppt", "health", "welfare", "kindergarten")[number % 4]]
        coordinations.invite(tx, self.case_id, (coordinations.Ask(service, "råd"),))

    def _reply(self, tx, number):
        for one in coordinations.asked_of_me(tx):
            coordinations.reply(tx, one.id, coordinations.Reply(("yes", "no", "more")[number % 3], "fordi"))

    def _withdraw_invitation(self, tx, _):
        for one in coordinations.of_case(tx, self.case_id):
            coordinations.withdraw(tx, one.id)

    def _write(self, tx, number):
        logs.write(tx, self.case_id, logs.WriteEntry("hei" if number else ""))

    def _child(self, tx, number):
        logs.write_child_view(tx, self.case_id, words="det går bra" if number else "")

    def _measure(self, tx, number):
        who = self.town.people[PEOPLE[number]]
        measure_id = measures.plan(tx, self.case_id, measures.PlanMeasure("tiltak", "mål", who))
        if number % 2:
            measures.evaluate(tx, measure_id, measures.EvaluateMeasure("reached", "end", child_said="bra"))


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


@given(steps=st.lists(STEP, min_size=5, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_acts_drops_the_baton_or_lets_anybody_see_too_much(town, clock, as_owner, steps):
    case_id = town.case(child_id=town.child())
    world = World(town, clock, case_id)
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
