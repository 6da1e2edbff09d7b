"""What the clock does when nobody acts: terms run out, reminders are written, old drafts go. For jobs only."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import (
    chasing,
    concern_reports,
    consents,
    consultations,
    coordinations,
    notices,
    partings,
    relays,
)
from casework.refusals import NotFound, Refused, Stale
from casework.transactions import Transaction
from levels.charts import move
from levels.consents import ConsentChart, ConsentFacts
from records.cases import Case
from records.consents import Consent
from records.coordinations import Invitation
from records.deadlines import Deadline
from records.notices import Notice
from records.participations import Participation

REMINDERS = {
    "decision": "deadline_near",
    "evaluation": "evaluation_due",
    "acceptance": "baton_reminder",
    "meeting": "deadline_near",
    "renewal": "deadline_near",
    "hiding": "deadline_near",
}
MOST_REMINDERS = 2


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    missed: int = 0
    reminded: int = 0
    expired: int = 0


def expire_due(tx: Transaction, *, limit: int = 200) -> int:
    """Mark every term that has run out as missed, and let what must follow, follow; answers how many.

    Rows another sweep is at work on are left to it. A term that has run out stays open until it is met late.
    """
    wanted = (
        select(Deadline)
        .where(Deadline.state == "running", Deadline.due_at <= tx.now)
        .order_by(col(Deadline.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [row for row in tx.rows(wanted) if tx.hold(Case, row.case_id)]
    for row in rows:
        row.state = "missed"
        tx.session.flush()
        _follow(tx, row)
        tx.note(
            *_file(row), "deadline_missed", municipality_id=row.municipality_id, due=row.due, clock=row.clock
        )
    return len(rows)


def _file(row: Deadline) -> tuple[str, UUID]:
    if row.case_id is not None:
        return "case", row.case_id
    if row.signal_id is not None:
        return "signal", row.signal_id
    return row.subject_kind, row.subject_id


def _follow(tx: Transaction, row: Deadline) -> None:
    """An unanswered baton lapses; every other silence is told, rung by rung, to whoever can do something."""
    if row.due == "acceptance":
        _lapse(tx, row)
        return
    if row.subject_kind == "consultation":
        consultations.late(tx, row)
        return
    if row.due == "reply":
        _expire_invitation(tx, row)
    chasing.begin(tx, row)


def _lapse(tx: Transaction, row: Deadline) -> None:
    try:
        relays.lapse(tx, row.subject_id)
    except (NotFound, Refused, Stale):
        row.state, row.settled_at = "dropped", tx.now


def _expire_invitation(tx: Transaction, row: Deadline) -> None:
    try:
        coordinations.expire(tx, row.subject_id)
    except (NotFound, Refused):
        row.state, row.settled_at = "dropped", tx.now


def _remind(tx: Transaction, row: Deadline, kind: str, person: UUID | None) -> None:
    notices.write(
        tx,
        kind,
        municipality_id=row.municipality_id,
        subject=(row.subject_kind, row.subject_id),
        practitioner_id=person,
        case_id=row.case_id,
    )


def remind_due(tx: Transaction, *, limit: int = 200) -> int:
    """Write the reminders whose time has come, each once; answers how many.

    A service that has not answered is reminded at its mailbox; everybody else is reminded by name of nothing.
    """
    wanted = (
        select(Deadline)
        .where(Deadline.state == "running", col(Deadline.remind_at) <= tx.now)
        .where(col(Deadline.reminded_at).is_(None))
        .order_by(col(Deadline.remind_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [row for row in tx.rows(wanted) if tx.hold(Case, row.case_id)]
    for row in rows:
        row.reminded_at = tx.now
        if row.due == "reply":
            invitation = tx.session.get(Invitation, row.subject_id)
            if invitation is not None and invitation.state in ("queued", "sent"):
                coordinations.write_reminder(tx, invitation)
        elif row.subject_kind == "consultation":
            consultations.remind(tx, row)
        elif row.due in REMINDERS and row.owner_id is not None:
            _remind(tx, row, REMINDERS[row.due], row.owner_id)
    tx.without_trail()
    return len(rows)


def expire_consents(tx: Transaction, *, limit: int = 200) -> int:
    """End consents whose last day has passed; answers how many.

    Guests lose sight, meetings shared with a sibling part, and the holder is told.
    """
    wanted = (
        select(Consent)
        .where(col(Consent.state).in_(("given", "limited")), col(Consent.expires_on) < tx.today)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [row for row in tx.rows(wanted) if partings.hold_if_free(tx, row.case_id)]
    for row in rows:
        row.state = move(ConsentChart, row.state, "expire", ConsentFacts(term_is_over=True)).after
        row.version += 1
        _end_sight(tx, row)
        partings.part_unreached(tx, row.case_id)
        case = tx.get(Case, row.case_id)
        notices.write(
            tx,
            "consent_expired",
            municipality_id=row.municipality_id,
            subject=("case", case.id),
            practitioner_id=case.holder_id,
            case_id=case.id,
        )
        tx.note("case", case.id, "consent_expired", municipality_id=row.municipality_id, consent=row.id)
    return len(rows)


# Every consent in its last month, and again in its last week, that nobody has been told of since it was answered: to
# the one who gave it when they can come in themselves, otherwise to the holder, who asks them.
_ENDING = """
    SELECT c.id, c.case_id, c.municipality_id, h.holder_id, d.days, g.id AS guardian_id, g.kept_out,
      app.age_of_ward(g.id) AS age
    FROM consents c
    JOIN cases h ON h.id = c.case_id AND h.state <> 'closed'
    LEFT JOIN guardians g ON g.id = c.guardian_id AND g.member_id IS NOT NULL AND g.email <> ''
    CROSS JOIN LATERAL (
      SELECT min(n) AS days FROM unnest(CAST(:days AS int[])) AS n WHERE c.expires_on <= CAST(:today AS date) + n
    ) d
    WHERE c.state IN ('given', 'limited') AND c.expires_on >= :today AND d.days IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.kind = 'consent_ends' AND n.subject_id = c.id
        AND n.edition = d.days AND n.written_at >= c.answered_at)
    ORDER BY c.expires_on, c.id
    LIMIT :limit
