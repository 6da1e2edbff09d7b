"""An open case is moved to the guide in force: its place, its level and its clocks follow."""

from uuid import UUID

from sqlmodel import col, select

from casework import consents, deadlines, guides, logs, partings, relations
from casework.access import Permission
from casework.cases import pauses
from casework.refusals import Invalid
from casework.transactions import Transaction
from records.cases import Case, CaseMove
from records.deadlines import Deadline
from records.municipalities import Service


def change_guide(
    tx: Transaction, case_id: UUID, *, guide_id: UUID, version: int | None = None, key: str | None = None
) -> UUID:
    """Move an open case to the guide in force where it is; clocks that run are counted by the new one.

    Raises NotFound, NotPermitted, Invalid or Stale.
    """
    tx.once(key, "change_guide", case=case_id, guide=guide_id)
    case = partings.locked(tx, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    logs.fresh(tx, case, version)
    unit = tx.get(Service, case.unit_id)
    if guides.current(tx, case.municipality_id, guides.sector_of(unit.kind)).id != guide_id:
        raise Invalid({"guide_id": "guide_not_in_force"})
    landing = guides.landing(tx, case.guide_id, guide_id, guides.Position(case.level_id, case.step_id))
    if landing is None:
        raise Invalid({"guide_id": "no_such_level_there"})
    former, case.guide_id = case.guide_id, guide_id
    _follow_clocks(tx, case, landing.level_id)
    case.level_id, case.step_id = landing.level_id, landing.step_id
    consents.recheck(
        tx, case.id, case.municipality_id
    )  # another guide may let the youth answer alone, or the parents
    logs.tell(tx, case, "level", "guide_changed", guide=guides.title(tx, guide_id))
    logs.touch(tx, case)
    tx.note(
        "case", case.id, "change_guide", municipality_id=case.municipality_id, before=former, after=guide_id
    )
    tx.result(case_id=case.id)
    return case.id


def _follow_clocks(tx: Transaction, case: Case, level_id: str) -> None:
    """The level's clocks are those of the new guide, from the day the case came there; all others are counted anew."""
    last = select(CaseMove.level_before).where(
        CaseMove.case_id == case.id,
        CaseMove.level_after == case.level_id,
        CaseMove.level_before != case.level_id,
    )
    came_from = tx.session.exec(last.order_by(col(CaseMove.moved_at).desc())).first()
    there = guides.terms(tx, case.guide_id, "level_entered", level_id, case.level_since, came_from=came_from)
    begun = select(Deadline).where(
        Deadline.subject_id == case.id, Deadline.subject_kind == "case", Deadline.source == "guide"
    )
    # What has been met at this level is met by the new guide as well.
    begun = begun.where(col(Deadline.settled_at).is_(None) | (Deadline.started_at >= case.level_since))
    rows = tx.rows(begun.where(Deadline.state != "dropped"))
    there_now = {term.clock for term in there}
    deadlines.drop(tx, [row for row in rows if row.settled_at is None and row.clock not in there_now])
    deadlines.start(
        tx,
        "level_entered",
        municipality_id=case.municipality_id,
        guide_id=case.guide_id,
        level_id=level_id,
        subject=("case", case.id),
        case_id=case.id,
        owner_id=case.holder_id,
        since=case.level_since,
        came_from=came_from,
        known=frozenset(row.clock for row in rows),
    )
    for row in tx.rows(select(Deadline).where(Deadline.case_id == case.id, Deadline.state == "missed")):
        deadlines.take_up(tx, row, guides.term(tx, case.guide_id, row.clock, row.started_at, []))
    tx.session.flush()
    pauses.count_again(tx, case)
