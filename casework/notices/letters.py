"""Letters without names: written with the act, claimed by a sender, and marked as handed over or given up."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select

from casework import sharing
from casework.notices.tasks import tell_of_undelivered
from casework.transactions import Transaction
from levels.notices import Way, about, way_of
from records.children import Guardian
from records.meetings import Meeting
from records.municipalities import Municipality, Practitioner, Service
from records.notices import Notice, NoticeChoice

HELD = timedelta(minutes=1)
MOST_ATTEMPTS = 16  # by then a mail server has been away for half a day
FIRST_WAIT = timedelta(seconds=5)  # until a letter is tried once more; twice as long each time
LONGEST_WAIT = timedelta(hours=2)


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
    """Everything needed to send one notice; there is no field a child's name could enter.

    `address` is a mail address, or a phone number when the channel is `sms`.
    """

    notice_id: UUID
    address: str
    kind: str
    language: str
    link_path: str
    municipality_name: str
    sender_name: str
    values: dict[str, str] = field(default_factory=dict)
    calendar: CalendarEntry | None = None
    channel: str = "mail"


_LINKS = {
    "case": "/cases/{0}",
    "signal": "/signals/{0}",
    "invitation": "/invitations/{0}",
    "handover": "/batons/{0}",
    "meeting": "/meetings/{0}",
    "meeting_proposal": "/meeting-proposals/{0}",
    "measure": "/measures/{0}",
    "concern_report": "/concern-reports/{0}",
    "guide": "/guides/{0}",
    "overview": "/overview?group=overdue",
    "case_letters": "/cases/{0}/notices",
    "service": "/services/{0}",
    "practitioner": "/staff/{0}",
    "leaver": "/leavers/{0}",
    "pupil": "/leavers",
    "messages": "/notices",
    "absence": "/absences/mine",
    "consent": "/consents/{0}",
    "relocation": "/moving-in/{0}",
    "family_word": "/family-words/{0}",
    "disqualification": "/disqualifications/{0}",
    "broken_glass": "/emergency-reads/{0}",
    "consultation": "/consultations/{0}",
    "reading": "/readings/{0}",
    "readings": "/readings",
    "hiding": "/hidings/{0}",
}
THE_FAMILYS = "/family"


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


def mark_of(notice_id: UUID, address: str) -> str:
    """A mark by which an address is known again without being kept."""
    return hashlib.sha256(f"{notice_id}\n{address.strip().lower()}".encode()).hexdigest()


def to_send(tx: Transaction, notice_id: UUID, *, sms: bool = False) -> Letter | None:
    """The letter to send now, held for this sender for a while; None when it is sent, dropped or taken.

    A sender that dies lets go when the while is over, and the next one sends under the same message id.
    `sms` says whether text messages can be sent at all. A receiver who wants no letter finds the notice inside.
    """
    wanted = select(Notice).where(Notice.id == notice_id).with_for_update(skip_locked=True)
    notice = tx.session.exec(wanted).first()
    if notice is None or notice.state != "written":
        return None
    if notice.claimed_until is not None and notice.claimed_until > tx.now:
        return None
    tx.without_trail()
    if _is_barred(tx, notice):
        notice.state = "dropped"
        return None
    way, address, language = _route(tx, notice, sms=sms)
    notice.channel = way.value
    if way in (Way.DIGEST, Way.INSIDE):
        notice.state = "inside"
        return None
    values = {"count": str(_in_digest(tx, notice))} if notice.kind == "digest" else {}
    if values.get("count") == "0":
        notice.state = "dropped"
        return None
    notice.claimed_until = tx.now + HELD
    if not address:
        mark_failed(tx, notice_id, code="no_address", permanent=True)
        return None
    notice.address_mark = mark_of(notice.id, address)
    town = tx.get(Municipality, notice.municipality_id)
    return Letter(
        notice_id=notice.id,
        address=address,
        kind=notice.kind,
        language=language or town.language,
        link_path=THE_FAMILYS if notice.guardian_id else link_of(notice.subject_kind, notice.subject_id),
        municipality_name=town.name,
        sender_name=town.name,
        values=values,
        calendar=_calendar(tx, notice),
        channel=way.value,
    )


def _is_barred(tx: Transaction, notice: Notice) -> bool:
    """Whether whoever it is written to has stepped aside from the case since, is kept out, or no parent any more."""
    what, channel = sharing.What.NOTICE, sharing.Channel.LETTER
    if notice.guardian_id is not None:
        sql = "SELECT kept_out, app.age_of_ward(id) AS age FROM guardians WHERE id = :who"
        [row] = tx.ask(sql, {"who": notice.guardian_id})
        return not sharing.to_guardian(what, channel, kept_out=row.kept_out, age=row.age).allowed
    if notice.practitioner_id is None or notice.case_id is None:
        return False
    sql = "SELECT app.is_barred_from_case(:who, :case)"
    barred = tx.scalar(sql, who=notice.practitioner_id, case=notice.case_id)
    return not sharing.to_staff(what, channel, barred=bool(barred)).allowed


def channel_of(tx: Transaction, notice_id: UUID, *, sms: bool = False) -> str:
    """Which outside system a letter would go by just now: `mail` or `sms`."""
    notice = tx.get(Notice, notice_id)
    tx.without_trail()
    return Way.SMS.value if _route(tx, notice, sms=sms)[0] is Way.SMS else Way.MAIL.value


def _route(tx: Transaction, notice: Notice, *, sms: bool) -> tuple[Way, str, str]:
    """By which way, to which address, in which language."""
    if notice.practitioner_id is None or notice.kind == "digest":
        return (Way.MAIL, *receiver(tx, notice))
    person = tx.get(Practitioner, notice.practitioner_id)
    chosen = tx.session.exec(
        select(NoticeChoice.way).where(
            NoticeChoice.practitioner_id == person.id, NoticeChoice.about == about(notice.kind).value
        )
    ).first()
    way = way_of(chosen, notice.kind, reachable_by_sms=sms and bool(person.phone.strip()))
    return way, person.phone.strip() if way is Way.SMS else person.email, person.language


def receiver(tx: Transaction, notice: Notice) -> tuple[str, str]:
    """The mail address a notice goes to as things stand now, and the language; empty when there is none.

    A service without a mailbox is reached through its leader rather than not at all.
    """
    if notice.practitioner_id is not None:
        person = tx.get(Practitioner, notice.practitioner_id)
        return person.email, person.language
    if notice.guardian_id is not None:
        found = tx.session.exec(
            select(Guardian.email, Guardian.language).where(Guardian.id == notice.guardian_id)
        ).first()
        return (found[0], found[1] if found[1] in ("nb", "nn", "en") else "") if found else ("", "")
    if notice.service_id is not None:
        service = tx.get(Service, notice.service_id)
        if service.mailbox.strip() or service.leader_id is None:
            return service.mailbox.strip(), ""
        leader = tx.get(Practitioner, service.leader_id)
        return leader.email, leader.language
    return "", ""


def _in_digest(tx: Transaction, notice: Notice) -> int:
    return int(
        tx.scalar(
            "SELECT count(*) FROM notices WHERE practitioner_id = :person AND channel = 'digest'"
            " AND state = 'inside' AND seen_at IS NULL",
            person=notice.practitioner_id,
        )
    )


def _calendar(tx: Transaction, notice: Notice) -> CalendarEntry | None:
    if notice.subject_kind != "meeting" or notice.kind == "meeting_to_check":
        return None
    meeting = tx.get(Meeting, notice.subject_id)
    method = "CANCEL" if notice.kind == "meeting_cancelled" else "REQUEST"
    place = (
        meeting.place if sharing.place_outside(tx, meeting.case_id, sharing.Channel.CALENDAR).allowed else ""
    )
    return CalendarEntry(str(meeting.id), notice.edition, meeting.starts_at, meeting.ends_at, place, method)


def is_held(tx: Transaction, notice_id: UUID) -> bool:
    """Whether this letter still waits because some sender holds it, alive or dead, or for its time. For jobs."""
    wanted = select(Notice.id).where(Notice.state == "written", col(Notice.claimed_until) > tx.now)
    return tx.session.exec(wanted.where(Notice.id == notice_id)).first() is not None


def mark_sent(tx: Transaction, notice_id: UUID, *, transport_id: str) -> None:
    """A mail or text message server took the letter over; says nothing of whether it arrived or was read."""
    notice = tx.lock(Notice, notice_id)
    if notice.state != "written":
        return
    notice.state, notice.sent_at, notice.transport_id, notice.error = "sent", tx.now, transport_id, None
    notice.attempts += 1
    tx.without_trail()


def mark_failed(tx: Transaction, notice_id: UUID, *, code: str, permanent: bool) -> None:
    """The connector could not; a permanent failure, or one too many, is given up and becomes somebody's task.

    Any other letter waits before it is tried again, so that one bad address costs little.
    """
    notice = tx.lock(Notice, notice_id)
    tx.without_trail()
    if notice.state != "written":
        return
    wait = min(FIRST_WAIT * 2 ** min(notice.attempts, 20), LONGEST_WAIT)
    notice.attempts += 1
    notice.error, notice.claimed_until = code, tx.now + wait
    if permanent or notice.attempts >= MOST_ATTEMPTS:
        notice.state = "failed"
        tell_of_undelivered(tx, notice, "given_up", write)


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


def next_at(tx: Transaction) -> datetime | None:
    """When the next letter that still waits may be tried; None when none waits. For jobs."""
    tx.without_trail()
    wanted = select(func.min(func.coalesce(Notice.claimed_until, Notice.written_at)))
    return tx.session.exec(wanted.where(Notice.state == "written")).first()


def failed(tx: Transaction) -> dict[str, int]:
    """How many letters have been given up, by why. For the operator."""
    found = tx.session.execute(
        text("SELECT coalesce(error, 'unknown'), count(*) FROM notices WHERE state = 'failed' GROUP BY 1")
    )
    return {row[0]: row[1] for row in found}
