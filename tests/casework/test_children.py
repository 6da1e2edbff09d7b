"""Children are registered once, families are known where they are met, and a new parent is a new answer to wait for."""

import uuid
from datetime import date
from threading import Thread

import pytest
from stdnum.no import fodselsnummer

from casework import cases, children, consents, coordinations, logs, relays
from casework.refusals import AlreadyDone, Invalid, KeyReused, NotFound, Refused, Stale

PARENT = {"name": "Siv Berg", "relation": "co_parent"}


def born(town, **more):
    wanted = {"first_name": "Ada", "last_name": "Berg", "born_on": date(2016, 5, 2), **more}
    return children.RegisterChild(town.services["school"], **wanted)


def register(town, wanted, *, by="teacher", key=None):
    with town.begin(by) as tx:
        return children.register(tx, wanted, keys=town.casework.keys, key=key)


def synthetic(serial=100):
    """A national number that fits nobody: 80 is added to the month."""
    for number in range(serial, 999):
        digits = f"028516{number}"
        digits += fodselsnummer.calc_check_digit1(digits)
        digits += fodselsnummer.calc_check_digit2(digits)
        if len(digits) == 11:
            return digits
    raise AssertionError


def errors_of(act, *given, **named):
    with pytest.raises(Invalid) as refusal:
        act(*given, **named)
    return refusal.value.errors


def add(town, child_id, *, by="teacher", key=None, **more):
    with town.begin(by) as tx:
        return children.add_guardian(tx, child_id, **{**PARENT, **more}, key=key)


def keep(town, guardian_id, *, by="teacher", version=None, **more):
    with town.begin(by) as tx:
        wanted = children.KeepGuardian(**{**PARENT, **more}, version=version)
        return children.keep_guardian(tx, guardian_id, wanted)


def family(town, child_id, *, by="teacher"):
    with town.begin(by) as tx:
        return children.family(tx, child_id)


def inside(town, *, by="adviser"):
    """The cases somebody sees."""
    with town.begin(by) as tx:
        return [case.id for case in cases.mine(tx).cases]


def codes(town, case_id, *, by="teacher"):
    with town.begin(by) as tx:
        return [entry.code for entry in logs.entries(tx, case_id)]


def with_ppt(town, child_id=None, **more):
    """A case with PPT inside by everybody's yes; answers the case and the child."""
    child_id = child_id or town.child(**more)
    case_id = town.case(child_id=child_id, services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("adviser") as tx:
        (asked,) = coordinations.asked_of_me(tx)
    with town.begin("adviser") as tx:
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    assert inside(town) == [case_id]
    return case_id, child_id


def test_a_registered_child_is_found_where_it_goes_and_nowhere_else(town):
    child_id = register(town, born(town))
    with town.begin("colleague") as tx:
        assert [child.id for child in children.search(tx, "ada b")] == [child_id]
    with town.begin("carer") as tx:
        assert children.search(tx, "ada b") == []
        with pytest.raises(NotFound):
            children.one(tx, child_id)


@pytest.mark.parametrize("who", ["carer", "nurse", "coordinator", "administrator"])
def test_nobody_registers_a_child_in_a_unit_they_do_not_work_in(town, who):
    with pytest.raises(NotFound):
        register(town, born(town), by=who)


@pytest.mark.parametrize("who", ["coordinator", "manager", "administrator", "operator"])
def test_who_meets_no_children_has_no_unit_to_register_in(town, who):
    with town.begin(who) as tx, pytest.raises(NotFound):
        children.units(tx)


@pytest.mark.parametrize("spelling", ["Ada", " ada ", "ADA"])
def test_the_same_child_is_not_registered_twice_unless_told_that_it_is_another(town, spelling):
    first = register(town, born(town))
    errors = errors_of(register, town, born(town, first_name=spelling), by="colleague")
    assert errors == {"another": "child_is_there"}
    assert register(town, born(town, first_name=spelling, another=True)) != first


def test_a_twin_and_a_namesake_of_another_day_are_no_doubles(town):
    ids = {
        register(town, born(town)),
        register(town, born(town, first_name="Eva")),
        register(town, born(town, born_on=date(2015, 5, 2))),
    }
    assert len(ids) == 3


def test_everything_that_is_wrong_with_a_registration_is_said_at_once(town):
    wanted = born(
        town,
        first_name="  ",
        last_name="B" * 101,
        born_on=date(2030, 1, 1),
        identity_number="12345678901",
    )
    assert errors_of(register, town, wanted) == {
        "first_name": "write_something",
        "last_name": "too_long",
        "born_on": "not_in_the_future",
        "identity_number": "identity_number_wrong",
    }


@pytest.mark.parametrize("number", ["²" * 11, "１" * 11, "abc", "0285161000", "-"])
def test_what_is_no_identity_number_is_told_so(town, number):
    errors = errors_of(register, town, born(town, identity_number=number))
    assert errors == {"identity_number": "identity_number_wrong"}


def test_an_identity_number_is_registered_once_in_a_municipality_and_is_not_readable(
    town, casework, postgres, as_owner
):
    number = synthetic()
    child_id = register(town, born(town, identity_number=f"{number[:6]} {number[6:]}"))
    other = type(town).build(casework, postgres.owner_url)
    errors = errors_of(register, town, born(town, first_name="Bo", identity_number=number))
    assert errors == {"identity_number": "identity_number_taken"}
    assert register(other, born(other, identity_number=number)), "what another town knows is told to nobody"
    (row,) = as_owner(
        "SELECT identity_cipher, row_to_json(c)::text FROM children c WHERE id = :id", id=child_id
    )
    assert number not in row[1]
    assert casework.keys.decrypt(bytes(row[0])) == number


def test_the_same_key_registers_once_and_a_twin_under_it_is_not_taken_for_the_first(town):
    key = str(uuid.uuid4())
    first = register(town, born(town), key=key)
    with pytest.raises(AlreadyDone) as before:
        register(town, born(town), key=key)
    assert before.value.result["id"] == str(first)
    with pytest.raises(KeyReused):
        register(town, born(town, first_name="Eva"), key=key)


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"name": " "}, {"name": "write_something"}),
        ({"name": "S" * 201}, {"name": "too_long"}),
        ({"relation": "aunt"}, {"relation": "choose_one"}),
        ({"email": "siv"}, {"email": "email_wrong"}),
        ({"email": "siv@example.test\nBcc: x@example.test"}, {"email": "email_wrong"}),
        ({"phone": "0" * 41, "language": "x"}, {"phone": "too_long", "language": "choose_one"}),
    ],
)
def test_a_guardian_is_refused_field_by_field_whether_added_or_changed(town, wrong, errors):
    child_id = town.child(guardians=0)
    town.worry(child_id)
    guardian_id = add(town, child_id)
    assert errors_of(add, town, child_id, **wrong) == errors
    assert errors_of(keep, town, guardian_id, **wrong) == errors
    assert [one.name for one in family(town, child_id).guardians] == ["Siv Berg"]


