"""Letters without names: written with the act, sent by the workflows, and honest about what became of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework.transactions import Transaction
from records.children import Guardian
from records.meetings import Attendance, Meeting
from records.municipalities import Municipality, Practitioner, Service
from records.notices import Notice

MOST_ATTEMPTS = 12
HELD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar needs to know of a meeting: no child, no topic."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    place: str
    method: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything needed to send one notice; there is no field a child's name could enter."""

    notice_id: UUID
    address: str
    kind: str
    language: str
    link_path: str
    municipality_name: str
    sender_name: str
    values: dict[str, str] = field(default_factory=dict)
    calendar: CalendarEntry | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as the receiver sees it on the own page."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    case_id: UUID | None
    written_at: datetime
    state: str
    seen: bool


_LINKS = {
    "case": "/cases/{0}",
    "signal": "/signals/{0}",
    "invitation": "/invitations/{0}",
    "handover": "/batons/{0}",
    "meeting": "/meetings/{0}",
    "measure": "/measures/{0}",
    "concern_report": "/concern-reports/{0}",
    "guide": "/guides/{0}",
}


def link_of(subject_kind: str, subject_id: UUID) -> str:
    """The page a notice is about; an opaque id is all it says."""
    return _LINKS.get(subject_kind, "/").format(subject_id)


def write(
    tx: Transaction,
    kind: str,
    *,
    municipality_id: UUID,
    subject: tuple[str, UUID],
    practitioner_id: UUID | None = None,
    service_id: UUID | None = None,
    guardian_id: UUID | None = None,
    case_id: UUID | None = None,
    edition: int = 0,
    flow: bool = True,
) -> UUID:
    """Write one notice to one person or mailbox, and ask for it to be sent after the commit."""
    row = Notice(
        municipality_id=municipality_id,
        kind=kind,
        practitioner_id=practitioner_id,
        service_id=service_id,
        guardian_id=guardian_id,
        case_id=case_id,
        subject_kind=subject[0],
        subject_id=subject[1],
        edition=edition,
        written_at=tx.now,
    )
    tx.add(row)
    if flow:
        tx.start_flow("send-notices")
    return row.id


def to_send(tx: Transaction, notice_id: UUID) -> Letter | None:
    """The letter to send now, held for this sender for a while; None when it is sent, dropped or taken.

    A sender that dies lets go when the while is over, and the next one sends under the same message id.
    """
    wanted = select(Notice).where(Notice.id == notice_id).with_for_update(skip_locked=True)
    notice = tx.session.exec(wanted).first()
    if notice is None or notice.state != "written":
        return None
    if notice.claimed_until is not None and notice.claimed_until > tx.now:
        return None
    notice.claimed_until = tx.now + HELD
    tx.without_trail()
    address, language = _receiver(tx, notice)
    if not address:
        mark_failed(tx, notice_id, code="no_address", permanent=True)
        return None
    town = tx.get(Municipality, notice.municipality_id)
    return Letter(
        notice_id=notice.id,
        address=address,
        kind=notice.kind,
        language=language or town.language,
        link_path=link_of(notice.subject_kind, notice.subject_id),
        municipality_name=town.name,
        sender_name=town.name,
        calendar=_calendar(tx, notice),
    )


def _receiver(tx: Transaction, notice: Notice) -> tuple[str, str]:
    if notice.practitioner_id is not None:
        person = tx.get(Practitioner, notice.practitioner_id)
        return person.email, person.language
    if notice.guardian_id is not None:
        found = tx.session.exec(
            select(Guardian.email, Guardian.language).where(Guardian.id == notice.guardian_id)
        ).first()
        return (found[0], found[1] if found[1] in ("nb", "nn", "en") else "") if found else ("", "")
    if notice.service_id is not None:
        return tx.get(Service, notice.service_id).mailbox, ""
    return "", ""


