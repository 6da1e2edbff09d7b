"""Odd readings: found at night, asked about without a child's name, explained, passed on or reported; never by oneself."""

from datetime import date, timedelta

import pytest

from casework import break_glass, cases, children, families, indicators, notices, readings
from casework.access import Actor
from casework.refusals import Invalid, NotFound, Refused, Stale

CHILD = ("Iben", "Solvang", date(2017, 3, 14))


def hunted(town):
    with town.casework.begin(Actor.system()) as tx:
        return readings.hunt(tx)


def found(town, **more):
    with town.begin("officer") as tx:
        return readings.listed(tx, **more)


def in_emergency(town, *, first=CHILD[0]):
    with town.begin("worker") as tx:
        return break_glass.break_glass(tx, break_glass.Break(first, *CHILD[1:], "in_danger", "Ringte."))


def snooped(town, clock):
    """A read in an emergency yesterday, found last night; no other sign."""
    town.case()
    in_emergency(town)
    clock.at += timedelta(days=1)
    hunted(town)
    [one] = [one for one in found(town) if one.sign == "no_relation"]
    return one


def test_the_night_finds_each_kind_once_and_tells_the_officer(town, clock, as_owner):
    case_id = town.case()
    in_emergency(town)
    for first in ("Iven", "Ibe"):
        with pytest.raises(Invalid):
            in_emergency(town, first=first)
    for n in range(8):
        clock.at += timedelta(minutes=2)
        with town.begin("colleague") as tx:
            assert children.search(tx, f"Finnes ikke {n}") == []
    as_owner("UPDATE practitioners SET name = 'Kari Myrvold' WHERE id = :p", p=town.people["principal"])
    clock.at += timedelta(hours=12)
    with town.begin("principal") as tx:
        cases.details(tx, case_id)
    clock.at += timedelta(days=1)
    assert hunted(town) >= 5 and hunted(town) == 0, "what was found stands once"
    by_sign = {(one.sign, one.name) for one in found(town)}
    assert by_sign == {
        ("no_relation", "Worker Test"),
        ("failed_emergency", "Worker Test"),
        ("fishing", "Colleague Test"),
        ("same_name", "Kari Myrvold"),
        ("night", "Kari Myrvold"),
    }
    with town.begin("officer") as tx:
        assert [one.kind for one in notices.mine(tx)] == ["readings_found"]
        assert readings.waiting(tx) == 5
    for who in ("teacher", "administrator", "coordinator", "worker"):
        with town.begin(who) as tx:
            assert readings.listed(tx) == [], "whoever reads is not told before being asked"


def test_an_explained_name_is_left_in_peace_and_an_emergency_never(town, clock, as_owner):
    case_id = town.case()
    as_owner("UPDATE practitioners SET name = 'Kari Solvang' WHERE id = :p", p=town.people["teacher"])
    for _day in range(2):
        with town.begin("teacher") as tx:
            cases.details(tx, case_id)
        in_emergency(town)
        clock.at += timedelta(days=1)
        hunted(town)
        for one in found(town, group="waiting"):
            with town.begin("officer") as tx:
                readings.decide(tx, one.id, readings.Decide("explain", "Vanlig navn."))
    signs = sorted(one.sign for one in found(town))
    assert signs == ["no_relation", "no_relation", "same_name"]


def test_the_finding_shows_who_when_and_which_page_but_not_whom(town, clock):
    one = snooped(town, clock)
    with town.begin("officer") as tx:
        page = readings.page(tx, one.id)
    [look] = page.looks
    assert (look.role, look.act) == ("child_welfare_worker", "break_glass")
    assert look.file_name and look.file_name == one.file_name
    assert {offer.event for offer in page.offers if offer.open} == {"ask", "pass_on", "explain", "report"}
    assert "Solvang" not in repr(page) and "Iben" not in repr(page)


def test_the_reader_is_asked_answers_and_the_officer_judges(town, clock):
    one = snooped(town, clock)
    with town.begin("officer") as tx:
        readings.decide(tx, one.id, readings.Decide("ask", "Hva var grunnen?", version=one.version))
    with town.begin("worker") as tx:
        assert [m.kind for m in notices.mine(tx)] == ["reading_asked"]
        page = readings.page(tx, one.id)
        assert page.may_answer and not page.judges and page.offers == ()
    with pytest.raises(NotFound), town.begin("worker") as tx:
        readings.decide(tx, one.id, readings.Decide("explain", "Det går bra."))
    with pytest.raises(Invalid), town.begin("worker") as tx:
        readings.answer(tx, one.id, readings.Answer(" "))
    with town.begin("worker") as tx:
        readings.answer(tx, one.id, readings.Answer("Politiet ringte.", version=page.finding.version))
    with pytest.raises(Refused), town.begin("worker") as tx:
        readings.answer(tx, one.id, readings.Answer("Mer."))
    with pytest.raises(Stale), town.begin("officer") as tx:
        readings.decide(tx, one.id, readings.Decide("explain", "Ja.", version=one.version))
    with town.begin("officer") as tx:
        assert "reading_answered" in [m.kind for m in notices.mine(tx)]
        readings.decide(tx, one.id, readings.Decide("report", "Ingen tjenstlig grunn."))
    [after] = found(town, group="reported")
    assert (after.answer, after.judged_by) == ("Politiet ringte.", "Officer Test")
    with pytest.raises(Refused), town.begin("officer") as tx:
        readings.decide(tx, one.id, readings.Decide("explain", "Likevel."))


