"""The service's side: somebody takes a question, and answers it or gives it back."""

from uuid import UUID

from casework.consultations.asking import Write
from casework.consultations.threads import carry, check, hold, say, waits
from casework.transactions import Transaction
from records.consultations import Consultation


def take(
    tx: Transaction, consultation_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Take a question that waits, or one that a colleague has taken. Raises NotFound, Stale or Refused."""
    tx.once(key, "take_consultation", consultation=consultation_id)
    row = hold(tx, consultation_id, "take", version)
    carry(tx, row, "take")
    _give(tx, row, tx.actor.id)
    return row.id


def put_back(
    tx: Transaction, consultation_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Let anybody in the service take it anew, as when whoever took it is away. Raises NotFound, Stale or Refused."""
    tx.once(key, "put_back_consultation", consultation=consultation_id)
    row = hold(tx, consultation_id, "put_back", version)
    carry(tx, row, "put_back")
    _give(tx, row, None)
    return row.id


def _give(tx: Transaction, row: Consultation, taker: UUID | None) -> None:
    """Whoever has taken it is who is reminded."""
    row.taken_by_id = taker
    for waiting in waits(tx, row.id):
        waiting.owner_id = taker


def answer(tx: Transaction, consultation_id: UUID, wanted: Write) -> UUID:
    """Answer what one has taken; the asker is told that there is an answer.

    Raises NotFound, Invalid, also when the answer names somebody, Stale, or Refused to whoever has not taken it.
    """
    tx.once(wanted.key, "answer_consultation", consultation=consultation_id, body=wanted.body)
    row = hold(tx, consultation_id, "answer", wanted.version)
    check(tx, row.municipality_id, read_again=wanted.read_again, body=wanted.body)
    carry(tx, row, "answer")
    say(tx, row.id, "answer", wanted.body)
    return row.id
