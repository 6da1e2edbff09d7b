"""Emergency reads: the least one must know, for four hours, seen by the family and reviewed by the leader."""

from datetime import date, timedelta

import pytest

from casework import audit, break_glass, children
from casework.break_glass import Break, Review
from casework.refusals import Invalid, NotFound, Stale

IBEN = Break(
    "Iben", "Solvang", date(2017, 3, 14), "found_alone", "Funnet ved kaia, vil ikke si hvor hun bor."
)


def opened(town, wanted=IBEN, who="worker"):
    with town.begin(who) as tx:
        return break_glass.break_glass(tx, wanted)


def seen(town, glass_id, who="worker"):
    with town.begin(who) as tx:
        return break_glass.behind(tx, glass_id)


def test_whoever_is_on_duty_sees_whom_to_call_and_no_more_for_four_hours(town, clock):
    town.case()
    glass_id = opened(town)
    found = seen(town, glass_id)
    assert (found.child_name, found.unit_name, found.holder_name) == (
        "Iben Solvang",
        "Fjordvik school",
        "Teacher Test",
    )
    assert [one["name"] for one in found.guardians] == ["Anders Solvang", "Lena Myrvold"]
    assert not hasattr(found, "log") and found.case_state == "level_1"
    clock.at += timedelta(hours=4)
    with pytest.raises(NotFound):
        seen(town, glass_id)


def test_a_name_is_found_as_it_is_said_on_the_telephone_but_only_with_the_right_birthday(town):
    town.case()
    assert opened(town, Break(" iben ", "SOLVANG", date(2017, 3, 14), "in_danger", "Ringte."))
    with pytest.raises(Invalid) as wrong:
        opened(town, Break("Iben", "Solvang", date(2017, 3, 15), "in_danger", "Ringte."))
    assert wrong.value.errors == {"last_name": "no_such_child"}


def test_only_child_welfare_breaks_the_glass_and_only_in_the_municipalities_it_serves(
    town, casework, postgres
):
    from tests.factories import Town

    town.case()
    for who in ("teacher", "nurse", "principal", "coordinator", "administrator"):
        with pytest.raises(NotFound):
            opened(town, who=who)
    other = Town.build(casework, postgres.owner_url)
    other.child(first="Dag", last="Fjern", born=date(2015, 1, 1))
    with pytest.raises(Invalid):
        opened(town, Break("Dag", "Fjern", date(2015, 1, 1), "in_danger", "Ringte."))


def test_what_is_behind_it_is_for_the_one_who_broke_it_alone(town):
    town.case()
    glass_id = opened(town)
    for who in ("welfare_leader", "teacher", "principal"):
        with pytest.raises(NotFound):
            seen(town, glass_id, who)


def test_every_look_is_in_the_trail_and_the_holder_and_the_family_see_that_it_was_done(town):
    case_id = town.case()
    glass_id = opened(town)
    seen(town, glass_id)
    with town.begin("teacher") as tx:
        looks = [one.name for one in audit.readings(tx, case_id) if one.act == "break_glass"]
    assert looks == ["Worker Test", "Worker Test"], "the breaking, and the look"


def test_the_leader_is_told_and_reviews_without_seeing_the_child_and_never_ones_own(town, as_owner):
    town.case()
    glass_id = opened(town)
    told = as_owner(
        "SELECT practitioner_id FROM notices WHERE kind = 'glass_broken' AND subject_id = :g", g=glass_id
    )
    assert told == [(town.people["welfare_leader"],)]
    with town.begin("welfare_leader") as tx:
        [found] = break_glass.listed(tx)
        assert found.may_review and "Iben" not in repr(found)
        assert found.review_by == date(2026, 11, 25), "the next working day"
    for who in ("worker", "principal", "teacher"):
        with pytest.raises(NotFound), town.begin(who) as tx:
            break_glass.review(tx, glass_id, Review("justified", "Barnet var i fare."))
    with pytest.raises(Invalid), town.begin("welfare_leader") as tx:
        break_glass.review(tx, glass_id, Review("justified", " "))
    with town.begin("welfare_leader") as tx:
        break_glass.review(tx, glass_id, Review("justified", "Barnet var i fare.", version=1))
    with pytest.raises(Stale), town.begin("welfare_leader") as tx:
        break_glass.review(tx, glass_id, Review("not_justified", "Nei.", version=1))
    with town.begin("worker") as tx:
        assert break_glass.one(tx, glass_id).verdict == "justified"


def test_somebody_kept_away_from_the_child_breaks_no_glass_either(town, as_owner):
    town.case()
    glass_id = opened(town)
    with town.begin("teacher") as tx:
        child_id = children.search(tx, "Iben")[0].id
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :who, :child, 'slekt', :who, now())",
        town=town.id, who=town.people["worker"], child=child_id,
    )  # fmt: skip
    with pytest.raises(NotFound):
        seen(town, glass_id)
    with pytest.raises(Invalid):
        opened(town, Break("Iben", "Solvang", date(2017, 3, 14), "in_danger", "Igjen."))


def test_a_child_without_a_case_is_found_too_and_its_own_file_tells_of_it(town, as_owner):
    child_id = town.child(first="Mio", last="Berg", born=date(2019, 2, 2))
    opened(town, Break("Mio", "Berg", date(2019, 2, 2), "needs_place", "Mor er innlagt."))
    assert as_owner("SELECT act FROM audit WHERE file_id = :c AND act = 'break_glass'", c=child_id) == [
        ("break_glass",)
    ]


def test_reasons_are_demanded(town):
    town.case()
    for wanted, wrong in (
        (Break("Iben", "Solvang", date(2017, 3, 14), "in_danger", " "), "reason"),
        (Break("Iben", "Solvang", date(2017, 3, 14), "curious", "x"), "emergency"),
        (Break(" ", "Solvang", date(2017, 3, 14), "in_danger", "x"), "first_name"),
    ):
        with pytest.raises(Invalid) as refused:
            opened(town, wanted)
        assert list(refused.value.errors) == [wrong]