def _calendar(tx: Transaction, notice: Notice) -> CalendarEntry | None:
    if notice.subject_kind != "meeting":
        return None
    meeting = tx.get(Meeting, notice.subject_id)
    method = "CANCEL" if notice.kind == "meeting_cancelled" else "REQUEST"
    return CalendarEntry(
        str(meeting.id), notice.edition, meeting.starts_at, meeting.ends_at, meeting.place, method
    )


def is_held(tx: Transaction, notice_id: UUID | None = None) -> bool:
    """Whether this letter (or any) still waits because some sender holds it, alive or dead. For jobs."""
    wanted = select(Notice.id).where(Notice.state == "written", col(Notice.claimed_until) > tx.now)
    if notice_id is not None:
        wanted = wanted.where(Notice.id == notice_id)
    return tx.session.exec(wanted.limit(1)).first() is not None


def mark_sent(tx: Transaction, notice_id: UUID, *, transport_id: str) -> None:
    """The connector handed the letter over; says nothing of whether it was read."""
    notice = tx.lock(Notice, notice_id)
    if notice.state == "sent":
        return
    notice.state, notice.sent_at, notice.transport_id, notice.error = "sent", tx.now, transport_id, None
    notice.attempts += 1
    tx.without_trail()


def mark_failed(tx: Transaction, notice_id: UUID, *, code: str, permanent: bool) -> None:
    """The connector could not; a permanent failure, or one too many, is given up and shown as such."""
    notice = tx.lock(Notice, notice_id)
    notice.attempts += 1
    notice.error, notice.claimed_until = code, None
    if permanent or notice.attempts >= MOST_ATTEMPTS:
        notice.state = "failed"
    tx.without_trail()


def waiting(tx: Transaction, *, limit: int) -> list[UUID]:
    """Notices written but not yet sent, oldest first."""
    wanted = (
        select(Notice.id)
        .where(Notice.state == "written")
        .where(col(Notice.claimed_until).is_(None) | (col(Notice.claimed_until) <= tx.now))
        .order_by(col(Notice.written_at))
        .limit(limit)
    )
    return tx.rows(wanted)


def failed(tx: Transaction) -> dict[str, int]:
    """How many letters have been given up, by why. For the operator."""
    found = tx.session.execute(
        text("SELECT coalesce(error, 'unknown'), count(*) FROM notices WHERE state = 'failed' GROUP BY 1")
    )
    return {row[0]: row[1] for row in found}


def mine(tx: Transaction, *, limit: int = 50) -> list[Message]:
    """The actor's own notices, newest first."""
    found = tx.rows(
        select(Notice)
        .where(Notice.practitioner_id == tx.actor.id)
        .order_by(col(Notice.written_at).desc())
        .limit(limit)
    )
    return [
        Message(
            n.id,
            n.kind,
            n.subject_kind,
            n.subject_id,
            n.case_id,
            n.written_at,
            n.state,
            n.seen_at is not None,
        )
        for n in found
    ]


def unseen(tx: Transaction) -> int:
    """How many of the actor's notices have not been looked at."""
    found = tx.rows(
        select(Notice.id).where(Notice.practitioner_id == tx.actor.id, col(Notice.seen_at).is_(None))
    )
    return len(found)


def see_all(tx: Transaction) -> None:
    """Mark the actor's notices as looked at."""
    for notice in tx.rows(
        select(Notice).where(Notice.practitioner_id == tx.actor.id, col(Notice.seen_at).is_(None))
    ):
        notice.seen_at = tx.now
    tx.without_trail()


def about_meeting(tx: Transaction, meeting: Meeting, kind: str) -> list[UUID]:
    """Write the same summons to everybody called, with the meeting's present edition."""
    called = tx.rows(select(Attendance).where(Attendance.meeting_id == meeting.id))
    return [
        write(
            tx,
            kind,
            municipality_id=meeting.municipality_id,
            subject=("meeting", meeting.id),
            practitioner_id=attendance.practitioner_id,
            guardian_id=attendance.guardian_id,
            case_id=meeting.case_id,
            edition=meeting.sequence,
            flow=False,
        )
        for attendance in called
        if attendance.practitioner_id or attendance.guardian_id
    ]
