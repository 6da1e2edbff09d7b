"""Cases that stand still on purpose, as over the summer: their clocks move by the working days it took."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from casework import deadlines, logs, notices, relations
from casework.access import Permission
from casework.refusals import Invalid, Refused
from casework.transactions import Transaction
from levels.workdays import Pause
from records.cases import Case, CasePause
from records.coordinations import Invitation
from records.deadlines import Deadline
from records.measures import Measure

LONGEST = timedelta(days=183)
# A meeting has its own time, a baton its own receiver, and a family its right to see: none waits with the case.
GO_ON = ("meeting", "acceptance", "hiding")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PauseCase:
    """Until which day, that day included, a case stands still, and why."""

    until: date
    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def pause(tx: Transaction, case_id: UUID, wanted: PauseCase) -> UUID:
    """Let a case stand still from today; what is due moves by as many working days.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused when it stands still already or is closed.
    """
    tx.once(wanted.key, "pause_case", case=case_id, until=wanted.until)
    case = tx.lock(Case, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    _check(tx, case, wanted)
    tx.add(
        CasePause(
            municipality_id=case.municipality_id,
            case_id=case.id,
            from_on=tx.today,
            until_on=wanted.until,
            reason=wanted.reason.strip(),
            begun_by_id=tx.actor.id,
            begun_at=tx.now,
        )
    )
    case.paused_until = wanted.until
    tx.session.flush()
    count_again(tx, case)
    _told(tx, case, "case_paused", until=wanted.until.isoformat(), reason=wanted.reason.strip())
    tx.result(case_id=case.id)
    return case.id


def _check(tx: Transaction, case: Case, wanted: PauseCase) -> None:
    logs.fresh(tx, case, wanted.version)
    if case.paused_until is not None:
        raise Refused("CaseChart", case.state, "pause", ("not_paused",))
    errors = {}
    if wanted.until <= tx.today:
        errors["until"] = "choose_a_later_day"
    elif wanted.until - tx.today > LONGEST:
        errors["until"] = "half_a_year_at_most"
    if not wanted.reason.strip():
        errors["reason"] = "write_why"
    if errors:
        raise Invalid(errors)


def go_on(tx: Transaction, case_id: UUID, *, version: int | None = None, key: str | None = None) -> UUID:
    """Take a case up again before its pause was to end; its clocks count only the days it really stood still.

    Raises NotFound, NotPermitted, Stale, or Refused when it does not stand still.
    """
    tx.once(key, "go_on", case=case_id)
    case = tx.lock(Case, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    logs.fresh(tx, case, version)
    running = _running(tx, case.id)
    if running is None:
        raise Refused("CaseChart", case.state, "go_on", ("paused",))
    _end(tx, case, running, tx.today - _DAY, by=tx.actor.id)
    tx.result(case_id=case.id)
    return case.id


def _running(tx: Transaction, case_id: UUID) -> CasePause | None:
    wanted = select(CasePause).where(CasePause.case_id == case_id, col(CasePause.ended_on).is_(None))
    found: CasePause | None = tx.session.exec(wanted).first()
    return found


def _end(tx: Transaction, case: Case, running: CasePause, last: date, *, by: UUID | None) -> None:
    running.ended_on, running.ended_by_id = last, by
    case.paused_until = None
    tx.session.flush()
    count_again(tx, case)
    _told(tx, case, "case_goes_on")


def end_pauses(tx: Transaction, *, limit: int = 200) -> int:
    """Take up the cases whose last day of standing still has passed, and tell their holders. For jobs."""
    wanted = (
        select(CasePause)
        .where(col(CasePause.ended_on).is_(None), CasePause.until_on < tx.today)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [row for row in tx.rows(wanted) if tx.hold(Case, row.case_id)]
    for row in rows:
        case = tx.lock(Case, row.case_id)
        _end(tx, case, row, row.until_on, by=None)
        notices.write(
            tx,
            "pause_over",
            municipality_id=case.municipality_id,
            subject=("case", case.id),
            practitioner_id=case.holder_id,
            case_id=case.id,
        )
    return len(rows)


def end_with_case(tx: Transaction, case: Case) -> None:
    """A closed case no longer stands still."""
    running = _running(tx, case.id)
    if running is not None:
        running.ended_on, running.ended_by_id = max(tx.today, running.from_on), tx.actor.id
    case.paused_until = None


def count_again(tx: Transaction, case: Case) -> None:
    """Every deadline of the case that waits, by its guide's clocks and the days the case has stood still."""
    pauses = _pauses(tx, case.id)
    wanted = select(Deadline).where(Deadline.case_id == case.id, Deadline.state == "running")
    for row in tx.rows(wanted.where(Deadline.source != "statute")):
        deadlines.stand_still(tx, row, case.guide_id, [] if row.due in GO_ON else pauses)
        _follow(tx, row)


def _pauses(tx: Transaction, case_id: UUID) -> list[Pause]:
    """Every time the case stood still; one that was taken back the day it began took no day at all."""
    rows: list[CasePause] = tx.rows(select(CasePause).where(CasePause.case_id == case_id))
    spans = [(row.from_on, row.ended_on or row.until_on) for row in rows]
    return [(first, last) for first, last in spans if first <= last]


def _follow(tx: Transaction, row: Deadline) -> None:
    """The day that people see beside the deadline moves with it."""
    if row.due == "reply":
        invitation = tx.session.get(Invitation, row.subject_id)
        if invitation is not None:
            invitation.reply_by = row.target_on
    if row.due == "evaluation":
        measure = tx.session.get(Measure, row.subject_id)
        if measure is not None:
            measure.evaluate_on = row.target_on


def _told(tx: Transaction, case: Case, code: str, **facts: str) -> None:
    logs.tell(tx, case, "level", code, **facts)
    logs.touch(tx, case)
    tx.note("case", case.id, code, municipality_id=case.municipality_id, until=case.paused_until)
