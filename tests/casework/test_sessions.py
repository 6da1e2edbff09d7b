"""What is told in the log goes with the seal, in the right of whoever acts, and is there for whoever asks before."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from casework import Casework, logs
from casework.refusals import Unavailable
from records.cases import Case


def lines(as_owner, case_id, body):
    """How many lines of the case say so."""
    return len(
        as_owner("SELECT 1 FROM log_entries WHERE case_id = :case AND body = :body", case=case_id, body=body)
    )


def version_of(as_owner, case_id):
    """The case's version, as it stands."""
    return as_owner("SELECT version FROM cases WHERE id = :id", id=case_id)[0].version


def told(tx, case_id, body="Sier ifra."):
    """The case, with one line more in its log that is not written yet."""
    case = tx.lock(Case, case_id)
    logs.tell(tx, case, "system", "measure_added", body=body)
    logs.touch(tx, case)
    tx.note("case", case.id, "told", municipality_id=case.municipality_id)
    return case


def test_an_act_that_tells_the_log_counts_the_case_on_once(town, as_owner):
    case_id = town.case()
    version = version_of(as_owner, case_id)
    with town.begin("teacher") as tx:
        told(tx, case_id)
    assert lines(as_owner, case_id, "Sier ifra.") == 1
    assert version_of(as_owner, case_id) == version + 1


def test_a_line_is_read_by_the_same_act_that_told_it(town, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        told(tx, case_id)
        assert "Sier ifra." in [entry.body for entry in logs.entries(tx, case_id)]
    assert lines(as_owner, case_id, "Sier ifra.") == 1


def test_a_line_is_written_by_whoever_told_it_also_when_the_house_goes_on(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        case = tx.get(Case, case_id)
    with pytest.raises(ProgrammingError, match="row-level security"), town.begin("adviser") as tx:
        logs.tell(tx, case, "system", "measure_added", body="Ikke min sak.")
        with tx.as_house():
            pytest.fail("what was told before waits for nobody")


def test_a_line_in_a_case_of_others_takes_the_whole_act_back(town, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        case = tx.get(Case, case_id)
    with pytest.raises(ProgrammingError, match="row-level security"), town.begin("adviser") as tx:
        logs.tell(tx, case, "system", "measure_added", body="Ikke min sak.")
        tx.note("case", case.id, "told", municipality_id=case.municipality_id)
    assert lines(as_owner, case_id, "Ikke min sak.") == 0
    assert not as_owner("SELECT 1 FROM audit WHERE file_id = :id AND act = 'told'", id=case_id)


def test_an_act_that_breaks_off_leaves_nothing_also_of_what_it_had_written(town, as_owner):
    case_id = town.case()
    with pytest.raises(ZeroDivisionError), town.begin("teacher") as tx:
        told(tx, case_id)
        tx.session.flush()
        raise ZeroDivisionError
    assert lines(as_owner, case_id, "Sier ifra.") == 0


def test_after_the_database_has_hung_up_the_next_act_says_so_and_the_one_after_is_done(
    town, postgres, as_owner, casework
):
    case_id, teacher = town.case(), town.actor("teacher")
    house = Casework.from_url(postgres.app_url, field_key=b"k" * 32, clock=casework.clock, connections=1)
    with house.begin(teacher) as tx:
        hung_up = tx.scalar("SELECT pg_backend_pid()")
    with create_engine(postgres.app_url, poolclass=NullPool).connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": hung_up})
    with pytest.raises(Unavailable), house.begin(teacher) as tx:
        told(tx, case_id, "En gang til.")
    with house.begin(teacher) as tx:
        told(tx, case_id, "En gang til.")
    house.close()
    assert lines(as_owner, case_id, "En gang til.") == 1
