"""Lays out many cases quickly, as the tables' owner: for measuring, never for telling."""

from uuid import UUID

from sqlalchemy import Connection, create_engine, text

FILL = """
INSERT INTO practitioners (id, name, email, phone, title, language, version)
SELECT md5(:salt || 'p' || n)::uuid, 'Person ' || n, :salt || 'p' || n || '@bench.test', '', 'Lærer', 'nb', 1
FROM generate_series(1, :people) n;
INSERT INTO assignments (id, practitioner_id, service_id, role, since)
SELECT md5(:salt || 'a' || n)::uuid, md5(:salt || 'p' || n)::uuid, :unit, 'educator', '2020-01-01'
FROM generate_series(1, :people) n;
INSERT INTO children (id, municipality_id, unit_id, first_name, last_name, born_on, group_name, language, interpreter,
  protected_address, version)
SELECT md5(:salt || 'k' || n)::uuid, :town, NULL, 'Barn' || n, 'Etternavn' || (n % 997), date '2012-01-01' + n % 3000, '4A', '', false,
  false, 1
FROM generate_series(1, :cases) n;
INSERT INTO cases (id, municipality_id, number, child_id, unit_id, guide_id, level_id, step_id, state, level_since,
  holder_id, holder_since, relay_state, shared_log, opened_at, last_activity_at, version)
SELECT md5(:salt || 'c' || n)::uuid, :town, '2025-' || :salt || n, md5(:salt || 'k' || n)::uuid, :unit, :guide, '1', '1.1', 'level_1',
  now() - interval '20 days', md5(:salt || 'p' || (1 + n % :people))::uuid, now() - interval '20 days', 'held', true,
  now() - interval '20 days', now() - interval '2 days', 1
FROM generate_series(1, :cases) n;
INSERT INTO participations (id, municipality_id, case_id, practitioner_id, kind, may_write, since)
SELECT md5(:salt || 'h' || n)::uuid, :town, md5(:salt || 'c' || n)::uuid, md5(:salt || 'p' || (1 + n % :people))::uuid, 'holder', true,
  now() - interval '20 days'
FROM generate_series(1, :cases) n;
INSERT INTO deadlines (id, municipality_id, case_id, subject_kind, subject_id, clock, source, due, owner_id, started_at,
  target_on, due_at, suspensions, state)
SELECT md5(:salt || 'd' || n)::uuid, :town, md5(:salt || 'c' || n)::uuid, 'case', md5(:salt || 'c' || n)::uuid, 'agreed', 'agreement',
  'evaluation', md5(:salt || 'p' || (1 + n % :people))::uuid, now() - interval '20 days', current_date + (n % 60)::int - 5,
  now() + make_interval(days => (n % 60)::int - 4), '[]', 'running'
FROM generate_series(1, :cases) n;
INSERT INTO log_entries (id, municipality_id, case_id, kind, facts, body, happened_at, written_at, author_id, for_family)
SELECT md5(:salt || 'l' || n || '-' || m)::uuid, :town, md5(:salt || 'c' || n)::uuid, 'conversation', '{}', 'Snakket med mor på telefon.',
  now() - make_interval(days => m), now() - make_interval(days => m), md5(:salt || 'p' || (1 + n % :people))::uuid, true
FROM generate_series(1, :cases) n, generate_series(1, 5) m;
"""


def fill(owner_url: str, *, town: UUID, unit: UUID, guide: UUID, cases: int, salt: str) -> int:
    """So many cases, fifty to a holder; answers how many holders there are."""
    people = max(1, cases // 50)
    engine = create_engine(owner_url)
    values = {"town": town, "unit": unit, "guide": guide, "cases": cases, "people": people, "salt": salt}
    with engine.begin() as connection:
        for statement in FILL.split(";"):
            if statement.strip():
                connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _analyze(connection)
    engine.dispose()
    return people


def _analyze(connection: Connection) -> None:
    connection.execute(text("ANALYZE"))


def holder(number: int, salt: str, owner_url: str) -> UUID:
    """The id of the n-th holder."""
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        found: UUID = connection.execute(
            text("SELECT id FROM practitioners WHERE email = :mail"), {"mail": f"{salt}p{number}@bench.test"}
        ).scalar_one()
    engine.dispose()
    return found