def test_the_same_key_adds_one_guardian(town):
    child_id, key = town.child(guardians=0), str(uuid.uuid4())
    town.worry(child_id)
    add(town, child_id, key=key)
    with pytest.raises(AlreadyDone):
        add(town, child_id, key=key)
    assert len(family(town, child_id).guardians) == 1


def test_a_guardian_is_corrected_and_the_older_page_is_told(town):
    child_id = town.child(guardians=0)
    town.worry(child_id)
    guardian_id = add(town, child_id)
    keep(town, guardian_id, name="Siv Dahl", phone="00 00 00 01", protected_address=True, version=1)
    (now,) = family(town, child_id).guardians
    assert (now.name, now.phone, now.protected_address, now.version) == ("Siv Dahl", "00 00 00 01", True, 2)
    with pytest.raises(Stale):
        keep(town, guardian_id, version=1)
    assert family(town, child_id).guardians == (now,)


def test_reading_and_changing_a_family_is_in_the_trail_without_a_name(town, as_owner):
    child_id = town.child(guardians=0)
    town.worry(child_id)
    keep(town, add(town, child_id), name="Siv Dahl")
    family(town, child_id)
    rows = as_owner("SELECT act, body FROM audit WHERE file_id = :child ORDER BY seq", child=child_id)
    assert [row.act for row in rows] == ["register_child", "add_guardian", "keep_guardian", "read_family"]
    assert not any("Siv" in row.body for row in rows)


def test_a_family_is_known_to_those_who_meet_the_child_in_a_file_and_to_nobody_else(town):
    child_id = town.child()
    with pytest.raises(NotFound):
        family(town, child_id)
    signal_id = town.worry(child_id)
    found = family(town, child_id)
    assert [one.name for one in found.guardians] == ["Anders Solvang", "Lena Myrvold"]
    assert (found.case_id, found.signal_id) == (None, signal_id)
    assert family(town, child_id, by="principal").child.id == child_id
    for stranger in ("colleague", "carer", "adviser", "worker", "coordinator", "administrator"):
        with pytest.raises(NotFound):
            family(town, child_id, by=stranger)
        with pytest.raises(NotFound):
            keep(town, found.guardians[0].id, by=stranger)


