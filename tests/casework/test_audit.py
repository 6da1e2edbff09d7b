"""The trail: no act without it, and no change to it unseen."""

import pytest

from casework import audit, cases, logs, signals
from casework.access import Actor
from casework.refusals import NotFound, NotPermitted
from casework.transactions import NoTrail
from records.signals import Signal


def _faults(town, file_id):
    with town.casework.begin(Actor.system()) as tx:
        return [fault.code for fault in audit.verify(tx) if fault.file_id == file_id]


def _tamper(as_owner, sql, **values):
    """As somebody with the database's own keys would: the guard taken off, the rows changed, the guard put back."""
    as_owner("ALTER TABLE audit DISABLE TRIGGER USER")
    try:
        as_owner(sql, **values)
    finally:
        as_owner("ALTER TABLE audit ENABLE TRIGGER USER")


@pytest.mark.parametrize("column", ["act", "role", "body", "actor_id", "at", "hash", "previous", "seq"])
def test_a_change_to_any_column_of_an_entry_is_found(town, as_owner, column):
    case_id = town.case()
    values = {
        "act": "'nothing'",
        "role": "'manager'",
        "body": "'{}'",
        "actor_id": "gen_random_uuid()",
        "at": "at + interval '1 second'",
        "hash": "sha256('x')",
        "previous": "sha256('y')",
        "seq": "1000",
    }
    before = as_owner("SELECT * FROM audit WHERE file_id = :file", file=case_id)
    assert len(before) > 2 and _faults(town, case_id) == []
    _tamper(
        as_owner,
        f"UPDATE audit SET {column} = {values[column]} WHERE file_id = :file AND seq = 2",
        file=case_id,
    )
    assert _faults(town, case_id)
    _remove(as_owner, case_id)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit WHERE file_id = :file AND seq = 2",
        "DELETE FROM audit WHERE file_id = :file AND seq = (SELECT max(seq) FROM audit WHERE file_id = :file)",
        "UPDATE audit SET seq = CASE seq WHEN 1 THEN -2 ELSE -1 END WHERE file_id = :file AND seq IN (1, 2)",
    ],
    ids=["a row removed", "the tail cut", "two swapped"],
)
def test_a_missing_or_moved_entry_is_found(town, as_owner, sql):
    case_id = town.case()
    _tamper(as_owner, sql, file=case_id)
    assert _faults(town, case_id)
    _remove(as_owner, case_id)


def _remove(as_owner, case_id):
    """The next test's towns share the database; a broken chain is taken away whole."""
    _tamper(as_owner, "DELETE FROM audit WHERE file_id = :file", file=case_id)
    as_owner("DELETE FROM audit_heads WHERE id = :file", file=case_id)


def test_even_the_owner_meets_a_guard_on_the_trail(as_owner):
    with pytest.raises(Exception, match="only added to"):
        as_owner("DELETE FROM audit")


def test_an_act_that_leaves_no_trace_is_taken_back(town):
    signal_id = town.worry()
    with pytest.raises(NoTrail), town.begin("teacher") as tx:
        tx.get(Signal, signal_id).observation = "forfalsket"
    with town.begin("teacher") as tx:
        assert signals.details(tx, signal_id).observation != "forfalsket"


def test_reading_a_case_is_an_act_others_can_see(town):
    case_id = town.case()
    with town.begin("principal") as tx:
        cases.details(tx, case_id)
    with town.begin("teacher") as tx:
        readers = {reading.name for reading in audit.readings(tx, case_id)}
    assert "Principal Test" in readers


def test_a_denied_attempt_is_written_down_although_the_act_is_taken_back(town, as_owner):
    case_id = town.case()
    with pytest.raises(NotPermitted), town.begin("principal") as tx:
        cases.change_level(tx, case_id, cases.ChangeLevel("2"))
    rows = as_owner("SELECT act, body FROM audit WHERE file_id = :who", who=town.people["principal"])
    assert [(row.act, "move_case" in row.body) for row in rows] == [("denied", True)]


def test_a_stranger_is_told_nothing_and_nothing_is_written(town, as_owner):
    case_id = town.case()
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Hei"))
    assert as_owner("SELECT 1 FROM audit WHERE actor_id = :who", who=town.people["colleague"]) == []


def test_the_trail_holds_codes_and_ids_but_never_names_or_words(town, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Hemmelig samtale om Solvang"))
    bodies = " ".join(
        row.body for row in as_owner("SELECT body FROM audit WHERE municipality_id = :t", t=town.id)
    )
    for word in ("Solvang", "Iben", "Myrvold", "Hemmelig", "kjedelig"):
        assert word not in bodies


def test_anchors_seal_the_heads_and_show_when_one_is_changed(town, clock, as_owner):
    town.case()
    with town.casework.begin(Actor.system()) as tx:
        assert audit.anchor(tx, secret=b"s" * 32) >= 1
    with town.casework.begin(Actor.system()) as tx:
        found = audit.broken_anchors(tx, secret=b"s" * 32)
        assert town.id not in {one.municipality_id for one in found}
        assert audit.broken_anchors(tx, secret=b"t" * 32)
    as_owner("ALTER TABLE audit_anchors DISABLE TRIGGER USER")
    as_owner("UPDATE audit_anchors SET files = files + 1 WHERE municipality_id = :t", t=town.id)
    with town.casework.begin(Actor.system()) as tx:
        broken = {row.municipality_id for row in audit.broken_anchors(tx, secret=b"s" * 32)}
    as_owner("DELETE FROM audit_anchors")
    as_owner("ALTER TABLE audit_anchors ENABLE TRIGGER USER")
    assert town.id in broken
