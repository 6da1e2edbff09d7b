"""Every way onward from where a case stands, with the guide's verdict and all that is missing."""

from dataclasses import dataclass
from uuid import UUID

from casework import (
    guides,
    relations,
)
from casework.access import Permission
from casework.cases import evidence, moves
from casework.cases.pages import CaseHead, head_of, opened
from casework.refusals import NotPermitted
from casework.transactions import Transaction
from levels.cases import CaseChart
from levels.charts import offers
from levels.guides.versions import Change
from records.cases import Case
from records.municipalities import Service


@dataclass(frozen=True, slots=True)
class Way:
    """A way onward: the guide's outcome, its verdict, and everything that is missing."""

    event: str
    to: str
    when: str | None
    text: str
    target_name: str
    verdict: str
    reasons: tuple[tuple[str, str], ...]
    unmet: tuple[str, ...]
    in_guide: bool

    @property
    def open(self) -> bool:
        """Whether it can be taken now; a warning or a step aside still needs a written reason."""
        return not [name for name in self.unmet if name not in ("reason_given", "guide_permits")]

    @property
    def needs_reason(self) -> bool:
        """Whether a written reason is asked for."""
        return "guide_permits" in self.unmet or "reason_given" in self.unmet


def ways(tx: Transaction, case_id: UUID) -> tuple[CaseHead, tuple[Way, ...]]:
    """Every way onward from here: the guide's outcomes with verdicts, then what lies outside the guide.

    Raises NotFound or NotPermitted.
    """
    case, standing = opened(tx, case_id, Permission.READ_CASE)
    if not ({Permission.MOVE_CASE, Permission.REOPEN_CASE} & relations.granted(standing)):
        raise NotPermitted(Permission.MOVE_CASE.value)
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id, page="level")
    found = evidence.of_case(tx, case)
    if case.state == "closed":
        return head_of(tx, case, standing), _ways_back(tx, case, found)
    inside = [
        _way(tx, case, found, out.to, out.when, out.text)
        for out in guides.outcomes(tx, case.guide_id, case.level_id)
    ]
    named = {way.to for way in inside}
    outside = [
        _way(tx, case, found, plan.id, None, "")
        for plan in guides.of(tx, case.guide_id).levels
        if plan.id not in named and plan.rung > 0
    ]
    return head_of(tx, case, standing), tuple(inside + outside)


def _way(
    tx: Transaction, case: Case, found: evidence.CaseEvidence, to: str, when: str | None, said: str
) -> Way:
    plan = None if to in moves.NOT_LEVELS else guides.level(tx, case.guide_id, to)
    event = moves.event_for(case, plan.rung if plan else None, to)
    request = moves.ChangeLevel(to, when)
    position = guides.Position(case.level_id, case.step_id)
    verdict = guides.judge_move(tx, case, position, request, found)
    facts = moves.facts_for(case, found, permits=verdict.permits(""), reason="")
    offered = {offer.event: offer for offer in offers(CaseChart, case.state, facts)}
    unmet = offered[event].unmet if event in offered else ("not_from_here",)
    return Way(
        event,
        to,
        when,
        said,
        plan.plan.name if plan else "",
        verdict.kind,
        verdict.reasons,
        unmet,
        verdict.kind != "not_in_guide",
    )


def _ways_back(tx: Transaction, case: Case, found: evidence.CaseEvidence) -> tuple[Way, ...]:
    return tuple(
        _way(tx, case, found, plan.id, None, "")
        for plan in guides.of(tx, case.guide_id).levels
        if plan.rung > 0
    )


@dataclass(frozen=True, slots=True)
class Newer:
    """The guide in force where the case has an older one, and what would change for the case."""

    guide_id: UUID
    name: str
    changes: tuple[Change, ...]


def newer_guide(tx: Transaction, case_id: UUID) -> tuple[CaseHead, Newer | None]:
    """Whether a newer version of the guide is in force than the one the case follows.

    Raises NotFound or NotPermitted.
    """
    case, standing = opened(tx, case_id, Permission.MOVE_CASE)
    unit = tx.get(Service, case.unit_id)
    now = guides.current(tx, case.municipality_id, guides.sector_of(unit.kind))
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id, page="guide")
    head = head_of(tx, case, standing)
    if now.id == case.guide_id:
        return head, None
    position = guides.Position(case.level_id, case.step_id)
    return head, Newer(now.id, now.name, tuple(guides.differences(tx, case.guide_id, now.id, position)))
