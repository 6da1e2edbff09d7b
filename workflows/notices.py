"""Sends what is waiting: one task per letter, outside every transaction, a repeat with the same message id."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from prefect import flow, task
from prefect.concurrency.sync import concurrency
from prefect.tasks import exponential_backoff

from casework import followups, notices, operations, outbox
from casework.refusals import Unavailable
from workflows.connectors import mail, sms
from workflows.letters import compose, text_message
from workflows.wiring import Wiring, hushed, wiring

log = logging.getLogger("stafetten.notices")
BATCH = 50
MOST_ROUNDS = 100
LEASE = 60.0  # seconds
SOON = timedelta(seconds=10)


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
@hushed
def send_letter(notice_id: UUID) -> bool:
    """Send one letter unless it is sent; True when it left the house now. So many at once as the system takes."""
    wired, way = wiring(), "mail"
    if wired.sms is not None:  # without text messages there is nothing to ask
        with wired.begin() as tx:
            way = notices.channel_of(tx, notice_id, sms=True)
    # A worker that dies with a place lets go of it when the lease has run out.
    with concurrency(way, lease_duration=LEASE):
        return send_one(notice_id)


def send_one(notice_id: UUID) -> bool:
    """Ask what to send, send it outside any transaction, tell that it was sent; raises TryAgain."""
    wired = wiring()
    with wired.begin() as tx:
        letter = notices.to_send(tx, notice_id, sms=wired.sms is not None)
        held = letter is None and notices.is_held(tx, notice_id)
        at = tx.now
    if held:
        raise TryAgain(
            "held"
        )  # another sender has it; should that one be dead, the letter is ours in a while
    if letter is None:
        return False
    try:
        sent = _hand_over(letter, wired, at)
    except (mail.MailRefused, sms.SmsRefused) as refused:
        with wired.begin() as tx:
            notices.mark_failed(tx, notice_id, code=refused.code, permanent=refused.permanent)
            operations.contacted(tx, letter.channel, False, refused.code)
        if refused.permanent:
            return (
                False  # what could not be delivered has become somebody's task, and its notice is on its way
            )
        raise TryAgain(refused.code) from None
    with wired.begin() as tx:
        notices.mark_sent(tx, notice_id, transport_id=sent)
        followups.letter_left(tx, notice_id)
        operations.contacted(tx, letter.channel, True)
    return True


def _hand_over(letter: notices.Letter, wired: Wiring, at: datetime) -> str:
    if letter.channel == "sms" and wired.sms is not None:
        words = text_message(letter, wired)
        return sms.send(wired.sms, message_id=str(letter.notice_id), to=letter.address, text=words)
    return mail.send(wired.mail, compose(letter, wired, at=at))


@task(
    name="send-letters",
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_jitter_factor=0.3,
    persist_result=False,
    log_prints=False,
    task_run_name="letters-{way}",
)
@hushed
def send_letters(way: str, notice_ids: list[UUID]) -> int:
    """Send some letters by one way, one after another; answers how many left the house now.

    A letter that cannot go waits for a time of its own and does not hold the others back.
    """
    sent = 0
    with concurrency(way, lease_duration=LEASE):
        for notice_id in notice_ids:
            try:
                sent += send_one(notice_id)
            except TryAgain:
                continue
            except Unavailable:
                raise
            except Exception as broken:  # noqa: BLE001 - whatever is wrong with one letter, the next one goes
                log.warning("letter_stopped", extra={"code": type(broken).__name__})
    return sent


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
    """Send every letter that waits, oldest first, for everybody who has asked by now.

    Letters that must wait are asked for again at their time: the mail server being away fails no flow.
    """
    with wiring().begin() as tx:
        # Read before the letters are: whoever asks from now on may have written one that is not seen here.
        asked = outbox.asked(tx, "send-notices")
    if outbox_id and UUID(outbox_id) not in asked:
        return  # another run did what this row asked for
    for _ in range(MOST_ROUNDS):
        if not _send_some():
            break
    with wiring().begin() as tx:
        outbox.mark_done(tx, *asked)
        again = notices.next_at(tx)
        if again is not None:
            outbox.ask_later(tx, "send-notices", max(again, tx.now + SOON))


def _send_some() -> int:
    wired = wiring()
    with wired.begin() as tx:
        found = notices.waiting(tx, limit=BATCH)
        by_way: dict[str, list[UUID]] = {}
        for notice_id in found:
            way = notices.channel_of(tx, notice_id, sms=True) if wired.sms is not None else "mail"
            by_way.setdefault(way, []).append(notice_id)
    return sum(send_letters(way, letters) for way, letters in by_way.items())


@flow(name="send-digests", persist_result=False, log_prints=False)
def send_digests() -> None:
    """One letter to each person who has something waiting, on working days: how much, and where."""
    while True:
        with wiring().begin() as tx:
            written = notices.write_digests(tx, limit=BATCH)
        if written < BATCH:
            break
    send_notices()


@flow(name="reconcile-deliveries", persist_result=False, log_prints=False)
def reconcile_deliveries() -> None:
    """Hold every letter against what is known of it, and list those nobody can vouch for."""
    with wiring().begin() as tx:
        found = notices.reconcile(tx)
    log.info("deliveries_reconciled", extra={"code": " ".join(f"{why}={n}" for why, n in found.items())})
