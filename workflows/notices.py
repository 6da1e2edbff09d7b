"""Sends what is waiting: one task per letter, outside every transaction, a repeat with the same message id."""

from uuid import UUID

from prefect import flow, task
from prefect.tasks import exponential_backoff

from casework import followups, notices, outbox
from workflows.connectors import mail
from workflows.letters import compose
from workflows.wiring import wiring

BATCH = 100


class TryAgain(Exception):
    """The mail server could not just now."""


@task(
    name="send-letter",
    retries=4,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_jitter_factor=0.3,
    persist_result=False,
    log_prints=False,
    task_run_name="letter-{notice_id}",
)
def send_letter(notice_id: UUID) -> bool:
    """Send one letter unless it is sent; True when it left the house now."""
    return send_one(notice_id)


def send_one(notice_id: UUID) -> bool:
    """Ask what to send, send it outside any transaction, tell that it was sent; raises TryAgain."""
    wired = wiring()
    with wired.begin() as tx:
        letter = notices.to_send(tx, notice_id)
        held = letter is None and notices.is_held(tx, notice_id)
        at = tx.now
    if held:
        raise TryAgain(
            "held"
        )  # another sender has it; should that one be dead, the letter is ours in a while
    if letter is None:
        return False
    try:
        sent = mail.send(wired.mail, compose(letter, wired, at=at))
    except mail.MailRefused as refused:
        with wired.begin() as tx:
            notices.mark_failed(tx, notice_id, code=refused.code, permanent=refused.permanent)
        if refused.permanent:
            return False
        raise TryAgain(refused.code) from None
    with wired.begin() as tx:
        notices.mark_sent(tx, notice_id, transport_id=sent)
        followups.letter_left(tx, notice_id)
    return True


def send_each(waiting: list[UUID]) -> None:
    """One task per letter; a letter that fails does not hold the others back."""
    states = [send_letter(notice_id, return_state=True) for notice_id in waiting]
    failed = [state for state in states if state.is_failed()]
    if failed:
        raise TryAgain(f"{len(failed)} letters wait")


def done(outbox_id: str | None) -> None:
    """Tell the outbox that its row has been carried out."""
    if outbox_id:
        with wiring().begin() as tx:
            outbox.mark_done(tx, UUID(outbox_id))


@flow(name="send-notices", persist_result=False, log_prints=False)
def send_notices(outbox_id: str | None = None) -> None:
    """Send every letter that waits, oldest first. Undone letters leave the row open, to be carried again."""
    with wiring().begin() as tx:
        waiting = notices.waiting(tx, limit=BATCH)
    send_each(waiting)
    with wiring().begin() as tx:
        held = notices.is_held(tx)
        tx.without_trail()
    if held:
        raise TryAgain("held")
    done(outbox_id)
