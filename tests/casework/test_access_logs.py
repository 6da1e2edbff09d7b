"""The access log: found by person, child, period and kind; no child's name in it; read only by the officer, and noted."""

import csv
import io
from datetime import date, timedelta

import pytest

from casework import access_logs, audit, cases, children, staff
from casework.access import Actor
from casework.access_logs import FindChild, Wanted
from casework.refusals import Invalid, NotFound

DAY = date(2026, 11, 24)
PERIOD = {"since": DAY, "until": DAY}
NUMBER = "14831799991"


def searched(town, who="officer", **wanted):
    with town.begin(who) as tx:
        return access_logs.search(tx, Wanted(**{**PERIOD, **wanted}))


def test_the_officer_finds_who_read_by_person_child_period_and_kind(town, clock):
    case_id = town.case()
    with town.begin("principal") as tx:
        cases.details(tx, case_id)
    other = town.case(child_id=town.child(first="Bo", born=date(2015, 5, 5)))
    with town.begin("teacher") as tx:
        cases.details(tx, other)
    with town.begin("officer") as tx:
        child = access_logs.find_child(
            tx, FindChild("", "", "iben", "Solvang", date(2017, 3, 14)), keys=town.casework.keys
        )
    reads = searched(town, kind="reads", child_id=child).lines
    assert {(one.name, one.act) for one in reads} >= {("Principal Test", "read_case")}
    assert case_id in {one.case_id for one in reads} and other not in {one.case_id for one in reads}
    theirs = searched(town, person_id=town.people["teacher"], kind="reads").lines
    assert {one.name for one in theirs} == {"Teacher Test"}
    assert searched(town, since=DAY - timedelta(days=9), until=DAY - timedelta(days=1)).lines == ()
    with pytest.raises(Invalid):
        searched(town, until=DAY - timedelta(days=1))
    everything = repr(searched(town).lines)
    assert "Solvang" not in everything and "Iben" not in everything and "Myrvold" not in everything


def test_nobody_else_searches_and_no_other_town_is_found(town, casework, postgres):
    town.case()
    for who in ("teacher", "principal", "administrator", "manager", "operator", "coordinator"):
        with pytest.raises(NotFound):
            searched(town, who)
    away = type(town).build(casework, postgres.owner_url)
    away.case()
    assert {one.name for one in searched(away).lines}
    mine = {one.actor_id for one in searched(town).lines}
    assert not mine & set(away.people.values())
    with town.begin("teacher") as tx:
        child = children.search(tx, "Iben")[0].id
    with pytest.raises(NotFound):
        searched(away, child_id=child)