def test_the_leader_sees_what_is_passed_on_and_nobody_else_does(town, clock):
    one = snooped(town, clock)
    for who in ("welfare_leader", "worker", "principal", "administrator"):
        with pytest.raises(NotFound), town.begin(who) as tx:
            readings.page(tx, one.id)
    with pytest.raises(Invalid), town.begin("officer") as tx:
        readings.decide(tx, one.id, readings.Decide("pass_on", " "))
    with town.begin("officer") as tx:
        readings.decide(tx, one.id, readings.Decide("pass_on", "Kjenner du til dette?"))
    with town.begin("welfare_leader") as tx:
        assert readings.waiting(tx) == 1
        readings.answer(tx, one.id, readings.Answer("Hun hadde vakt."))
    with pytest.raises(NotFound), town.begin("worker") as tx:
        readings.page(tx, one.id)
    assert found(town)[0].answered_by == "Welfare_Leader Test"


def test_nobody_judges_ones_own_reads_or_those_of_a_child_one_is_kept_away_from(town, clock, as_owner):
    one = snooped(town, clock)
    as_owner("UPDATE odd_readings SET reader_id = :who WHERE id = :id", who=town.people["officer"], id=one.id)
    assert found(town) == []
    as_owner("UPDATE odd_readings SET reader_id = :who WHERE id = :id", who=town.people["worker"], id=one.id)
    [(child,)] = as_owner("SELECT child_id FROM odd_readings WHERE id = :id", id=one.id)
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :who, :child, 'slekt', :who, now())",
        town=town.id, who=town.people["officer"], child=child,
    )  # fmt: skip
    with pytest.raises(NotFound), town.begin("officer") as tx:
        readings.page(tx, one.id)


def test_what_is_tried_in_vain_stands_in_the_trail(town, as_owner, casework):
    case_id = town.case()
    with pytest.raises(Invalid):
        in_emergency(town, first="Feil")
    tried = "SELECT act, body FROM audit WHERE file_id = :who AND act LIKE '%failed'"
    [row] = as_owner(tried, who=town.people["worker"])
    assert row.act == "break_glass_failed" and "Feil" not in row.body and "2017" not in row.body
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :c", c=case_id)
        guardian = children.guardians(tx, child_id)[0].id
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, case_id, guardian)
    with casework.begin(Actor.stranger()) as tx:
        assert families.by_code(tx, code.code, date(2000, 1, 1)) is None
    with casework.begin(Actor.stranger()) as tx:
        assert families.by_code(tx, "ABCDE-FGHJK", date(2000, 1, 1)) is None
    assert [row.act for row in as_owner(tried, who=child_id)] == ["family_code_failed"]


def test_the_officer_sets_the_limits_within_bounds(town):
    wanted = {
        "children_in_hour": 5,
        "children_in_day": 20,
        "misses_in_day": 5,
        "failed_emergencies": 1,
        "closed_days": 0,
    }
    with town.begin("officer") as tx:
        readings.choose_limits(tx, readings.ChooseLimits(**wanted))
    with town.begin("officer") as tx:
        assert readings.limits(tx).children_in_hour == 5
    with pytest.raises(Invalid) as refused, town.begin("officer") as tx:
        readings.choose_limits(tx, readings.ChooseLimits(**{**wanted, "misses_in_day": 1000}))
    assert list(refused.value.errors) == ["misses_in_day"]
    for who in ("administrator", "teacher"):
        with pytest.raises(NotFound), town.begin(who) as tx:
            readings.choose_limits(tx, readings.ChooseLimits(**wanted))


def test_emergencies_and_odd_readings_are_in_the_figures_of_the_month_with_small_numbers_hidden(town, clock):
    town.case()
    for _ in range(6):
        in_emergency(town)
    clock.at += timedelta(days=1)
    hunted(town)
    with town.casework.begin(Actor.system()) as tx:
        indicators.refresh(tx)
    with town.begin("manager") as tx:
        shown = {one.key: one.parts for one in indicators.of_municipality(tx, town.id)}
    assert [(part, cell.value) for part, cell in shown["emergency_reads"]] == [("not_reviewed", 6)]
    assert [(part, cell.value, cell.hidden) for part, cell in shown["odd_readings"]] == [
        ("found", None, "few")
    ]
