"""The child's view: whether one that still counts is known, asked before a plan, a rise and a closing alike."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlmodel import col, select

from casework import guides
from casework.ports import local_day
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.child_views import Form, SayView, counts_from, faults, form_of
from levels.children import NOT_BORN
from records.cases import Case
from records.children import Child
from records.logs import ChildView
from records.municipalities import Practitioner


class Said(TypedDict, total=False):
    """The fields of a view, as an act takes them."""

    words: str
    mood: int | None
    shown: str
    why_not: str
    not_asked: str | None
    brought_by: str
    talked_on: date | None


@dataclass(frozen=True, slots=True)
class View:
    """What the child said or showed, or why the child was not asked and who brings its view."""

    id: UUID
    words: str
    mood: int | None
    shown: str
    why_not: str
    brought_by: str
    talked_by: str
    talked_on: date


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether a view that counts is known, and the form in which this child is asked."""

    known: bool
    form: Form


# What staff wrote down, and what the child said by its own door, count alike. Before birth nobody can be asked.
_KNOWN = """
    SELECT EXISTS (SELECT 1 FROM children k WHERE k.id = :child AND k.kind IN ('unborn', 'ended'))
      OR EXISTS (SELECT 1 FROM child_views v WHERE v.case_id = :case AND v.talked_on >= :since)
      OR EXISTS (SELECT 1 FROM family_words w WHERE w.case_id = :case AND w.kind = 'view' AND w.guardian_id IS NULL
        AND (w.written_at AT TIME ZONE 'Europe/Oslo')::date >= :since)
"""


def known(tx: Transaction, case: Case) -> bool:
    """Whether the child's view is known, or there is a written reason why not, recent enough to build on.

    Before birth the reason is that it is not born. A group is asked as one.
    How recent is the guide's to say. The one answer to planning, raising and closing; a report of concern never asks.
    """
    rule = guides.of(tx, case.guide_id).child_voice
    since = counts_from(
        local_day(case.level_since), tx.today, months=rule.counts_months, carried_days=rule.carried_days
    )
    return bool(tx.scalar(_KNOWN, case=case.id, child=case.child_id, since=since))


def asking(tx: Transaction, case_id: UUID) -> Asking:
    """What a page needs to ask the child in the right form; for pages that have let their reader in already."""
    case = tx.get(Case, case_id)
    child = tx.get(Child, case.child_id)
    return Asking(known(tx, case), form_of(child.kind, child.born_on, tx.today))


def keep(tx: Transaction, case: Case, view: SayView, *, at: str = "") -> ChildView:
    """Keep a view; raises Invalid with everything its form lacks, each field's name led by `at`."""
    child = tx.get(Child, case.child_id)
    found = faults(view, form_of(child.kind, child.born_on, tx.today), tx.today)
    if child.kind in NOT_BORN:
        found = {"words": "not_born"}
    if found:
        raise Invalid({f"{at}{name}": code for name, code in found.items()})
    row = ChildView(
        municipality_id=case.municipality_id,
        case_id=case.id,
        words=view.words.strip(),
        mood=view.mood,
        shown=view.shown.strip(),
        why_not="" if view.heard else view.why_not.strip(),
        not_asked=None if view.heard else view.not_asked or "other",
        brought_by="" if view.heard else view.brought_by.strip(),
        talked_by_id=tx.actor.id,
        talked_on=view.talked_on or tx.today,
        written_at=tx.now,
    )
    tx.add(row)
    case.child_view_at = tx.now
    tx.session.flush()
    return row


def of_case(tx: Transaction, case_id: UUID, *, limit: int = 5) -> list[View]:
    """What the child has said, newest first."""
    found = tx.rows(
        select(ChildView, Practitioner.name)
        .join(Practitioner, col(Practitioner.id) == col(ChildView.talked_by_id))
        .where(ChildView.case_id == case_id)
        .order_by(col(ChildView.written_at).desc(), col(ChildView.id).desc())
        .limit(limit)
    )
    return [
        View(v.id, v.words, v.mood, v.shown, v.why_not, v.brought_by, name, v.talked_on) for v, name in found
    ]
