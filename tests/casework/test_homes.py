"""Whoever may be tied to a family is asked, and an address is kept nowhere."""

from datetime import timedelta

import pytest

from casework import cases, disqualifications, homes, readings, ties
from casework.access import Actor
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

    def live(child_id, child, person=None, home=None, *, protected=False):
        with town.begin("teacher") as tx:
            homes.keep(tx, casework.keys, town.id, child, child_id=child_id, protected=protected)
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
    living(child_id, HERE, "teacher", HERE)
    living(child_id, HERE, protected=True)
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
    as_owner("UPDATE guardians SET email = '', phone = '+47 99 00 11 22' WHERE id = :id", id=parent.id)
    as_owner("UPDATE practitioners SET phone = '99001122' WHERE id = :id", id=town.people["teacher"])
    assert signs(town, "teacher", child_id) == (TieSign.GUARDIAN,)


def test_a_tie_declared_to_one_child_is_asked_about_for_its_sibling(town, as_owner):
    one, other = town.child(first="Ada"), town.child(first="Bo")
    town.case(child_id=other)
    as_owner("UPDATE guardians SET phone = '40404040' WHERE child_id IN (:one, :other)", one=one, other=other)
    with town.begin("colleague") as tx:
        assert ties.signs(tx, other) == ()
    case_id = town.case(child_id=one)
    with town.begin("teacher") as tx:
        disqualifications.declare(
            tx, case_id, disqualifications.Declare("family", "Nevø.", stand_in_id=town.people["principal"])
        )
    assert signs(town, "teacher", other) == (TieSign.DECLARED,)


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
