"""The holder the database insists on, at the size of a region; and who reads absences and what drifts."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from bench import region
from casework import absences, drifts
from casework.access import Actor


def _seen(postgres, table, *, actor, role="stafetten_staff"):
    engine = create_engine(postgres.app_url)
    try:
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT set_config('role', :role, true), set_config('app.actor', :actor, true),"
                    " set_config('app.today', '2026-11-24', true)"
                ),
                {"role": role, "actor": str(actor)},
            )
            return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
    finally:
        engine.dispose()


def test_many_cases_laid_out_at_once_have_one_holder_each(town, postgres, as_owner):
    salt = str(town.id)[-8:]
    region.fill(
        postgres.owner_url,
        town=town.id,
        unit=town.services["school"],
        guide=town.guide_id,
        cases=200,
        salt=salt,
    )
    rows = as_owner("SELECT count(*) FROM cases WHERE municipality_id = :town", town=town.id)
    assert rows[0][0] == 200


def test_an_absence_is_read_by_the_person_the_substitute_and_the_leader(town, postgres):
    with town.begin("teacher") as tx:
        wanted = absences.SetAbsence(tx.today, tx.today + timedelta(days=3), town.people["colleague"])
        absences.register(tx, town.people["teacher"], wanted)
    seen = {
        who: _seen(postgres, "absences", actor=town.people[who])
        for who in (
            "teacher",
            "colleague",
            "principal",
            "adviser",
            "coordinator",
            "administrator",
            "operator",
        )
    }
    assert seen == {
        "teacher": 1, "colleague": 1, "principal": 1, "adviser": 0, "coordinator": 0, "administrator": 0, "operator": 0,
    }  # fmt: skip


def test_what_drifts_is_read_by_its_owner_alone(town, postgres, clock):
    town.case()
    clock.at += timedelta(days=31)
    with town.casework.begin(Actor.system()) as tx:
        drifts.hunt(tx)
    seen = {
        who: _seen(postgres, "drifts", actor=town.people[who])
        for who in ("teacher", "principal", "colleague", "coordinator", "administrator")
    }
    assert seen == {"teacher": 1, "principal": 0, "colleague": 0, "coordinator": 0, "administrator": 0}


@pytest.mark.parametrize("sql", ["DELETE FROM drifts", "DELETE FROM absences"])
def test_nobody_deletes_what_was_found_or_registered(town, postgres, sql):
    engine = create_engine(postgres.app_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(
            text("SELECT set_config('role', 'stafetten_staff', true), set_config('app.actor', :actor, true)"),
            {"actor": str(town.people["teacher"])},
        )
        connection.execute(text(sql))
    engine.dispose()
