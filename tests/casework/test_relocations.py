"""A family moves: only what it said yes to is handed over, and the baton never lies between two municipalities."""

from datetime import timedelta

import pytest

from casework import cases, consents, logs, relays, relocations
from casework.access import Actor
from casework.refusals import NotFound, NotPermitted, Refused, Stale
from casework.relocations import OfferCase, RecordAnswer
from levels.relocations import Part


@pytest.fixture
def case_id(town):
    """A case with words for the family and words that are hidden from it."""
    made = town.case()
    with town.begin("teacher") as tx:
        logs.write(tx, made, logs.WriteEntry("Mor fortalte om flyttingen."))
    with town.begin("teacher") as tx:
        hidden = logs.WriteEntry("Bekymret for far.", for_family=False, hidden_reason="Barnets trygghet",
                                 hidden_until=tx.today + timedelta(days=30))  # fmt: skip
        logs.write(tx, made, hidden)
    return made


def offer(town, case_id, parts=tuple(Part), missing=0, by="teacher"):
    with town.begin("teacher") as tx:
        agreed = consents.consenters(tx, case_id)
    with town.begin(by) as tx:
        return relocations.offer(
            tx, case_id, OfferCase("Fjellvik kommune, Fjellvik skole", parts, tuple(agreed[missing:]))
        )


def holder(as_owner, case_id):
    return as_owner("SELECT holder_id, state FROM cases WHERE id = :c", c=case_id)[0]


def test_the_pack_holds_only_what_everybody_said_yes_to_and_the_family_may_see(town, case_id):
    with pytest.raises(Refused, match="family_consents"):
        offer(town, case_id, missing=1)
    for who, refusal in (("principal", NotPermitted), ("colleague", NotFound)):
        with pytest.raises(refusal):
            offer(town, case_id, by=who)
    made = offer(town, case_id, parts=(Part.LOG,))
    with town.begin("teacher") as tx:
        pack = relocations.pack(tx, made)
    assert [one["text"] for one in pack.log] == ["Mor fortalte om flyttingen."]
    assert pack.child_views == pack.measures == pack.meetings == [] and pack.child_name == "Iben Solvang"
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        relocations.pack(tx, made)
    with pytest.raises(Stale):
        offer(town, case_id)


def test_the_case_closes_here_only_when_somebody_has_taken_it_there(town, case_id, as_owner):
    made = offer(town, case_id)
    assert holder(as_owner, case_id) == (town.people["teacher"], "level_1"), "the baton stays"
    with pytest.raises(Refused, match="taken_by_somebody"), town.begin("teacher") as tx:
        relocations.record(tx, made, RecordAnswer(taken=True))
    with town.begin("teacher") as tx:
        relocations.record(
            tx, made, RecordAnswer(taken=True, taken_by="Rektor Åse Vik", reference_there="2026-7")
        )
    assert holder(as_owner, case_id)[1] == "closed"
    with town.begin("teacher") as tx:
        page = cases.details(tx, case_id)
        assert cases.package(tx, case_id), "the file is kept"
    assert any("Åse Vik" in str(one.facts) for one in page.log)
    with pytest.raises(NotPermitted), town.begin("teacher") as tx:
        relocations.pack(tx, made)


def test_a_no_a_withdrawal_and_silence_leave_the_case_with_its_holder(town, case_id, as_owner, clock):
    with town.begin("teacher") as tx:
        [version] = [one.version for one in relocations.of_case(tx, case_id)] or [1]
    made = offer(town, case_id)
    with town.begin("teacher") as tx:
        relocations.record(
            tx, made, RecordAnswer(taken=False, reason="De bor ikke her ennå.", version=version)
        )
    made = offer(town, case_id)
    with town.begin("teacher") as tx:
        relocations.withdraw(tx, made)
    made = offer(town, case_id)
    clock.at += timedelta(days=20)
    with town.casework.begin(Actor.system()) as tx:
        assert relocations.lapse_due(tx)
    with town.begin("teacher") as tx:
        states = [one.state for one in relocations.of_case(tx, case_id)]
    assert sorted(states) == ["declined", "lapsed", "withdrawn"]
    assert holder(as_owner, case_id) == (town.people["teacher"], "level_1")
    running = (
        "SELECT count(*) FROM deadlines WHERE case_id = :c AND due = 'relocation' AND settled_at IS NULL"
    )
    assert as_owner(running, c=case_id) == [(0,)]


def test_a_baton_on_its_way_is_settled_before_the_case_leaves(town, case_id, as_owner):
    made = offer(town, case_id)
    with town.begin("teacher") as tx:
        relays.offer(
            tx, case_id, relays.OfferBaton(town.people["principal"], "Nærmest", family_told_on=tx.today)
        )
    with pytest.raises(Refused, match="baton_settled"), town.begin("teacher") as tx:
        relocations.record(tx, made, RecordAnswer(taken=True, taken_by="Rektor Åse Vik"))
    assert holder(as_owner, case_id) == (town.people["teacher"], "level_1")
