"""The same meeting or measure in two siblings' files: a row in each, by each file's own rules."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from casework import measures, meetings
from casework.refusals import NotFound
from casework.sibling_links.linking import both
from casework.transactions import Transaction
from levels.child_views import SayView
from records.cases import Case
from records.sibling_links import SiblingLink, SiblingShare


@dataclass(frozen=True, slots=True)
class PlanTogether:
    """A measure for both children; what each says is kept in the child's own file."""

    measure: measures.PlanMeasure
    other_child: SayView | None = None
    key: str | None = field(default=None, compare=False)


def _live(tx: Transaction, case_id: UUID, link_id: UUID) -> tuple[SiblingLink, Case, Case]:
    """A link that holds, the file one stands in, and the other; raises NotFound."""
    row = tx.get(SiblingLink, link_id)
    if case_id not in (row.case_id, row.other_case_id):
        raise NotFound
    other = row.other_case_id if case_id == row.case_id else row.case_id
    here, there = both(tx, case_id, other)
    if not tx.scalar("SELECT app.siblings_live(:link)", link=link_id):
        raise NotFound
    return row, here, there


def plan_measure(tx: Transaction, case_id: UUID, link_id: UUID, wanted: PlanTogether) -> UUID:
    """Plan the same measure in both files, each by its own file's rules; answers the one in the file one stands in.

    Raises NotFound, NotPermitted, Invalid, or Refused when either child has not been asked.
    """
    tx.once(wanted.key, "plan_together", link=link_id, title=wanted.measure.title)
    row, here, there = _live(tx, case_id, link_id)
    said = {name: getattr(wanted.measure, name) for name in ("title", "goal", "arena")}
    meetings.check_unnamed(tx, here, there, said)
    mine = measures.plan(tx, here.id, replace(wanted.measure, key=None))
    theirs = measures.plan(tx, there.id, replace(wanted.measure, child=wanted.other_child, key=None))
    first, second = (mine, theirs) if here.id == row.case_id else (theirs, mine)
    tx.add(
        SiblingShare(
            municipality_id=row.municipality_id, link_id=row.id, measure_id=first, other_measure_id=second
        )
    )
    tx.result(measure_id=mine, case_id=case_id)
    return mine


def call_meeting(tx: Transaction, case_id: UUID, link_id: UUID, wanted: meetings.CallMeeting) -> UUID:
    """Call the same meeting in both files: to each those inside it; answers the one in the file one stands in.

    Raises NotFound, NotPermitted, Invalid or Refused.
    """
    tx.once(wanted.key, "call_together", link=link_id, at=wanted.starts_at)
    row, here, there = _live(tx, case_id, link_id)
    texts = {"place": wanted.place, **{f"agenda_{n}": point for n, point in enumerate(wanted.agenda)}}
    meetings.check_unnamed(tx, here, there, texts)
    both = sorted((here, there), key=lambda case: case.id)  # the link's order, by which one of them leads
    made = meetings.call_each(tx, [(case, _in(tx, case, wanted)) for case in both], row.id)
    mine = made[both.index(here)]
    tx.result(meeting_id=mine, case_id=case_id)
    return mine


def _in(tx: Transaction, case: Case, wanted: meetings.CallMeeting) -> meetings.CallMeeting:
    """The call as it stands in one file: only those who are inside it."""
    sql = "SELECT practitioner_id FROM participations WHERE case_id = :case AND until IS NULL"
    inside = {row.practitioner_id for row in tx.ask(sql, {"case": case.id})}
    family = {
        row.id for row in tx.ask("SELECT id FROM guardians WHERE child_id = :child", {"child": case.child_id})
    }
    return replace(
        wanted,
        practitioner_ids=tuple(one for one in wanted.practitioner_ids if one in inside),
        guardian_ids=tuple(one for one in wanted.guardian_ids if one in family),
        key=None,
    )


def together(tx: Transaction, case_id: UUID) -> dict[UUID, str]:
    """Which of a case's meetings and measures a sibling has too, and its first name: to those who see both."""
    sql = """
        SELECT mine.id, k.first_name
        FROM sibling_shares x JOIN sibling_links l ON l.id = x.link_id
        CROSS JOIN LATERAL (VALUES (x.meeting_id, l.case_id), (x.other_meeting_id, l.other_case_id),
          (x.measure_id, l.case_id), (x.other_measure_id, l.other_case_id)) AS mine(id, case_id)
        JOIN cases c ON c.id IN (l.case_id, l.other_case_id) AND c.id <> mine.case_id
        JOIN children k ON k.id = c.child_id
        WHERE mine.case_id = :case AND mine.id IS NOT NULL AND x.parted_at IS NULL
    """
    return {row.id: row.first_name for row in tx.ask(sql, {"case": case_id})}