"""


def remind_of_consents(tx: Transaction, *, limit: int = 200) -> int:
    """Tell of consents that run out in a month, and again in a week; answers how many."""
    days = [one.days for one in consents.WARNED_BEFORE]
    found = tx.ask(_ENDING, {"days": days, "today": tx.today, "limit": limit})
    tx.without_trail()
    for row in found:
        told = row.guardian_id is not None and consents.may_be_told(row.kept_out, row.age)
        notices.write(
            tx,
            "consent_ends",
            municipality_id=row.municipality_id,
            subject=("consent", row.id),
            guardian_id=row.guardian_id if told else None,
            practitioner_id=None if told else row.holder_id,
            case_id=row.case_id,
            edition=row.days,
        )
    return len(found)


def _end_sight(tx: Transaction, row: Consent) -> None:
    if row.service_id is None:
        return
    parts = select(Participation).where(
        Participation.case_id == row.case_id,
        Participation.service_id == row.service_id,
        Participation.kind == "service",
        col(Participation.until).is_(None),
    )
    for part in tx.rows(parts):
        part.until = tx.now


# Whoever comes of age to consent answers alone from that day: what the parents have said reaches no further.
_OF_AGE = text("SELECT * FROM app.parts_come_of_age(:today, :limit)")


def come_of_age(tx: Transaction, *, limit: int = 200) -> int:
    """End the sight of services in the cases of youths who answer for themselves from now on; answers how many.

    The holder is told, and asks the youth.
    """
    found = tx.session.execute(_OF_AGE, {"today": tx.today, "limit": limit}).all()
    rows = [row for row in found if partings.hold_if_free(tx, row.case_id)]
    for row in rows:
        part = tx.get(Participation, row.part_id)
        part.until = tx.now
        tx.note(
            "case", row.case_id, "sight_ended", municipality_id=row.municipality_id, services=[row.service_id]
        )
    for case_id, town, holder in {(row.case_id, row.municipality_id, row.holder_id) for row in rows}:
        notices.write(
            tx,
            "consent_expired",
            municipality_id=town,
            subject=("case", case_id),
            practitioner_id=holder,
            case_id=case_id,
        )
    for case_id in {row.case_id for row in rows}:
        partings.part_unreached(tx, case_id)
    partings.part_all_unreached(tx)
    return len(rows)


def letter_left(tx: Transaction, notice_id: UUID) -> None:
    """A letter has left the house: what it was about is marked as sent or delivered."""
    notice = tx.get(Notice, notice_id)
    if notice.kind == "invitation":
        coordinations.mark_sent(tx, notice.subject_id)
    elif notice.kind == "concern_report_received":
        concern_reports.delivered(tx, notice.subject_id)
