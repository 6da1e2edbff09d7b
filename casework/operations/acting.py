"""What operators do, each with a written reason, kept and noted."""

from typing import Any
from uuid import UUID, uuid5

from casework.access import Membership
from casework.operations.desks import HARMLESS, flow, operator
from casework.refusals import Invalid, NotFound, Refused
from casework.transactions import Transaction
from records.operations import OperatorAct
from records.outbox import Outgoing

LONGEST_REASON = 500


def try_again(tx: Transaction, row_id: UUID, *, reason: str, key: str | None = None) -> UUID:
    """Hand an unfinished outbox row over now, whatever became of it before; done twice, flows do no harm.

    Answers the act's id, as all of these. Raises NotFound, or Invalid without a reason.
    """
    place = _asked(tx, "again", reason, key, row=row_id)
    found = _unfinished(tx, row_id)
    found.handovers += 1 if found.carried_at else 0
    found.carried_at, found.carried_run, found.claimed_until, found.not_before = None, None, None, tx.now
    return _keep(tx, place, "again", reason, target_id=row_id, flow=found.flow)


def skip(tx: Transaction, row_id: UUID, *, reason: str, key: str | None = None) -> UUID:
    """Pass an outbox row by; raises Refused for what nothing else would do in its place."""
    place = _asked(tx, "skip", reason, key, row=row_id)
    found = _unfinished(tx, row_id)
    if found.flow not in HARMLESS:
        raise Refused("Outbox", "unfinished", "skip", ("not_harmless",))
    found.carried_at, found.claimed_until = found.carried_at or tx.now, None
    found.done_at, found.last_error = tx.now, "skipped"
    return _keep(tx, place, "skip", reason, target_id=row_id, flow=found.flow)


def send_again(tx: Transaction, notice_id: UUID, *, reason: str, key: str | None = None) -> UUID:
    """Let a letter that was given up wait once more, and ask for it to be sent."""
    place = _asked(tx, "resend", reason, key, letter=notice_id)
    if not tx.scalar("SELECT app.write_letter_again(:id)", id=notice_id):
        raise NotFound
    tx.start_flow("send-notices")
    return _keep(tx, place, "resend", reason, target_id=notice_id)


def pause(tx: Transaction, name: str, *, reason: str, key: str | None = None) -> UUID:
    """Stop the clock of a flow; what is asked for by an act is still done."""
    return _stop(tx, "pause", name, reason, key)


def resume(tx: Transaction, name: str, *, reason: str, key: str | None = None) -> UUID:
    """Let the clock of a flow go again."""
    return _stop(tx, "resume", name, reason, key)


def _stop(tx: Transaction, kind: str, name: str, reason: str, key: str | None) -> UUID:
    place = _asked(tx, kind, reason, key, flow=name)
    if not flow(tx, name).scheduled:
        raise Refused("Deployment", "by_request", kind, ("not_scheduled",))
    return _keep(tx, place, kind, reason, flow=name, done=False)


def _asked(tx: Transaction, kind: str, reason: str, key: str | None, **about: object) -> Membership:
    tx.once(key, f"operations.{kind}", **about)
    place = operator(tx)
    if not reason.strip():
        raise Invalid({"reason": "required"})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": "too_long"})
    return place


def _unfinished(tx: Transaction, row_id: UUID) -> Outgoing:
    found = tx.lock(Outgoing, row_id)
    if found.done_at is not None:
        raise NotFound
    return found


def _keep(
    tx: Transaction, place: Membership, kind: str, reason: str, *, done: bool = True, **about: Any
) -> UUID:
    """Remember who did it and why, and note it in the file of the operations."""
    act = OperatorAct(
        municipality_id=place.municipality_id,
        kind=kind,
        reason=reason.strip(),
        asked_by_id=tx.actor.id,
        asked_at=tx.now,
        done_at=tx.now if done else None,
        **about,
    )
    tx.add(act)
    told = {name: value for name, value in about.items() if value}
    file = uuid5(place.municipality_id, "operations")
    tx.note(
        "operations", file, f"operations_{kind}", municipality_id=place.municipality_id, row=act.id, **told
    )
    tx.result(act_id=act.id)
    return act.id