def test_a_service_knows_the_family_from_its_yes_until_consent_does_not_reach_it(town):
    child_id = town.child()
    case_id = town.case(child_id=child_id, services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd"),))
    with pytest.raises(NotFound):
        family(town, child_id, by="adviser")
    with town.begin("adviser") as tx:
        (asked,) = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    known = family(town, child_id, by="adviser")
    assert known.case_id == case_id
    added = add(town, child_id)
    for act in (
        lambda: family(town, child_id, by="adviser"),
        lambda: keep(town, added, by="adviser", responsible=False),
        lambda: add(town, child_id, by="adviser"),
    ):
        with pytest.raises(NotFound):
            act()


def test_who_is_only_offered_the_baton_does_not_know_the_family_yet(town):
    child_id = town.child()
    case_id = town.case(child_id=child_id)
    with town.begin("teacher") as tx:
        offer = relays.OfferBaton(town.people["colleague"], "Nærmest", family_told_on=tx.today)
        handover_id = relays.offer(tx, case_id, offer)
    with pytest.raises(NotFound):
        family(town, child_id, by="colleague")
    with town.begin("colleague") as tx:
        relays.accept(tx, handover_id)
    assert family(town, child_id, by="colleague").case_id == case_id


def test_somebody_kept_away_from_the_child_meets_no_family(town, as_owner):
    child_id = town.child()
    town.case(child_id=child_id)
    guardian_id = family(town, child_id).guardians[0].id
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :person, :child, 'related', :person, now())",
        town=town.id,
        person=town.people["teacher"],
        child=child_id,
    )
    for act in (
        lambda: family(town, child_id),
        lambda: keep(town, guardian_id),
        lambda: add(town, child_id),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_service_loses_sight_when_a_new_co_parent_is_registered_who_has_not_said_yes(town, as_owner):
    case_id, child_id = with_ppt(town)
    add(town, child_id)
    assert inside(town) == []
    assert codes(town, case_id)[0] == "sight_ended"
    trail = as_owner("SELECT body FROM audit WHERE file_id = :case AND act = 'sight_ended'", case=case_id)
    assert len(trail) == 1 and str(town.services["ppt"]) in trail[0].body


def test_the_services_sight_does_not_come_back_by_itself_when_the_new_parent_says_yes(town):
    case_id, child_id = with_ppt(town)
    guardian_id = add(town, child_id)
    town.consent(case_id, "ppt")
    with town.begin("teacher") as tx:
        answers = {one.guardian_id: one.state for one in consents.of_case(tx, case_id) if one.service_id}
    assert answers[guardian_id] == "given" and len(answers) == 3
    assert inside(town) == []


def test_somebody_outside_the_case_registers_a_parent_and_the_same_follows_in_the_case_they_cannot_see(town):
    case_id, child_id = with_ppt(town)
    before = inside(town, by="teacher")
    add(town, child_id, by="colleague")
    assert (inside(town), inside(town, by="colleague"), inside(town, by="teacher")) == ([], [], before)
    with town.begin("teacher") as tx:
        told = logs.entries(tx, case_id)[0]
    assert (told.code, told.facts) == ("sight_ended", {"services": "Fjordvik ppt"})
    assert told.author_name == "Colleague Test"


def test_a_guardian_without_parental_responsibility_changes_nothing_in_the_case(town):
    case_id, child_id = with_ppt(town)
    guardian_id = add(town, child_id, relation="other", responsible=False)
    keep(town, guardian_id, relation="other", responsible=False, phone="00 00 00 01")
    assert inside(town) == [case_id]
    assert "sight_ended" not in codes(town, case_id)


def test_a_service_loses_sight_when_somebody_is_given_parental_responsibility(town):
    case_id, child_id = with_ppt(town)
    guardian_id = add(town, child_id, responsible=False)
    keep(town, guardian_id, responsible=True)
    assert inside(town) == []
    assert codes(town, case_id)[0] == "sight_ended"


def test_a_service_keeps_its_sight_when_those_who_are_left_have_said_yes(town):
    case_id, child_id = with_ppt(town)
    father = next(one for one in family(town, child_id).guardians if one.relation == "father")
    keep(town, father.id, name=father.name, relation="father", responsible=False)
    assert inside(town) == [case_id]


def test_a_service_loses_sight_when_nobody_is_left_who_may_say_yes(town):
    _case_id, child_id = with_ppt(town, guardians=1)
    (mother,) = family(town, child_id).guardians
    keep(town, mother.id, name=mother.name, relation="mother", responsible=False)
    assert inside(town) == []


def test_a_youth_who_consents_alone_is_not_overruled_by_a_new_parent(town):
    child_id = town.child(born=date(2010, 1, 1), guardians=1)
    case_id = town.case(child_id=child_id, agreed=(), to="1")
    for service in (None, "ppt"):
        town.consent(case_id, service)
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd"),))
    with town.begin("adviser") as tx:
        (asked,) = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    add(town, child_id)
    assert inside(town) == [case_id]


def test_a_closed_case_stays_as_it_was_archived(town):
    case_id, child_id = with_ppt(town)
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Det går fint.")
    with town.begin("teacher") as tx:
        cases.change_level(tx, case_id, cases.ChangeLevel("1", "ned", reason="Målene er nådd"))
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase("Ferdig", "avslutt", child_words="Fint"))
    before = codes(town, case_id)
    add(town, child_id)
    assert codes(town, case_id) == before


