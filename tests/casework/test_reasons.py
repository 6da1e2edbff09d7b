"""Why can somebody see a case: the answer is what the policy and row security really tell them, for everybody there is."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from casework import cases, reasons
from casework.access import Permission, Relation, Role
from casework.refusals import NotFound, NotPermitted
from tests.access.world import PEOPLE, SITUATIONS, build


def why(town, asker, person, case_id):
    with town.begin(asker) as tx:
        return reasons.why(tx, person, case_id)


def rules(answer):
    return {rule.code: rule.holds for rule in answer.rules}


def really(casework, engine, person, case_id):
    """What somebody really gets: the page, its head, and the rows, asked behind casework's back."""
    actor = casework.actor(person)

    def opens(act):
        try:
            with casework.begin(actor) as tx:
                act(tx)
        except (NotFound, NotPermitted) as refused:
            return type(refused)
        return True

    page = opens(lambda tx: cases.details(tx, case_id))
    head = opens(lambda tx: cases.head(tx, case_id, Permission.READ_CASE_HEAD))
    logs = opens(lambda tx: cases.head(tx, case_id, Permission.WRITE_LOG))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT set_config('role', 'stafetten_staff', true), set_config('app.actor', :actor, true),"
                " set_config('app.today', :today, true)"
            ),
            {"actor": str(person), "today": casework.clock.now().date().isoformat()},
        )
        row, inside = (
            connection.execute(text(sql), {"case": case_id}).scalar() > 0
            for sql in (
                "SELECT count(*) FROM cases WHERE id = :case",
                "SELECT count(*) FROM log_entries WHERE case_id = :case",
            )
        )
        connection.rollback()
    return page is True, head is True, logs is True, row, inside


def test_the_answer_is_what_everybody_really_gets_through_casework_and_through_the_rows(
    casework, postgres, as_owner
):
    world = build(casework, postgres.owner_url, as_owner)
    asker = world.town.people["officer"]
    as_owner("DELETE FROM bars WHERE practitioner_id = :officer", officer=asker)
    seen, behind = set(), create_engine(postgres.app_url)
    for situation in SITUATIONS:
        case_id = world.ids[situation]["case_id"]
        for letter in PEOPLE:
            person = world.person(situation, letter)
            told = why(world.town, "officer", person, case_id)
            answer = (
                told.reads,
                told.reads_head,
                Permission.WRITE_LOG.value in told.may,
                told.sees_row,
                told.sees_inside,
            )
            assert answer == really(casework, behind, person, case_id), (situation, letter, told)
            seen.add(answer)
            assert rules(told)["barred"] == (situation == "barred" and person != asker)
    behind.dispose()
    assert len(seen) >= 4, "the world holds those who read, those who know of it, and those who do neither"


def test_the_rules_say_it_in_the_order_they_are_asked(town, clock, as_owner):
    from tests.casework.test_readings import in_emergency

    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    holder = why(town, "officer", town.people["teacher"], case_id)
    assert holder.reads and rules(holder)["relation_holder"] and not rules(holder)["closed"]
    assert [rule.code for rule in holder.rules][0] == "barred", "barred is asked before anything that grants"
    stranger = why(town, "officer", town.people["worker"], case_id)
    assert rules(stranger)["no_relation"] and not stranger.may and not rules(stranger)["emergency"]
    in_emergency(town)
    broken = why(town, "officer", town.people["worker"], case_id)
    assert rules(broken)["emergency"] and not broken.may, (
        "the glass opens the least there is to know, not the case"
    )
    clock.at += timedelta(hours=5)
    assert not rules(why(town, "officer", town.people["worker"], case_id))["emergency"]
    assert "Solvang" not in repr(broken) and "Iben" not in repr(broken)


def test_who_may_ask_about_whom(town, casework, postgres):
    case_id = town.case()
    elsewhere = town.case(child_id=town.child(unit="kindergarten", by="carer", first="Bo"), by="carer")
    people = town.people
    allowed = (
        ("teacher", people["teacher"], case_id),
        ("principal", people["colleague"], case_id),
        ("principal", people["principal"], case_id),
        ("officer", people["manager"], case_id),
        ("officer", people["carer"], elsewhere),
    )
    for asker, person, case in allowed:
        assert why(town, asker, person, case).case_number
    refused = (
        ("colleague", people["colleague"], case_id),
        ("teacher", people["colleague"], case_id),
        ("principal", people["nurse"], case_id),
        ("principal", people["teacher"], elsewhere),
        ("administrator", people["teacher"], case_id),
        ("coordinator", people["teacher"], case_id),
    )
    for asker, person, case in refused:
        with pytest.raises(NotFound):
            why(town, asker, person, case)
    away = type(town).build(casework, postgres.owner_url)
    with pytest.raises(NotFound):
        why(away, "officer", people["teacher"], case_id)
    with town.begin("principal") as tx:
        assert {one.name for one in reasons.colleagues(tx)} == {
            "Colleague Test",
            "Principal Test",
            "Teacher Test",
        }
        number = reasons.why(tx, people["teacher"], case_id).case_number
    with town.begin("officer") as tx:
        assert reasons.case_by_number(tx, f" {number} ") == case_id
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        reasons.case_by_number(tx, number)


def test_asking_is_in_the_cases_trail_and_leaves_the_asker_as_before(town, as_owner):
    case_id = town.case()
    with town.begin("principal") as tx:
        reasons.why(tx, town.people["colleague"], case_id)
        assert tx.actor.id == town.people["principal"]
        assert cases.head(tx, case_id).number, "the leader's own sight is back"
    asked = as_owner("SELECT actor_id, act FROM audit WHERE file_id = :c AND act = 'ask_why'", c=case_id)
    assert asked == [(town.people["principal"], "ask_why")]


def test_the_page_about_roles_is_the_table_every_act_asks(town):
    listed = {
        (permission, relation)
        for permission, row in reasons.matrix()
        for relation, cell in zip(Relation, row, strict=True)
        if cell
    }
    granted = {(g.permission, relation) for relation in Relation for g in reasons.grants(relation)}
    assert listed == granted and granted
    assert reasons.relations_of(Role.MANAGER) == ()
    assert Relation.LEADER not in reasons.relations_of(Role.EDUCATOR)
    assert set(reasons.BY_ROLE) == set(Role)
