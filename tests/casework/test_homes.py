"""Whoever may be tied to a family is asked, and an address is kept nowhere."""

from datetime import date, timedelta

import pytest

from casework import cases, children, disqualifications, homes, readings, staff, ties
from casework.access import Actor
from casework.refusals import Invalid
from levels.disqualifications import TieSign
from levels.homes import Home

HERE, NEXT_DOOR, ELSEWHERE = (
    Home("Storgata 14 B", "9008"),
    Home("Storgata 16", "9008"),
    Home("Sjøgata 1", "9008"),
)


@pytest.fixture
def living(town, casework):
    """Says where a child and somebody at work live."""

    def live(child_id, child, person=None, home=None):
        with town.begin("teacher") as tx:
            homes.keep(tx, casework.keys, town.id, child, child_id=child_id)
            tx.without_trail()
        if person:
            with town.begin("administrator") as tx:
                homes.keep(tx, casework.keys, town.id, home, practitioner_id=town.people[person])
                tx.without_trail()

    return live


def signs(town, who, child_id, about=None):
    with town.begin(who) as tx:
        return ties.signs(tx, child_id, about and town.people[about])


def test_whoever_lives_with_the_family_is_asked_and_whoever_lives_elsewhere_is_not(town, living):
    child_id = town.child()
    town.case(child_id=child_id)
    living(child_id, HERE, "teacher", HERE)
    assert signs(town, "teacher", child_id) == (TieSign.SAME_HOME,)
    for home in (NEXT_DOOR, ELSEWHERE):
        living(child_id, HERE, "teacher", home)
        assert signs(town, "teacher", child_id) == ()


def test_a_protected_address_is_forgotten_and_ties_nobody(town, living, as_owner):
    child_id = town.child()
    town.case(child_id=child_id)
    living(child_id, HERE, "teacher", HERE)
    with town.begin("teacher") as tx:
        children.protect(tx, child_id, protected=True)
    assert signs(town, "teacher", child_id) == ()
    assert as_owner("SELECT 1 FROM homes WHERE child_id = :child", child=child_id) == []


def test_no_word_of_an_address_is_kept(town, living, as_owner):
    child_id = town.child()
    living(child_id, HERE)
    [kept] = as_owner("SELECT * FROM homes WHERE child_id = :child", child=child_id)
    assert len(kept.house) == len(kept.road) == 32
    assert "storgat" not in str(tuple(kept)).casefold()


def test_a_parent_at_work_is_known_by_mail_or_telephone(town, as_owner):
    child_id = town.child()
    town.case(child_id=child_id)
    mail = as_owner("SELECT email FROM practitioners WHERE id = :id", id=town.people["teacher"])[0].email
    [parent] = as_owner("SELECT id FROM guardians WHERE child_id = :child LIMIT 1", child=child_id)
    as_owner("UPDATE guardians SET email = upper(:mail) WHERE id = :id", mail=mail, id=parent.id)
    assert signs(town, "teacher", child_id) == (TieSign.GUARDIAN,)
    as_owner("UPDATE guardians SET email = '', phone = '+47 00 00 11 22' WHERE id = :id", id=parent.id)
    as_owner("UPDATE practitioners SET phone = '00001122' WHERE id = :id", id=town.people["teacher"])
    assert signs(town, "teacher", child_id) == (TieSign.GUARDIAN,)


@pytest.mark.parametrize("number", ["00 00 00 00", "+47 00 00 00 00", "", "112"])
def test_a_number_that_stands_for_no_number_ties_nobody(town, as_owner, number):
    one, other = town.child(first="Ada"), town.child(first="Bo")
    town.case(child_id=other)
    as_owner(
        "UPDATE guardians SET phone = :phone WHERE child_id IN (:one, :other)",
        phone=number,
        one=one,
        other=other,
    )
    as_owner(
        "UPDATE practitioners SET phone = :phone WHERE id = :id", phone=number, id=town.people["teacher"]
    )
    stand_in = town.people["principal"]
    with town.begin("teacher") as tx:
        aside = disqualifications.Declare("family", "Nevø.", stand_in_id=stand_in)
        disqualifications.declare(tx, town.case(child_id=one), aside)
    assert signs(town, "teacher", other) == ()


def test_a_switchboard_ties_nobody(town, as_owner):
    child_id = town.child()
    town.case(child_id=child_id)
    both = {"one": town.people["teacher"], "other": town.people["colleague"]}
    as_owner("UPDATE practitioners SET phone = '00 00 77 88' WHERE id IN (:one, :other)", **both)
    as_owner("UPDATE guardians SET phone = '00007788' WHERE child_id = :child", child=child_id)
    assert signs(town, "teacher", child_id) == ()


