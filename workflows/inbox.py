"""Reads the mailbox letters come back to: bounces become tasks, calendar answers go to their meeting."""

import logging
from collections import Counter

from prefect import flow

import casework.meetings
from casework import notices, operations
from casework.transactions import Transaction
from workflows.connectors import inbox
from workflows.wiring import Wiring, wiring

log = logging.getLogger("stafetten.inbox")


@flow(name="read-inbox", persist_result=False, log_prints=False)
def read_inbox() -> None:
    """Read what has come; a mailbox that cannot be reached is read the next time."""
    read()


def read() -> Counter[str]:
    """Carry out what each letter says, one transaction a letter; answers how many of each sort."""
    wired, counted = wiring(), Counter[str]()
    if not wired.inbox.wanted:
        return counted
    try:
        for content in inbox.letters(wired.inbox):
            counted[_carry_out(wired, content)] += 1
        _tell(wired, True)
    except inbox.InboxUnreachable as broken:
        log.warning("inbox_unreachable", extra={"code": broken.code})
        _tell(wired, False, broken.code)
    if counted:
        log.info("inbox_read", extra={"code": " ".join(f"{name}={n}" for name, n in counted.items())})
    return counted


def _tell(wired: Wiring, reached: bool, code: str = "") -> None:
    with wired.begin() as tx:
        operations.contacted(tx, "inbox", reached, code)


def _carry_out(wired: Wiring, content: bytes) -> str:
    found = inbox.understood(content, domain=wired.mail.sender.rpartition("@")[2])
    with wired.begin() as tx:
        outcomes = [
            _delivery(tx, one) if isinstance(one, inbox.Delivery) else _calendar_reply(tx, one)
            for one in found
        ]
        outcome = outcomes[0] if outcomes else "not_understood"
        notices.count_inbox(tx, outcome)
    return outcome


def _delivery(tx: Transaction, told: inbox.Delivery) -> str:
    if told.action == "failed":
        known = notices.bounced(tx, told.notice_id, addresses=told.addresses, code=told.code)
        return "bounced" if known else "bounce_ignored"
    if told.action == "delivered":
        known = notices.delivered(tx, told.notice_id, addresses=told.addresses)
        return "delivered" if known else "receipt_ignored"
    return "delayed"


def _calendar_reply(tx: Transaction, told: inbox.CalendarReply) -> str:
    known = casework.meetings.reply_by_mail(
        tx, uid=told.uid, attendee=told.attendee, partstat=told.partstat, sequence=told.sequence
    )
    tx.without_trail()
    return "meeting_answered" if known else "reply_ignored"
