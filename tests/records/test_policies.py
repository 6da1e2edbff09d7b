"""Row security, asked by a session that goes behind casework's back."""

from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from casework import coordinations

PERSONAL = (
    "children",
    "guardians",
    "signals",
    "signal_notes",
    "cases",
    "case_steps",
    "case_moves",
    "participations",
    "handovers",
    "log_entries",
    "attachments",
    "hiding_reviews",
    "child_views",
    "consents",
    "coordinations",
    "invitations",
    "measures",
    "evaluations",
    "meetings",
    "attendances",
    "deadlines",
    "notices",
    "concern_reports",
    "archive_packages",
    "audit",
)


@pytest.fixture
def behind(postgres):
    """Run SQL as the application's own login, in a role and as an actor of one's choice."""
    engine = create_engine(postgres.app_url)

    @contextmanager
    def session(role="stafetten_staff", actor=None):
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT set_config('role', :role, true), set_config('app.actor', :actor, true),"
                    " set_config('app.today', '2026-11-24', true)"
                ),
                {"role": role, "actor": str(actor) if actor else ""},
            )
            yield lambda sql, **values: connection.execute(text(sql), values)
            connection.rollback()

    yield session
    engine.dispose()


def _count(run, table):
    return run(f"SELECT count(*) FROM {table}").scalar()


def test_the_application_logs_in_with_no_rights_of_its_own(postgres):
    engine = create_engine(postgres.app_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text("SELECT * FROM cases"))
    engine.dispose()


@pytest.mark.parametrize("table", PERSONAL)
def test_nobody_in_particular_sees_no_row(town, behind, table):
    town.case()
    with behind(actor=None) as run:
        assert _count(run, table) == 0


@pytest.mark.parametrize(
    "who", ["colleague", "carer", "adviser", "worker", "manager", "administrator", "operator"]
)
@pytest.mark.parametrize(
    "table", ["signals", "cases", "log_entries", "consents", "child_views", "participations"]
)
def test_somebody_outside_the_case_sees_no_row_of_it(town, behind, who, table):
    town.case()
    with behind(actor=town.people[who]) as run:
        assert _count(run, table) == 0


@pytest.mark.parametrize("table", ["children", "guardians", "signals", "cases", "log_entries"])
def test_another_towns_teacher_sees_nothing_of_this_one(town, casework, postgres, behind, table):
    town.case()
    other = type(town).build(casework, postgres.owner_url)
    with behind(actor=other.people["teacher"]) as run:
        assert _count(run, table) == 0


def test_an_invited_service_meets_the_case_but_not_its_log_before_it_has_said_yes(town, behind):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd"),))
    with town.begin("teacher") as tx:
        invitation = coordinations.of_case(tx, case_id)[0]

    with behind(actor=town.people["adviser"]) as run:
        before = _count(run, "cases"), _count(run, "log_entries"), _count(run, "consents")
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invitation.id, coordinations.Reply("yes"))
    with behind(actor=town.people["adviser"]) as run:
        after = _count(run, "log_entries")

    assert before == (1, 0, 0)
    assert after > 0


def test_a_barred_holder_sees_nothing_of_the_child_in_any_table(town, behind, as_owner):
    child_id = town.child()
    town.case(child_id=child_id)
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :person, :child, 'related', :person, now())",
        town=town.id,
        person=town.people["teacher"],
        child=child_id,
    )
    with behind(actor=town.people["teacher"]) as run:
        seen = {
            table: _count(run, table) for table in PERSONAL if table not in ("audit", "notices", "deadlines")
        }
    assert {table: count for table, count in seen.items() if count} == {}


def test_jobs_see_no_child_at_all(town, behind):
    town.case()
    for table in ("children", "log_entries", "child_views", "signal_notes", "drafts"):
        with behind(role="stafetten_work") as run, pytest.raises(DBAPIError, match="permission denied"):
            run(f"SELECT * FROM {table}")


def test_nobody_writes_in_another_persons_name(town, behind):
    child_id = town.child()
    signal_id = town.worry(child_id)
    with behind(actor=town.people["colleague"]) as run, pytest.raises(DBAPIError, match="row-level security"):
        run(
            "INSERT INTO signal_notes (id, municipality_id, signal_id, author_id, kind, body, happened_on, written_at)"
            " VALUES (gen_random_uuid(), :town, :signal, :author, 'observation', 'x', '2026-11-24', now())",
            town=town.id,
            signal=signal_id,
            author=town.people["teacher"],
        )


def test_nobody_lets_themselves_into_a_case(town, behind):
    case_id = town.case()
    with behind(actor=town.people["colleague"]) as run, pytest.raises(DBAPIError, match="row-level security"):
        run(
            "INSERT INTO participations (id, municipality_id, case_id, practitioner_id, kind, may_write, since)"
            " VALUES (gen_random_uuid(), :town, :case, :person, 'member', true, now())",
            town=town.id,
            case=case_id,
            person=town.people["colleague"],
        )


@pytest.mark.parametrize("role", ["stafetten_staff", "stafetten_work", "stafetten_door"])
@pytest.mark.parametrize(
    "sql", ["UPDATE audit SET act = 'x'", "DELETE FROM audit", "INSERT INTO audit DEFAULT VALUES"]
)
def test_no_role_of_the_application_can_touch_the_trail(town, behind, role, sql):
    with (
        behind(role=role, actor=town.people["teacher"]) as run,
        pytest.raises(DBAPIError, match="permission denied"),
    ):
        run(sql)


def test_an_act_cannot_be_sealed_in_somebody_elses_name(town, behind):
    with behind(actor=town.people["teacher"]) as run, pytest.raises(DBAPIError, match="whoever acts"):
        run(
            "SELECT app.write_act('[]', '[]', NULL, CAST(:other AS uuid), 'educator', now())",
            other=str(town.people["colleague"]),
        )


def test_every_table_is_closed_unless_a_policy_opens_it(as_owner):
    open_tables = as_owner(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT rowsecurity"
        " AND tablename <> 'alembic_version'"
    )
    assert open_tables == []


def test_the_checks_in_the_database_are_those_of_the_charts(as_owner):
    from levels.charts import states
    from levels.diagrams import CHARTS
    from records.tables import metadata

    wanted = {frozenset(states(chart)) for chart in CHARTS}
    names = [
        f"ck_{table.name}_{c.name}"
        for table in metadata.tables.values()
        for c in table.c
        if "state" in c.name
    ]
    rows = as_owner(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = ANY (CAST(:names AS text[]))",
        names=names,
    )
    found = {frozenset(row[0].split("'")[1::2]) for row in rows}
    assert wanted <= found
