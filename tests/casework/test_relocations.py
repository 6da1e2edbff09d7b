"""A family moves: only what it said yes to is handed over, and the baton never lies between two municipalities."""

from datetime import date, timedelta

import pytest

from casework import audit, cases, children, consents, logs, notices, readings, relays, relocations
from casework.access import Actor
from casework.refusals import AlreadyDone, Invalid, NotFound, NotPermitted, Refused, Stale
from casework.relocations import OfferCase, RecordAnswer, RefuseCase, TakeCase
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
    assert [one.body for one in pack.log] == ["Mor fortalte om flyttingen."]
    assert pack.child_views == pack.measures == pack.meetings == () and pack.child_name == "Iben Solvang"
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


@pytest.fixture
def away(town, casework, postgres):
    """The town the family moves to, in the same house."""
    return type(town).build(casework, postgres.owner_url)


def offer_to(town, case_id, away, parts=tuple(Part), unit="school"):
    with town.begin("teacher") as tx:
        agreed = consents.consenters(tx, case_id)
        assert away.services[unit] in {one.id for one in relocations.units_elsewhere(tx, case_id)}
        wanted = OfferCase(parts=parts, agreed=tuple(agreed), unit_id=away.services[unit])
        return relocations.offer(tx, case_id, wanted)


def take(away, made, *, holder="teacher", by="principal", key=None):
    with away.begin(by) as tx:
        return relocations.take(tx, made, TakeCase(away.people[holder], key=key))


def test_the_leader_where_the_family_moves_opens_the_case_in_the_act_that_closes_it_here(
    town, away, case_id, as_owner
):
    made = offer_to(town, case_id, away, parts=(Part.LOG,))
    with town.begin("teacher") as tx, pytest.raises(Refused, match="answered_there"):
        relocations.record(tx, made, RecordAnswer(taken=True, taken_by="Noen"))
    for who in ("teacher", "nurse", "administrator", "coordinator"):
        with away.begin(who) as tx:
            assert relocations.offered_here(tx) == []
            with pytest.raises(NotFound):
                relocations.seen(tx, made)
        with pytest.raises(NotFound):
            take(away, made, by=who)
    with away.begin("principal") as tx:
        [told] = [one for one in notices.mine(tx) if one.kind == "case_offered_here"]
        one, pack = relocations.seen(tx, made)
    assert (told.subject_kind, told.subject_id) == ("relocation", made)
    assert one.unit_name == "Fjordvik school" and [entry.body for entry in pack.log] == [
        "Mor fortalte om flyttingen."
    ]
    there = take(away, made, key="once")
    with pytest.raises(AlreadyDone):
        take(away, made, key="once")
    assert holder(as_owner, case_id) == (town.people["teacher"], "closed")
    assert holder(as_owner, there) == (away.people["teacher"], "level_1")
    with town.begin("teacher") as tx:
        [done] = relocations.of_case(tx, case_id)
        assert "case_offer_answered" in [note.kind for note in notices.mine(tx)]
        with pytest.raises(NotFound):
            cases.details(tx, there)
    assert done.state == "accepted" and "Principal Test" in done.taken_by and done.reference_there
    with away.begin("teacher") as tx:
        page = cases.details(tx, there)
        assert [entry.body for entry in relocations.arrival(tx, there).log] == ["Mor fortalte om flyttingen."]
        with pytest.raises(NotFound):
            cases.details(tx, case_id)
    assert page.head.number == done.reference_there and page.head.came_from == "Fjordvik kommune"
    assert {one.state for one in page.consents} == {"asked"}, "no yes given there counts here"
    assert as_owner("SELECT pack FROM relocations WHERE id = :id", id=made) == [(None,)]


def test_nobody_kept_out_there_is_let_in_here(town, away, as_owner):
    child_id = town.child()
    made = town.case(child_id=child_id)
    as_owner("UPDATE guardians SET kept_out = true, responsible = false WHERE child_id = :c AND relation = 'father'",
             c=child_id)  # fmt: skip
    there = take(away, offer_to(town, made, away))
    kept = as_owner(
        "SELECT g.relation, g.kept_out, g.responsible FROM guardians g JOIN cases c ON c.child_id = g.child_id"
        " WHERE c.id = :c ORDER BY 1",
        c=there,
    )
    assert kept == [("father", True, False), ("mother", False, True)]


