"""What the clock does about questions: reminds, tells that one is late, and forgets. For jobs, who read no text."""

from uuid import UUID

from sqlalchemy import text

from casework import notices
from casework.transactions import Transaction
from levels.charts import move
from levels.consultations import BOUNDS, SETTING, ConsultationChart, ConsultationFacts, Limits
from records.deadlines import Deadline
from records.municipalities import Service

_SERVICE = "SELECT service_id FROM consultations WHERE id = :one"
_TAKEN = """
    SELECT id, municipality_id FROM consultations WHERE taken_by_id = :person AND state = 'taken' FOR UPDATE
"""
_GIVEN_BACK = """
    UPDATE consultations SET state = :state, taken_by_id = NULL, version = version + 1 WHERE id = ANY (:ids)
"""
_FORGOTTEN = """
    SELECT c.id, c.municipality_id FROM consultations c JOIN municipalities m ON m.id = c.municipality_id
    WHERE c.moved_at < CAST(:now AS timestamptz) - make_interval(
      months => least(greatest(coalesce(CAST(m.settings ->> :named AS integer), :usual), :least), :most))
    ORDER BY c.moved_at LIMIT :limit FOR UPDATE OF c SKIP LOCKED
"""


def remind(tx: Transaction, row: Deadline) -> None:
    """Whoever has taken it, or the service's mailbox while nobody has."""
    service_id = tx.scalar(_SERVICE, one=row.subject_id)
    if service_id is None:
        return
    about = ("consultation", row.subject_id)
    notices.write(
        tx,
        "consultation_due",
        municipality_id=row.municipality_id,
        subject=about,
        practitioner_id=row.owner_id,
        service_id=None if row.owner_id else service_id,
    )


def late(tx: Transaction, row: Deadline) -> None:
    """The day has passed: whoever has taken it and the service's leader are told, or else its mailbox."""
    service_id = tx.scalar(_SERVICE, one=row.subject_id)
    if service_id is None:
        return
    told = [one for one in (row.owner_id, tx.get(Service, service_id).leader_id) if one]
    for person in dict.fromkeys(told):
        _late(tx, row, practitioner_id=person)
    if not told:
        _late(tx, row, service_id=service_id)


def _late(
    tx: Transaction, row: Deadline, *, practitioner_id: UUID | None = None, service_id: UUID | None = None
) -> None:
    about = ("consultation", row.subject_id)
    notices.write(
        tx,
        "consultation_late",
        municipality_id=row.municipality_id,
        subject=about,
        practitioner_id=practitioner_id,
        service_id=service_id,
    )


def let_go(tx: Transaction, person: UUID) -> None:
    """What somebody who leaves has taken waits for a colleague to take it."""
    found = tx.ask(_TAKEN, {"person": person})
    if not found:
        return
    state = move(ConsultationChart, "taken", "put_back", ConsultationFacts()).after
    gone = [row.id for row in found]
    tx.ask(_GIVEN_BACK, {"state": state, "ids": gone})
    tx.ask(
        "UPDATE deadlines SET owner_id = NULL WHERE subject_id = ANY (:ids) AND settled_at IS NULL",
        {"ids": gone},
    )
    for row in found:
        tx.note("consultation", row.id, "put_back_consultation", municipality_id=row.municipality_id)


def forget(tx: Transaction, *, limit: int = 200) -> int:
    """Delete questions in which nothing has happened for the municipality's months, with all that was said.

    Answers how many.

    What was learnt stays, and so do the months' counts. The line in the trail holds what it always did: codes and ids.
    """
    least, most = BOUNDS["kept_months"]
    values = {
        "now": tx.now, "named": SETTING.format("kept_months"), "usual": Limits().kept_months, "least": least,
        "most": most, "limit": limit,
    }  # fmt: skip
    rows = tx.ask(_FORGOTTEN, values)
    gone = {"gone": [row.id for row in rows]}
    if rows:
        tx.session.execute(text("DELETE FROM deadlines WHERE subject_id = ANY (:gone)"), gone)
        tx.session.execute(text("DELETE FROM consultations WHERE id = ANY (:gone)"), gone)
    for row in rows:
        tx.note("consultation", row.id, "forget_consultation", municipality_id=row.municipality_id)
    return len(rows)
