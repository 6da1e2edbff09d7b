"""One's own messages, a case's letters, and how far each came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import relations
from casework.access import Permission, Relation, Standing
from casework.notices.letters import write
from casework.refusals import NotPermitted
from casework.transactions import Transaction
from records.cases import Case
from records.meetings import Attendance, Meeting
from records.notices import Notice


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


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter about a case as its holder sees it: to which part, by which channel, how far it came.

    `to` is a service's name, or the code of the receiver's part: a colleague's role or a guardian's relation.
    """

    id: UUID
    kind: str
    to_kind: str
    to: str
    service_name: str
    channel: str
    state: str
    written_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    bounced_at: datetime | None
    bounce_code: str
    unmatched: str
    settled_as: str
    settled_reason: str

    @property
    def step(self) -> str:
        """How far the letter came, the furthest that is known for certain."""
        if self.opened_at is not None:
            return "opened"
        return "texted" if (self.state, self.channel) == ("sent", "sms") else self.state

    @property
    def open_task(self) -> bool:
        """Whether somebody must still do something about it."""
        return bool(self.unmatched) and not self.settled_as


_SENT = """
    SELECT n.id, n.kind,
      CASE WHEN n.service_id IS NOT NULL THEN 'service' WHEN n.guardian_id IS NOT NULL THEN 'guardian'
        ELSE 'practitioner' END AS to_kind,
      CASE WHEN n.service_id IS NOT NULL THEN s.name WHEN n.guardian_id IS NOT NULL THEN coalesce(g.relation, 'other')
        ELSE coalesce(r.role, '') END AS to,
      coalesce(r.service_name, '') AS service_name, n.channel, n.state, n.written_at, n.sent_at, n.delivered_at,
      n.seen_at AS opened_at, n.bounced_at, coalesce(n.bounce_code, n.error, '') AS bounce_code,
      coalesce(n.unmatched, '') AS unmatched, coalesce(n.settled_as, '') AS settled_as,
      coalesce(n.settled_reason, '') AS settled_reason
    FROM notices n
    LEFT JOIN services s ON s.id = n.service_id
    LEFT JOIN guardians g ON g.id = n.guardian_id
    LEFT JOIN LATERAL (
      SELECT a.role, h.name AS service_name FROM assignments a JOIN services h ON h.id = a.service_id
      WHERE a.practitioner_id = n.practitioner_id AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
      ORDER BY a.since DESC, a.id LIMIT 1
    ) r ON true
"""
# A service that the family's consent reaches no more keeps its invitation, and hears of nothing else in the case.
_MINE = """practitioner_id = :actor AND kind <> 'digest' AND (
    case_id IS NULL OR subject_kind = 'invitation' OR case_id = ANY (app.visible_cases()) OR NOT EXISTS (
      SELECT 1 FROM invitations i
      WHERE i.case_id = notices.case_id AND i.service_id = ANY (app.my_services())
        AND NOT app.consent_reaches(i.case_id, i.service_id)))"""
_OF_CASE = text(
    _SENT
    + " WHERE n.case_id = :case AND n.kind <> 'letter_bounced' ORDER BY n.written_at DESC, n.id DESC LIMIT :limit"
)
_ONE = text(_SENT + " WHERE n.id = :notice")


def of_case(tx: Transaction, case_id: UUID, *, limit: int = 200) -> list[Sent]:
    """Every letter about a case, newest first, for its holder and the nearest leader.

    Raises NotFound, or NotPermitted to others inside: what was sent to the family is not theirs to see.
    """
    case = tx.get(Case, case_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.READ_CASE, standing)
    if not standing.relations & {Relation.HOLDER, Relation.LEADER}:
        raise NotPermitted("see_letters")
    found = tx.session.execute(_OF_CASE, {"case": case_id, "today": tx.today, "limit": limit}).mappings()
    return [Sent(**row) for row in found]


def undelivered(tx: Transaction, case_id: UUID, standing: Standing) -> int:
    """How many letters about the case did not arrive and still wait for somebody; 0 to those who may not mend it."""
    if not standing.relations & {Relation.HOLDER, Relation.LEADER}:
        return 0
    return int(
        tx.scalar(
            "SELECT count(*) FROM notices WHERE case_id = :case AND unmatched IS NOT NULL AND settled_as IS NULL"
            " AND kind <> 'letter_bounced'",
            case=case_id,
        )
    )


def shown(tx: Transaction, notice_id: UUID) -> Sent | None:
    """One letter as the holder sees it, or None when it is not the actor's to see."""
    row = tx.session.execute(_ONE, {"notice": notice_id, "today": tx.today}).mappings().first()
    return Sent(**row) if row else None


def mine(tx: Transaction, *, limit: int = 50) -> list[Message]:
    """The actor's own notices, newest first; a digest only repeats what stands here already."""
    found = tx.rows(
        select(Notice)
        .where(text(_MINE).bindparams(actor=tx.actor.id))
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
            "texted" if (n.state, n.channel) == ("sent", "sms") else n.state,
            n.seen_at is not None,
        )
        for n in found
    ]


UNSEEN = f"SELECT count(*) FROM notices WHERE {_MINE} AND seen_at IS NULL"  # noqa: S608 - our own words


def unseen(tx: Transaction) -> int:
    """How many of the actor's notices have not been looked at."""
    return int(tx.scalar(UNSEEN, actor=tx.actor.id))


def see_all(tx: Transaction) -> None:
    """Mark the actor's notices as looked at."""
    for notice in tx.rows(
        select(Notice).where(Notice.practitioner_id == tx.actor.id, col(Notice.seen_at).is_(None))
    ):
        notice.seen_at = tx.now
    tx.without_trail()


def opened(tx: Transaction, subject_kind: str, subject_id: UUID) -> int:
    """The actor has been shown a page: notices about it to the actor, or to the actor's service, are opened.

    Called by a door after the page has been shown, so that nothing is marked for somebody who was refused.
    """
    tx.without_trail()
    return int(
        tx.scalar(
            "SELECT app.open_notices(:about, :wanted, :at)", about=subject_kind, wanted=subject_id, at=tx.now
        )
    )


def about_meeting(
    tx: Transaction, meeting: Meeting, kind: str, *, but: Collection[UUID] = frozenset()
) -> list[UUID]:
    """Write the same summons to everybody called, with the meeting's present edition, but to some seats."""
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
        if (attendance.practitioner_id or attendance.guardian_id) and attendance.id not in but
    ]
