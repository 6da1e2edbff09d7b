"""Answers that come as calendar replies by mail. Mail is easily forged, so only what it may say is believed."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from casework import partings
from casework.meetings.calling import answered_beside, note_answer
from casework.transactions import Transaction
from records.meetings import Attendance, Meeting

ENDING = "@stafetten"
_ANSWERS = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "maybe"}
_CALLED = text(
    """
    SELECT a.id FROM attendances a
    LEFT JOIN practitioners p ON p.id = a.practitioner_id AND (p.left_on IS NULL OR p.left_on >= :today)
    LEFT JOIN guardians g ON g.id = a.guardian_id
    WHERE a.meeting_id = :meeting AND lower(:address) IN (lower(p.email), lower(g.email)) AND :address <> ''
    ORDER BY a.practitioner_id IS NULL
    LIMIT 1
    """
)


def reply_by_mail(tx: Transaction, *, uid: str, attendee: str, partstat: str, sequence: int) -> bool:
    """Set the answer somebody's calendar sent; True when it was believed. For jobs.

    Nothing changes for a stranger, an edition that is not the newest, an unknown meeting, or one that is over or
    called off. No words of the mail are kept.
    """
    meeting_id, answer = _meeting_of(uid), _ANSWERS.get(partstat.strip().upper())
    if meeting_id is None or answer is None:
        return False
    seen = tx.session.get(Meeting, meeting_id)
    if seen is None:
        return False
    partings.hold(tx, seen.case_id)
    meeting = tx.session.exec(
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if meeting is None or meeting.state != "summoned" or sequence != meeting.sequence:
        return False
    values = {"meeting": meeting.id, "address": attendee.strip(), "today": tx.today}
    found = tx.session.execute(_CALLED, values).scalar()
    if found is None:
        return False
    called = tx.lock(Attendance, found)
    called.answer = answer
    note_answer(tx, meeting, attendance=called.id, by="mail")
    answered_beside(tx, meeting, called, by="mail")
    return True


def _meeting_of(uid: str) -> UUID | None:
    plain = uid.strip().lower()
    if not plain.endswith(ENDING) or len(plain) != 36 + len(ENDING):
        return None
    try:
        return UUID(plain.removesuffix(ENDING))
    except ValueError:
        return None