def test_a_tie_declared_to_one_child_is_asked_about_for_its_sibling(town, as_owner):
    one, other = town.child(first="Ada"), town.child(first="Bo")
    town.case(child_id=other)
    as_owner("UPDATE guardians SET phone = '00004040' WHERE child_id IN (:one, :other)", one=one, other=other)
    with town.begin("colleague") as tx:
        assert ties.signs(tx, other) == ()
    case_id = town.case(child_id=one)
    with town.begin("teacher") as tx:
        disqualifications.declare(
            tx, case_id, disqualifications.Declare("family", "Nevø.", stand_in_id=town.people["principal"])
        )
    assert signs(town, "teacher", other) == (TieSign.DECLARED,)
    assert signs(town, "principal", other, "teacher") == (), "nobody else learns that a sibling has a file"


def test_somebody_outside_every_case_of_the_child_is_told_nothing_about_others(town, living):
    child_id = town.child()
    town.case(child_id=child_id)
    living(child_id, HERE, "colleague", HERE)
    assert signs(town, "teacher", child_id, "colleague") == (TieSign.SAME_HOME,), "who leads the case may ask"
    assert signs(town, "nurse", child_id, "colleague") == (), "a stranger to the case may not"


def test_reading_a_neighbours_file_is_asked_about_at_night(town, living, casework, clock):
    child_id = town.child()
    case_id = town.case(child_id=child_id)
    living(child_id, HERE, "teacher", NEXT_DOOR)
    with town.begin("teacher") as tx:
        cases.details(tx, case_id)
    clock.at += timedelta(days=1)
    with casework.begin(Actor.system()) as tx:
        readings.hunt(tx)
    with town.begin("officer") as tx:
        found = [one for one in readings.listed(tx) if one.reader_id == town.people["teacher"]]
    assert [one.sign for one in found] == ["neighbour"]


def test_switching_protection_on_forgets_the_home_of_the_guardian_and_of_the_child(town, casework, as_owner):
    """And nobody can tell it again while it is on; half an address is asked about, and nothing typed is kept."""
    child_id = town.child(guardians=1)
    town.case(child_id=child_id)
    lived = {"street": "Storgata 14 B", "postal_code": "9008"}

    def keep(**more):
        with town.begin("teacher") as tx:
            [one] = children.guardians(tx, child_id)
            wanted = children.KeepGuardian(one.name, one.relation, version=one.version, **more)
            children.keep_guardian(tx, one.id, wanted, keys=casework.keys)
        return one

    def homes_kept():
        return as_owner(
            "SELECT 1 FROM homes WHERE child_id = :child OR guardian_id IN"
            " (SELECT id FROM guardians WHERE child_id = :child)",
            child=child_id,
        )

    with pytest.raises(Invalid) as refused:
        keep(street="Storgata 14 B")
    assert refused.value.errors == {"postal_code": "postal_code_wrong"}
    keep(**lived)
    with town.begin("teacher") as tx:
        homes.keep(tx, casework.keys, town.id, HERE, child_id=child_id)
        tx.without_trail()
    assert len(homes_kept()) == 2
    keep(protected_address=True, **lived)
    assert homes_kept() == []
    with town.begin("teacher") as tx:
        homes.keep(tx, casework.keys, town.id, HERE, child_id=child_id)
        tx.without_trail()
    assert homes_kept() == [], "a child may live with a guardian whose address is protected"
    as_owner("UPDATE guardians SET protected_address = false WHERE child_id = :child", child=child_id)
    keep(**lived)
    assert len(homes_kept()) == 1
    with town.begin("teacher") as tx:
        children.protect(tx, child_id, protected=True)
    assert homes_kept() == []


def test_a_childs_home_is_told_when_it_is_registered_and_is_in_no_mark_of_what_was_asked_for(town, casework):
    wanted = children.RegisterChild(
        town.services["school"], "Ada", "Berg", date(2016, 5, 2), street=HERE.street, postal_code="9008"
    )
    parent = children.KeepGuardian("Lena Berg", "mother", street=HERE.street, postal_code="9008")
    assert "Storgata" not in f"{wanted}{parent}{HERE}"
    with town.begin("teacher") as tx:
        child_id = children.register(tx, wanted, keys=casework.keys)
    town.case(child_id=child_id)
    with town.begin("administrator") as tx:
        homes.keep(tx, casework.keys, town.id, HERE, practitioner_id=town.people["teacher"])
        tx.without_trail()
    assert signs(town, "teacher", child_id) == (TieSign.SAME_HOME,)


def test_a_new_colleague_who_lives_with_the_family_is_asked_from_the_first_day(town, casework):
    child_id = town.child()
    town.case(child_id=child_id)
    mail = f"ny.{town.id.hex[:8]}@e.example"
    lived = {"street": "Storgt. 14B", "postal_code": "9008"}
    with town.begin("administrator") as tx:
        wanted = staff.AddPerson("Ny Test", mail, town.services["school"], "educator", **lived)
        person = staff.add_person(tx, wanted, keys=casework.keys)
    with town.begin("teacher") as tx:
        children.tell_home(tx, child_id, HERE, keys=casework.keys)
        assert ties.signs(tx, child_id, person) == (TieSign.SAME_HOME,)
