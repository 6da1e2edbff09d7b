"""Deadlines: started by events, met by acts, missed by the clock. A late job delays a reminder, never a fact."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from casework import guides
from casework.ports import OSLO, local_day
from casework.transactions import Transaction
from levels import workdays
from levels.workdays import Pause
from records.deadlines import Deadline

# What an agreed day is a deadline for, by the event that started it.
AGREED = {
    "invitation_sent": "reply",
    "measure_started": "evaluation",
    "baton_offered": "acceptance",
    "meeting_called": "meeting",
    "times_proposed": "times",
    "consent_given": "renewal",
    "hidden": "hiding",
}
BATON_DAYS = 7
REMIND_DAYS = 3


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as shown: what, by which day, and whether the day has passed."""

    id: UUID
    case_id: UUID | None
    signal_id: UUID | None
    subject_kind: str
    subject_id: UUID
    clock: str
    source: str
    due: str
    target_on: date
    state: str

    def days_left(self, today: date) -> int:
        """Days until the target; negative when it has passed."""
        return (self.target_on - today).days


local = local_day


def end_of(day: date) -> datetime:
    """The first instant after a day in Norway: a deadline is missed from then on, whatever the season."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), OSLO)


def start(
    tx: Transaction,
    event: str,
    *,
    municipality_id: UUID,
    guide_id: UUID,
    level_id: str,
    subject: tuple[str, UUID],
    case_id: UUID | None = None,
    signal_id: UUID | None = None,
    owner_id: UUID | None = None,
    agreed_on: date | None = None,
    since: datetime | None = None,
    case_type: str | None = None,
    came_from: str | None = None,
    known: frozenset[str] = frozenset(),
) -> None:
    """Start what begins with this event: the agreed day, and every clock the guide has for it.

    Clocks that are `known` have begun already and are left as they are.
    """
    found = guides.terms(
        tx, guide_id, event, level_id, since or tx.now, case_type=case_type, came_from=came_from
    )
    if agreed_on is not None and event in AGREED:
        found = [t for t in found if t.due != AGREED[event]]
        found.append(guides.Term(clock="agreed", due=AGREED[event], target_on=agreed_on))
    elif event == "baton_offered" and not any(t.due == "acceptance" for t in found):
        found.append(guides.Term("agreed", "acceptance", tx.today + timedelta(days=BATON_DAYS)))
    for term in (one for one in found if one.clock not in known):
        tx.add(
            Deadline(
                municipality_id=municipality_id,
                case_id=case_id,
                signal_id=signal_id,
                subject_kind=subject[0],
                subject_id=subject[1],
                clock=term.clock,
                source="agreement" if term.clock == "agreed" else "guide",
                due=term.due,
                owner_id=owner_id,
                started_at=since or tx.now,
                target_on=term.target_on,
                due_at=end_of(term.target_on),
                remind_at=_reminder(tx, term),
                suspensions=[],
            )
        )


def _reminder(tx: Transaction, term: "guides.Term") -> datetime | None:
    days = REMIND_DAYS if term.remind_days is None else term.remind_days
    at = datetime.combine(term.target_on - timedelta(days=days), datetime.min.time(), OSLO).replace(hour=7)
    return at if at > tx.now else None


def _settle(tx: Transaction, rows: list[Deadline]) -> None:
    for row in rows:
        row.state = "met" if tx.now < row.due_at else "met_late"
        row.settled_at, row.chase_at = tx.now, None


def stop(tx: Transaction, subject_id: UUID, due: str) -> None:
    """Meet what waits for this, in time or late."""
    wanted = select(Deadline).where(
        Deadline.subject_id == subject_id, Deadline.due == due, col(Deadline.settled_at).is_(None)
    )
    _settle(tx, tx.rows(wanted))


def stop_level(tx: Transaction, case_id: UUID) -> None:
    """A decision on the case meets every clock that runs for the level itself."""
    wanted = select(Deadline).where(
        Deadline.case_id == case_id, Deadline.subject_kind == "case", col(Deadline.settled_at).is_(None)
    )
    _settle(tx, tx.rows(wanted))


def drop_all(tx: Transaction, case_id: UUID) -> None:
    """Nothing runs in a closed case."""
    wanted = select(Deadline).where(Deadline.case_id == case_id, col(Deadline.settled_at).is_(None))
    drop(tx, tx.rows(wanted))


def drop(tx: Transaction, rows: list[Deadline]) -> None:
    """What is no longer waited for is neither met nor missed."""
    for row in rows:
        row.state, row.settled_at, row.chase_at = "dropped", tx.now, None


def let_go(tx: Transaction, subject_id: UUID, due: str) -> None:
    """Drop what waits for this: it has become something else, or is gone."""
    wanted = select(Deadline).where(
        Deadline.subject_id == subject_id, Deadline.due == due, col(Deadline.settled_at).is_(None)
    )
    drop(tx, tx.rows(wanted))


def move(tx: Transaction, subject_id: UUID, due: str, *, to: date) -> None:
    """Agree on another day for what is still waiting."""
    wanted = select(Deadline).where(
        Deadline.subject_id == subject_id, Deadline.due == due, col(Deadline.settled_at).is_(None)
    )
    for row in tx.rows(wanted):
        row.target_on, row.due_at, row.state, row.reminded_at = to, end_of(to), "running", None
        row.rung, row.chase_at, row.unpaused_on, row.suspensions = 0, None, None, []
        row.remind_at = _reminder(tx, guides.Term("agreed", due, to))


def stand_still(tx: Transaction, row: Deadline, guide_id: UUID, pauses: list[Pause]) -> None:
    """Move a deadline by the pauses since it began: a guide's clock by its own days, an agreed day by working days.

    Whoever was reminded of the former day is reminded of the new one as well, when that lies further ahead.
    """
    since = [span for span in pauses if span[1] >= local_day(row.started_at)]
    if row.unpaused_on is None:
        row.unpaused_on = row.target_on
    agreed = guides.Term(row.clock, row.due, workdays.pushed(row.unpaused_on, since))
    term = guides.term(tx, guide_id, row.clock, row.started_at, since) or agreed
    later, remind_at = term.target_on > row.target_on, _reminder(tx, term)
    row.target_on, row.due_at = term.target_on, end_of(term.target_on)
    row.suspensions = [[first.isoformat(), last.isoformat()] for first, last in since]
    if row.reminded_at is None or (later and remind_at is not None):
        row.reminded_at, row.remind_at = None, remind_at


def take_up(tx: Transaction, row: Deadline, term: "guides.Term | None") -> None:
    """A term that was missed runs again when its new day is still ahead."""
    if row.state == "missed" and term is not None and term.target_on >= tx.today:
        row.state, row.reminded_at, row.rung, row.chase_at = "running", None, 0, None


def hand_over(tx: Transaction, case_id: UUID, former: UUID, receiver: UUID) -> None:
    """What the former holder was reminded of, the next one is."""
    wanted = select(Deadline).where(
        Deadline.case_id == case_id, Deadline.owner_id == former, col(Deadline.settled_at).is_(None)
    )
    for row in tx.rows(wanted):
        row.owner_id = receiver


def shown(row: Deadline) -> Due:
    """The reader's view of a deadline row."""
    return Due(
        row.id,
        row.case_id,
        row.signal_id,
        row.subject_kind,
        row.subject_id,
        row.clock,
        row.source,
        row.due,
        row.target_on,
        row.state,
    )


def pending(tx: Transaction, subject_id: UUID, due: str) -> Due | None:
    """What still waits for this, or None."""
    wanted = select(Deadline).where(
        Deadline.subject_id == subject_id, Deadline.due == due, col(Deadline.settled_at).is_(None)
    )
    row = tx.session.exec(wanted).first()
    return shown(row) if row else None


def of_case(tx: Transaction, case_id: UUID) -> list[Due]:
    """Everything the case waits for, the nearest first."""
    wanted = (
        select(Deadline)
        .where(Deadline.case_id == case_id, col(Deadline.settled_at).is_(None))
        .order_by(col(Deadline.target_on))
    )
    return [shown(row) for row in tx.rows(wanted)]


def of_signal(tx: Transaction, signal_id: UUID) -> Due | None:
    """When the worry must be decided, or None when nothing runs."""
    wanted = (
        select(Deadline)
        .where(Deadline.signal_id == signal_id)
        .order_by(col(Deadline.settled_at).is_(None).desc(), col(Deadline.target_on))
    )
    row = tx.session.exec(wanted).first()
    return shown(row) if row else None
