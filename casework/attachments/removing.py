"""Taking away what should not have been there: the content goes, and its trace stays."""

from dataclasses import dataclass, field
from uuid import UUID

from casework import deadlines, logs, relations
from casework.access import Permission, Relation
from casework.attachments.listing import Listed, one
from casework.attachments.putting import tell
from casework.refusals import Invalid, NotFound, NotPermitted, Stale
from casework.transactions import Transaction
from levels.hidings import DUE
from records.cases import Case

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class TakeAway:
    """Why an attachment should not have been there."""

    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def to_take_away(tx: Transaction, attachment_id: UUID) -> Listed:
    """One that the actor may take away; raises NotFound, also for what is gone already, or NotPermitted."""
    row, case = one(tx, attachment_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.WRITE_LOG, standing)
    if not (row.mine or Relation.HOLDER in standing.relations):
        raise NotPermitted("take_away_attachment")
    if row.taken_away_at is not None:
        raise NotFound
    return row


def take_away(tx: Transaction, attachment_id: UUID, wanted: TakeAway) -> UUID:
    """Take away what should not have been there: the content goes, and who, when and why stays. Answers the case.

    For the holder and whoever put it. Raises NotFound, NotPermitted, Invalid or Stale.
    """
    tx.once(wanted.key, "take_away_attachment", attachment=attachment_id, reason=wanted.reason)
    case = tx.lock(Case, to_take_away(tx, attachment_id).case_id)
    row = to_take_away(tx, attachment_id)  # anew, now that nobody else is at it
    if wanted.version is not None and wanted.version != row.version:
        raise Stale(row.version)
    reason = wanted.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": "too_long" if reason else "write_why"})
    only_for = _forget_content(tx, row.id, reason)
    deadlines.let_go(tx, row.id, DUE)
    tell(
        tx,
        case,
        "attachment_taken_away",
        only_for=only_for,
        hidden_reason=row.hidden_reason,
        hidden_until=row.hidden_until,
        title=row.title,
        attachment=str(row.id),
        reason=reason,
    )
    logs.touch(tx, case)
    tx.note("case", case.id, "take_away_attachment", municipality_id=case.municipality_id, attachment=row.id)
    tx.result(attachment_id=row.id, case_id=case.id)
    return case.id


def _forget_content(tx: Transaction, attachment_id: UUID, reason: str) -> UUID | None:
    """Answers whom alone of the family it was for."""
    [gone] = tx.ask(
        "UPDATE attachments SET content = NULL, taken_away_at = :now, taken_away_by_id = :who, taken_away_why = :why,"
        " version = version + 1 WHERE id = :id RETURNING only_for_id",
        {"now": tx.now, "who": tx.actor.id, "why": reason, "id": attachment_id},
    )
    only_for: UUID | None = gone.only_for_id
    return only_for