def test_looking_for_a_child_is_itself_in_the_log_and_so_is_every_search(town, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        number = cases.details(tx, case_id).head.number
    with town.begin("officer") as tx:
        child = access_logs.find_child(tx, FindChild(case_number=number), keys=town.casework.keys)
    searched(town, child_id=child)
    acts = [row.act for row in as_owner("SELECT act FROM audit WHERE file_id = :c ORDER BY seq", c=child)]
    assert acts[-2:] == ["find_child", "read_access_log"]
    for wrong in (FindChild("", "", "Ingen", "Slik", DAY), FindChild(case_number="9999-1")):
        with pytest.raises(Invalid), town.begin("officer") as tx:
            access_logs.find_child(tx, wrong, keys=town.casework.keys)
    missed = searched(town, kind="attempts").lines
    assert [one.act for one in missed] == ["find_child_failed", "find_child_failed"]


def test_pages_meet_without_a_gap_and_an_export_holds_no_formula(town, as_owner):
    case_id = town.case()
    as_owner("UPDATE practitioners SET name = '=HYPERLINK(1)' WHERE id = :p", p=town.people["principal"])
    with town.begin("principal") as tx:
        cases.details(tx, case_id)
    seen, after = [], None
    with town.begin("officer") as tx:
        while True:
            page = access_logs.search(tx, Wanted(**PERIOD), after=after, limit=3)
            seen += [one.id for one in page.lines]
            after = page.following
            if after is None:
                break
        whole = access_logs.search(tx, Wanted(**PERIOD), limit=1000)
    assert seen == [one.id for one in whole.lines] and len(seen) > 6
    with town.begin("officer") as tx:
        written = access_logs.export(tx, Wanted(**PERIOD))
    rows = list(csv.reader(io.StringIO(written), delimiter=";"))
    assert len(rows) > len(seen), "with a line for each search too"
    assert any(cell == "'=HYPERLINK(1)" for row in rows for cell in row)
    assert not any(cell.startswith(access_logs.FORMULA) for row in rows for cell in row)
    assert "Solvang" not in written


def test_the_officer_sees_when_the_trail_was_verified_and_that_it_does_not_hold(town, clock, as_owner):
    case_id = town.case()
    clock.at += timedelta(hours=1)
    with town.casework.begin(Actor.system()) as tx:
        audit.check(tx, secret=b"s" * 32)
        audit.anchor(tx, secret=b"s" * 32)
    with town.begin("officer") as tx:
        state = access_logs.trail_state(tx)
        assert state.checks[0].holds and state.anchored_on == DAY and state.anchored_files >= 1
        access_logs.ask_for_check(tx)
    asked = as_owner("SELECT ids FROM outbox WHERE flow = 'anchor-audit' ORDER BY created_at DESC LIMIT 1")
    assert asked == [({"asked_by_id": str(town.people["officer"])},)]
    _written_anew(as_owner, case_id)
    try:
        with town.casework.begin(Actor.system()) as tx:
            assert [fault for fault in audit.verify(tx) if fault.file_id == case_id] == []
            assert town.id in {row.municipality_id for row in audit.broken_anchors(tx, secret=b"s" * 32)}
            audit.check(tx, secret=b"s" * 32, asked_by_id=town.people["officer"])
        with town.begin("officer") as tx:
            check = access_logs.trail_state(tx).checks[0]
        assert (check.faults, check.broken_anchors, check.holds) == (0, 1, False)
        assert check.asked_by_id == town.people["officer"]
    finally:
        _swept(as_owner)


def _written_anew(as_owner, file_id):
    """A whole chain forged from its first entry, as somebody with every key to the database could."""
    as_owner("ALTER TABLE audit DISABLE TRIGGER USER")
    rows = as_owner("SELECT id FROM audit WHERE file_id = :f ORDER BY seq", f=file_id)
    as_owner("UPDATE audit SET actor_id = gen_random_uuid() WHERE id = :id", id=rows[0].id)
    before = "sha256(convert_to(file_id::text, 'UTF8'))"
    for row in rows:
        as_owner(f"UPDATE audit SET previous = {before} WHERE id = :id", id=row.id)
        as_owner(
            "UPDATE audit SET hash = app.seal(previous, file_id, seq, at, actor_id, role, act, body) WHERE id = :id",
            id=row.id,
        )
        before = f"(SELECT hash FROM audit WHERE id = '{row.id}')"
    as_owner(
        "UPDATE audit_heads SET hash = (SELECT hash FROM audit WHERE id = :l) WHERE id = :f",
        l=rows[-1].id,
        f=file_id,
    )
    as_owner("ALTER TABLE audit ENABLE TRIGGER USER")


def _swept(as_owner):
    as_owner("ALTER TABLE audit_anchors DISABLE TRIGGER USER")
    as_owner("DELETE FROM audit_anchors")
    as_owner("ALTER TABLE audit_anchors ENABLE TRIGGER USER")


def test_the_role_is_given_like_any_other_and_opens_no_file(town):
    case_id = town.case()
    with town.begin("administrator") as tx:
        wanted = staff.AddPerson(
            "Vera Vern", "vera@example.test", town.services["office"], "data_protection_officer"
        )
        person = staff.add_person(tx, wanted)
    with pytest.raises(NotFound), town.casework.begin(town.casework.actor(person)) as tx:
        cases.details(tx, case_id)
    with town.casework.begin(town.casework.actor(person)) as tx:
        assert children.search(tx, "Iben") == []