def test_a_service_that_says_yes_while_a_parent_is_being_registered_is_not_let_in(town):
    child_id = town.child()
    case_id = town.case(child_id=child_id, services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd"),))
    with town.begin("adviser") as tx:
        (asked,) = coordinations.asked_of_me(tx)
    outcome = []

    def say_yes():
        try:
            with town.begin("adviser") as tx:
                outcome.append(coordinations.reply(tx, asked.id, coordinations.Reply("yes")))
        except Refused as refusal:
            outcome.append(refusal.unmet)

    with town.begin("teacher") as tx:
        children.add_guardian(tx, child_id, **PARENT)
        answering = Thread(target=say_yes)
        answering.start()
        answering.join(timeout=1)
    answering.join()
    assert outcome == [("consent_reaches",)]
    assert inside(town) == []


def test_a_question_to_somebody_who_may_not_answer_any_more_is_not_waited_for(town):
    child_id = town.child()
    case_id = town.case(child_id=child_id)
    guardian_id = add(town, child_id)
    with town.begin("teacher") as tx:
        consents.ask(tx, case_id, (consents.Question(town.services["ppt"], "Råd"),))
    for person in family(town, child_id).guardians:
        if person.id != guardian_id:
            with town.begin("teacher") as tx:
                asked = consents.of_case(tx, case_id)
                row = next(one for one in asked if one.guardian_id == person.id and one.service_id)
                consents.record(tx, row.id, consents.Answer("yes", "oral"))
    with town.begin("teacher") as tx:
        assert cases.details(tx, case_id).next_action.code == "answer_consent"
    keep(town, guardian_id, responsible=False)
    with town.begin("teacher") as tx:
        page = cases.details(tx, case_id)
    assert page.next_action.code != "answer_consent"
    assert [one.entitled for one in page.consents if one.guardian_id == guardian_id] == [False]


def test_what_everybody_has_said_yes_to_is_not_asked_again_and_the_rest_is(town):
    child_id = town.child()
    case_id = town.case(child_id=child_id, services=("ppt",))
    with town.begin("teacher") as tx:
        assert consents.settled(tx, case_id) == {None, town.services["ppt"]}
    add(town, child_id)
    with town.begin("teacher") as tx:
        assert consents.settled(tx, case_id) == frozenset()


def test_jobs_and_strangers_cannot_reach_into_a_case_by_its_child(town, postgres):
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import DBAPIError

    case_id, child_id = with_ppt(town)
    engine = create_engine(postgres.app_url)
    asked = text("SELECT set_config('role', :role, true), set_config('app.actor', :actor, true)")
    with engine.connect() as connection:
        connection.execute(asked, {"role": "stafetten_staff", "actor": str(town.people["carer"])})
        held = connection.execute(text("SELECT app.hold_open_case(:child)"), {"child": child_id})
        assert held.scalar() is None
        ended = "SELECT app.end_unreached(:case, gen_random_uuid(), now())"
        assert connection.execute(text(ended), {"case": case_id}).scalar() == []
        connection.rollback()
    for role in ("stafetten_work", "stafetten_door"):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(asked, {"role": role, "actor": ""})
            connection.execute(text("SELECT app.hold_open_case(:child)"), {"child": child_id})
    engine.dispose()


def test_searching_names_nobody_behind_an_invitation_that_consent_has_left(town):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing."),))
    with town.begin("adviser") as tx:
        assert [child.first_name for child in children.search(tx, "iben")] == ["Iben"]
    with town.begin("teacher") as tx:
        given = [each for each in consents.of_case(tx, case_id) if each.service_id == town.services["ppt"]]
    with town.begin("teacher") as tx:
        consents.record(tx, given[0].id, consents.Answer("withdrawn", "oral"))
    with town.begin("adviser") as tx:
        assert children.search(tx, "iben") == []
