"""Nobody is ever without a holder; whoever leaves or goes away leaves nothing behind."""

from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from casework import (
    absences,
    cases,
    consents,
    coordinations,
    followups,
    handovers,
    measures,
    notices,
    relays,
    staff,
    substitutes,
)
from casework.access import Actor
from casework.refusals import Invalid, NotFound, Refused, Stale


def _turn(town):
    with town.casework.begin(Actor.system()) as tx:
        return substitutes.turn(tx)


def _away(town, who="teacher", *, by=None, days=7, start=0, substitute=None, **more):
    with town.begin(by or who) as tx:
        first = tx.today + timedelta(days=start)
        wanted = absences.SetAbsence(
            first,
            first + timedelta(days=days),
            town.people[substitute] if substitute else None,
            **more,
        )
        return absences.register(tx, town.people[who], wanted)


def _holder(as_owner, case_id):
    [row] = as_owner("SELECT holder_id FROM cases WHERE id = :case", case=case_id)
    return row.holder_id


def _bar(town, as_owner, who, child_id):
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :person, :child, 'related', :person, now())",
        town=town.id,
        person=town.people[who],
        child=child_id,
    )


# -- the database insists ------------------------------------------------------------------------------------------


@pytest.fixture
def owner(postgres):
    engine = create_engine(postgres.owner_url)
    yield engine
    engine.dispose()


_SECOND = (
    "INSERT INTO participations (id, municipality_id, case_id, practitioner_id, kind, may_write, since)"
    " VALUES (gen_random_uuid(), :town, :case, :person, 'holder', true, now())"
)
_FIRST_OUT = "UPDATE participations SET until = now() WHERE case_id = :case AND kind = 'holder'"


def test_not_even_the_tables_owner_can_leave_an_open_case_without_a_holder(town, owner):
    case_id = town.case()
    with pytest.raises(IntegrityError, match="one holder"), owner.begin() as connection:
        connection.execute(text(_FIRST_OUT), {"case": case_id})


def test_not_even_the_tables_owner_can_give_an_open_case_two_holders(town, owner):
    case_id = town.case()
    with (
        pytest.raises(IntegrityError, match="uq_participations_holder|one holder"),
        owner.begin() as connection,
    ):
        values = {"town": town.id, "case": case_id, "person": town.people["colleague"]}
        connection.execute(text(_SECOND), values)


def test_the_holder_a_case_names_is_the_one_who_takes_part_as_holder(town, owner):
    case_id = town.case()
    named = text("UPDATE cases SET holder_id = :person WHERE id = :case")
    with pytest.raises(IntegrityError, match="one holder"), owner.begin() as connection:
        connection.execute(named, {"case": case_id, "person": town.people["colleague"]})


def test_the_next_holder_may_come_in_before_the_former_goes_out_in_one_transaction(town, owner, as_owner):
    case_id = town.case()
    values = {"town": town.id, "case": case_id, "person": town.people["colleague"]}
    with owner.begin() as connection:
        connection.execute(text(_SECOND), values)
        connection.execute(
            text(_FIRST_OUT + " AND practitioner_id <> :person"),
            {"case": case_id, "person": values["person"]},
        )
        connection.execute(text("UPDATE cases SET holder_id = :person WHERE id = :case"), values)
    assert _holder(as_owner, case_id) == town.people["colleague"]


def test_a_closed_case_may_be_without_one(town, owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase("Ferdig", child_words="Fint"))
    with owner.begin() as connection:
        connection.execute(text(_FIRST_OUT), {"case": case_id})


# -- leaving -------------------------------------------------------------------------------------------------------


def _two_cases(town):
    return [town.case(child_id=town.child(first=name)) for name in ("Ada", "Bo")]


def test_the_administrator_shows_somebody_out_and_every_baton_goes_to_its_leader(town, as_owner):
    held = _two_cases(town)
    with town.begin("administrator") as tx:
        staff.leave(tx, town.people["teacher"], batons=handovers.MoveBatons("Slutter i jobben"))

    assert {_holder(as_owner, case_id) for case_id in held} == {town.people["principal"]}
    with town.begin("principal") as tx:
        told = [m.kind for m in notices.mine(tx)]
        assert told.count("baton_given") == 2
        assert cases.mine(tx).total == 2
    left = as_owner(
        "SELECT 1 FROM participations WHERE practitioner_id = :who AND until IS NULL",
        who=town.people["teacher"],
    )
    owned = as_owner(
        "SELECT 1 FROM deadlines WHERE owner_id = :who AND settled_at IS NULL AND case_id IS NOT NULL",
        who=town.people["teacher"],
    )
    assert (left, owned) == ([], [])