def test_whoever_is_kept_away_from_the_child_is_not_asked_and_holds_nothing_here(
    town, away, case_id, as_owner
):
    child = as_owner("SELECT child_id FROM cases WHERE id = :c", c=case_id)[0][0]

    def bar(person):
        as_owner(
            "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since, state, tie,"
            " assessment, version) VALUES (gen_random_uuid(), :t, :p, :c, 'slekt', :p, now(), 'declared', 'other', '', 1)",
            t=town.id, p=away.people[person], c=child,
        )  # fmt: skip

    bar("teacher")
    made = offer_to(town, case_id, away)
    with pytest.raises(Invalid, match="holder_id"):
        take(away, made)
    assert take(away, made, holder="colleague")
    again = town.case(child_id=town.child(first="Ola"))
    child = as_owner("SELECT child_id FROM cases WHERE id = :c", c=again)[0][0]
    bar("principal")
    made = offer_to(town, again, away)
    with pytest.raises(NotFound):
        take(away, made, holder="colleague")


def test_a_no_goes_back_with_its_reason_and_leaves_nothing_behind(town, away, case_id, as_owner):
    made = offer_to(town, case_id, away)
    with pytest.raises(Invalid, match="reason"), away.begin("principal") as tx:
        relocations.refuse(tx, made, RefuseCase(" "))
    with pytest.raises(Stale), away.begin("principal") as tx:
        relocations.refuse(tx, made, RefuseCase("Flytter ikke hit.", version=7))
    with away.begin("principal") as tx:
        relocations.refuse(tx, made, RefuseCase("Eleven skal gå på Bakken skole."))
    with away.begin("principal") as tx, pytest.raises(NotFound):
        relocations.seen(tx, made)
    with town.begin("teacher") as tx:
        [done] = relocations.of_case(tx, case_id)
        page = cases.details(tx, case_id, log_limit=50)
    assert (done.state, done.reason) == ("declined", "Eleven skal gå på Bakken skole.")
    told = next(one for one in page.log if one.code == "case_not_taken")
    assert told.author_id == away.people["principal"]
    assert holder(as_owner, case_id) == (town.people["teacher"], "level_1")
    assert as_owner("SELECT pack FROM relocations WHERE id = :id", id=made) == [(None,)]
    assert as_owner("SELECT count(*) FROM children WHERE municipality_id = :t", t=away.id) == [(0,)]


def test_the_log_of_a_hidden_family_does_not_say_where_it_moves(town, away, case_id, as_owner):
    as_owner(
        "UPDATE children SET protected_address = true WHERE id = (SELECT child_id FROM cases WHERE id = :c)",
        c=case_id,
    )
    take(away, offer_to(town, case_id, away))
    with town.begin("teacher") as tx:
        page = cases.details(tx, case_id, log_limit=50)
    told = [one for one in page.log if one.code and one.code.startswith("case_")]
    assert {"case_offered_unnamed", "case_taken_unnamed"} <= {one.code for one in told}
    assert all("school" not in str(one.facts) and "Fjordvik" not in str(one.facts) for one in told)
    assert "school" not in str(page.head.closing)


def test_a_child_stands_in_both_registers_and_is_found_again_where_it_is_known(
    town, away, casework, as_owner
):
    number = "14891352442"

    def pupil(where):
        with where.begin("teacher") as tx:
            wanted = children.RegisterChild(
                where.services["school"], "Per", "Fjell", date(2013, 9, 14), "", number
            )
            return children.register(tx, wanted, keys=casework.keys)

    here, there = pupil(town), pupil(away)
    with town.begin("teacher") as tx:
        children.add_guardian(tx, here, name="Kari Fjell", relation="mother")
    made = offer_to(town, town.case(child_id=here), away)
    case_there = take(away, made)
    assert as_owner("SELECT child_id FROM cases WHERE id = :c", c=case_there) == [(there,)]
    assert as_owner("SELECT name FROM guardians WHERE child_id = :c", c=there) == [("Kari Fjell",)]
    back = town.case(child_id=town.child(first="Per", last="Fjell", born=date(2013, 9, 14), guardians=1))
    with pytest.raises(Refused, match="no_open_case"):
        take(away, offer_to(town, back, away), holder="teacher")


def test_whoever_was_asked_and_read_the_pack_stands_among_the_readers_and_is_no_odd_reader(
    town, away, case_id, clock, as_owner
):
    made = offer_to(town, case_id, away)
    with away.begin("principal") as tx:
        relocations.seen(tx, made)
    with town.begin("teacher") as tx:
        assert ("Principal Test", "read_pack") in {(one.name, one.act) for one in audit.readings(tx, case_id)}
    clock.at += timedelta(days=1)
    with town.casework.begin(Actor.system()) as tx:
        readings.hunt(tx)
    odd = "SELECT sign FROM odd_readings WHERE reader_id = :who"
    assert as_owner(odd, who=away.people["principal"]) == []