def test_the_administrator_has_seen_no_case_when_it_is_done(town):
    [case_id, _] = _two_cases(town)
    with town.begin("administrator") as tx:
        name, count = handovers.to_move(tx, town.people["teacher"])
        handovers.hand_over_all(tx, town.people["teacher"], handovers.MoveBatons("Slutter"))
        with pytest.raises(NotFound):
            cases.head(tx, case_id)
    assert (name, count) == ("Teacher Test", 2)


def test_nobody_leaves_with_batons_and_nothing_is_half_moved(town, as_owner):
    child_id = town.child(first="Ada")
    held = [town.case(child_id=child_id), town.case(child_id=town.child(first="Bo"))]
    _bar(town, as_owner, "principal", child_id)
    leaving = handovers.MoveBatons("Slutter")
    with pytest.raises(Refused) as refused, town.begin("administrator") as tx:
        staff.leave(tx, town.people["teacher"], batons=leaving)
    assert refused.value.unmet == ("some_baton_without_receiver",)
    assert {_holder(as_owner, case_id) for case_id in held} == {town.people["teacher"]}

    instead = handovers.MoveBatons("Slutter", instead_id=town.people["colleague"])
    with town.begin("administrator") as tx:
        staff.leave(tx, town.people["teacher"], batons=instead)
    assert [_holder(as_owner, one) for one in held] == [town.people["colleague"], town.people["principal"]]


def test_a_leader_moves_the_batons_of_the_own_unit_and_a_stranger_none(town, as_owner):
    held = _two_cases(town)
    wanted = handovers.MoveBatons("Permisjon", to_id=town.people["colleague"])
    for stranger in ("colleague", "ppt_leader", "coordinator"):
        with pytest.raises(NotFound), town.begin(stranger) as tx:
            handovers.hand_over_all(tx, town.people["teacher"], wanted)
    with town.begin("principal") as tx:
        [row] = handovers.in_my_units(tx)
        assert (row.name, row.batons, row.late) == ("Teacher Test", 2, 0)
        assert handovers.hand_over_all(tx, town.people["teacher"], wanted) == 2
    assert {_holder(as_owner, case_id) for case_id in held} == {town.people["colleague"]}


def test_a_leader_counts_and_moves_nothing_of_a_child_she_is_barred_from(town, as_owner):
    child_id = town.child()
    case_id = town.case(child_id=child_id)
    _bar(town, as_owner, "principal", child_id)
    with town.begin("principal") as tx:
        assert handovers.in_my_units(tx) == []
        with pytest.raises(NotFound):
            handovers.hand_over_all(tx, town.people["teacher"], handovers.MoveBatons("Permisjon"))
    assert _holder(as_owner, case_id) == town.people["teacher"]


def test_batons_do_not_go_where_consent_does_not_reach(town, as_owner):
    case_id = town.case()
    wanted = handovers.MoveBatons("Slutter", to_id=town.people["adviser"])
    with pytest.raises(Refused), town.begin("principal") as tx:
        handovers.hand_over_all(tx, town.people["teacher"], wanted)
    assert _holder(as_owner, case_id) == town.people["teacher"]


def test_an_offer_to_somebody_who_leaves_comes_back_to_the_holder(town, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    with town.begin("administrator") as tx:
        staff.leave(tx, town.people["colleague"])
    with town.begin("teacher") as tx:
        head = cases.head(tx, case_id)
        assert (head.holder_id, head.relay_state) == (town.people["teacher"], "held")
        assert "baton_came_back" in {m.kind for m in notices.mine(tx)}


def test_measures_and_contacts_of_somebody_who_leaves_find_another(town, as_owner):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd"),))
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with town.begin("teacher") as tx:
        measure_id = measures.plan(
            tx,
            case_id,
            measures.PlanMeasure(
                "Lesegruppe", "Leser", responsible_id=town.people["adviser"], starts_on=tx.today,
                evaluate_on=tx.today + timedelta(days=40),
            ),
        )  # fmt: skip
    with town.begin("administrator") as tx:
        staff.leave(tx, town.people["adviser"])

    [measure] = as_owner("SELECT responsible_id FROM measures WHERE id = :id", id=measure_id)
    [invitation] = as_owner("SELECT contact_id FROM invitations WHERE id = :id", id=asked.id)
    assert measure.responsible_id == town.people["teacher"]
    assert invitation.contact_id == town.people["ppt_leader"]
    with town.begin("teacher") as tx:
        assert "measure_given" in {m.kind for m in notices.mine(tx)}
    with town.begin("ppt_leader") as tx:
        assert cases.details(tx, case_id).head.id == case_id


def test_moving_a_baton_that_is_offered_leaves_nobody_something_to_answer(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    with town.begin("principal") as tx:
        relays.take_over(tx, case_id, to_id=town.people["principal"], reason="Sykdom")
    with town.begin("colleague") as tx:
        assert relays.offered_to_me(tx) == []
        assert "baton_withdrawn" in {m.kind for m in notices.mine(tx)}


def test_moving_twice_under_one_key_moves_once(town, as_owner):
    _two_cases(town)
    wanted = handovers.MoveBatons("Permisjon", to_id=town.people["colleague"], key="k1")
    from casework.refusals import AlreadyDone

    with town.begin("principal") as tx:
        handovers.hand_over_all(tx, town.people["teacher"], wanted)
    with pytest.raises(AlreadyDone), town.begin("principal") as tx:
        handovers.hand_over_all(tx, town.people["teacher"], wanted)


# -- away ----------------------------------------------------------------------------------------------------------


def test_nobody_is_offered_a_baton_while_away_and_the_choice_says_until_when(town):
    case_id = town.case()
    _away(town, "colleague", days=10)
    with town.begin("teacher") as tx:
        until = {c.practitioner_id: c.away_until for c in relays.candidates(tx, case_id)}
        assert until[town.people["colleague"]] == tx.today + timedelta(days=10)
    with pytest.raises(Refused) as refused, town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    assert refused.value.unmet == ("receiver_at_work",)


def test_an_offer_to_somebody_who_goes_away_goes_to_the_leader_at_once(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    _away(town, "colleague")
    with town.begin("principal") as tx:
        head = cases.head(tx, case_id)
    assert (head.holder_id, head.relay_state) == (town.people["principal"], "held")


def test_a_substitute_in_the_unit_is_inside_for_the_period_and_outside_after_it(town, clock):
    case_id = town.case()
    _away(town, days=7, start=2, substitute="colleague")
    with town.begin("colleague") as tx:
        assert "substitute_named" in {m.kind for m in notices.mine(tx)}
        assert cases.mine(tx).total == 0
    clock.at += timedelta(days=2)
    _turn(town)
    with town.begin("colleague") as tx:
        assert cases.details(tx, case_id).head.id == case_id
        assert absences.of(tx, town.people["teacher"]).substitute_name == "Colleague Test"
    clock.at += timedelta(days=8)
    _turn(town)
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        cases.details(tx, case_id)


def test_coming_back_early_takes_the_substitute_out_at_once(town):
    case_id = town.case()
    absence_id = _away(town, substitute="colleague")
    with town.begin("colleague") as tx:
        assert cases.mine(tx).total == 1
    with town.begin("teacher") as tx:
        absences.end(tx, absence_id)
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        cases.details(tx, case_id)
    with pytest.raises(Stale), town.begin("teacher") as tx:
        absences.end(tx, absence_id)


def test_a_substitute_elsewhere_sees_only_what_the_family_has_agreed_to_and_loses_it_with_the_consent(
    town, clock
):
    shared = town.case(child_id=town.child(first="Ada"), services=("health",))
    closed = town.case(child_id=town.child(first="Bo"))
    _away(town, substitute="nurse")
    with town.begin("nurse") as tx:
        assert [c.id for c in cases.mine(tx).cases] == [shared]
        with pytest.raises(NotFound):
            cases.details(tx, closed)
    with town.begin("teacher") as tx:
        row = next(c for c in consents.of_case(tx, shared) if c.service_id == town.services["health"])
        consents.record(tx, row.id, consents.Answer("withdrawn", "oral"))
    with pytest.raises(NotFound), town.begin("nurse") as tx:
        cases.details(tx, shared)
    _turn(town)
    with town.begin("nurse") as tx:
        assert cases.mine(tx).total == 0


def test_a_barred_substitute_never_comes_in_and_gets_no_letter(town, as_owner):
    child_id = town.child()
    case_id = town.case(child_id=child_id)
    _bar(town, as_owner, "colleague", child_id)
    _away(town, substitute="colleague")
    _letter(town, case_id)
    _turn(town)
    rows = as_owner(
        "SELECT 1 FROM participations WHERE case_id = :case AND practitioner_id = :who",
        case=case_id,
        who=town.people["colleague"],
    )
    with town.begin("colleague") as tx:
        assert [m.kind for m in notices.mine(tx)] == ["substitute_named"]
    assert rows == []


def _letter(town, case_id):
    with town.casework.begin(Actor.system()) as tx:
        notices.write(
            tx, "deadline_near", municipality_id=town.id, subject=("case", case_id),
            practitioner_id=town.people["teacher"], case_id=case_id,
        )  # fmt: skip
        tx.without_trail()


def test_a_letter_to_somebody_away_reaches_the_substitute_once(town, as_owner):
    case_id = town.case()
    _away(town, substitute="colleague")
    _letter(town, case_id)
    for _ in range(3):
        _turn(town)
    with town.begin("colleague") as tx:
        assert [m.kind for m in notices.mine(tx)].count("deadline_near") == 1


def test_turning_again_changes_nothing(town):
    town.case()
    _away(town, substitute="colleague")
    _turn(town)
    assert _turn(town) == 0


def test_a_leader_says_that_a_colleague_is_away_and_a_colleague_cannot(town):
    _away(town, "teacher", by="principal", substitute="colleague")
    with town.begin("teacher") as tx:
        [row] = absences.mine(tx)
        assert (row.state, row.substitute_name) == ("now", "Colleague Test")
        assert "absence_registered" in {m.kind for m in notices.mine(tx)}
    for stranger in ("colleague", "ppt_leader", "administrator", "coordinator"):
        with pytest.raises(NotFound):
            _away(town, "teacher", by=stranger, start=20)


def test_an_absence_is_checked_in_plain_words(town):
    _away(town, days=5, start=10)
    first = date(2026, 11, 24)
    faults = {
        "until_on ends_before_it_begins": absences.SetAbsence(first, first - timedelta(days=1)),
        "until_on not_in_the_past": absences.SetAbsence(first - timedelta(days=9), first - timedelta(days=1)),
        "from_on absence_overlaps": absences.SetAbsence(first, first + timedelta(days=12)),
        "substitute_id choose_one": absences.SetAbsence(first, first, town.people["worker"]),
    }
    for fault, wanted in faults.items():
        with pytest.raises(Invalid) as refused, town.begin("teacher") as tx:
            absences.register(tx, town.people["teacher"], wanted)
        assert " ".join(next(iter(refused.value.errors.items()))) == fault


def test_another_substitute_takes_the_place_of_the_first(town):
    case_id = town.case()
    absence_id = _away(town, substitute="colleague")
    with town.begin("teacher") as tx:
        [row] = absences.mine(tx)
        wanted = absences.SetAbsence(row.from_on, row.until_on, town.people["principal"], version=row.version)
        absences.change(tx, absence_id, wanted)
    with town.begin("principal") as tx:
        assert cases.details(tx, case_id).head.id == case_id
    with town.begin("colleague") as tx:
        assert cases.mine(tx).total == 0
    with pytest.raises(Stale), town.begin("teacher") as tx:
        absences.change(tx, absence_id, wanted)


def test_a_term_of_somebody_away_is_reminded_of_to_the_substitute_too(town, clock):
    case_id = town.case()
    with town.begin("teacher") as tx:
        wanted = measures.PlanMeasure(
            "Lesegruppe",
            "Leser",
            town.people["teacher"],
            starts_on=tx.today,
            evaluate_on=tx.today + timedelta(days=10),
        )
        measures.plan(tx, case_id, wanted)
    _away(town, days=20, substitute="colleague")
    clock.at += timedelta(days=8)
    with town.casework.begin(Actor.system()) as tx:
        followups.remind_due(tx)
    _turn(town)
    with town.begin("colleague") as tx:
        assert "evaluation_due" in {m.kind for m in notices.mine(tx)}


def test_a_baton_raised_while_away_reaches_the_substitute_with_the_next_turn(town):
    _away(town, days=20, substitute="colleague")
    case_id = town.case()
    _turn(town)
    with town.begin("colleague") as tx:
        assert cases.details(tx, case_id).head.id == case_id


def test_a_case_that_gets_another_holder_leaves_the_substitute_outside(town):
    case_id = town.case()
    _away(town, days=20, substitute="colleague")
    with town.begin("principal") as tx:
        relays.take_over(tx, case_id, to_id=town.people["principal"], reason="Lang permisjon")
    _turn(town)
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        cases.details(tx, case_id)


def test_no_case_is_opened_or_opened_again_in_the_hands_of_somebody_away(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase("Det går bra.", "maal_naadd", child_verdict=3))
    _away(town, "colleague", days=10)
    with pytest.raises(Invalid) as refused:
        town.case(child_id=town.child(first="Ada"), holder="colleague")
    assert refused.value.errors == {"holder_id": "away_now"}
    with pytest.raises(Invalid) as refused, town.begin("principal") as tx:
        cases.reopen(tx, case_id, to="1", reason="Det er verre igjen.", holder_id=town.people["colleague"])
    assert refused.value.errors == {"holder_id": "away_now"}
