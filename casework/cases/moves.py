"""Moves between levels: the guide gives its verdict, the chart its guards, and both are written down."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import (
    away,
    consequences,
    deadlines,
    guides,
    hidings,
    logs,
    participations,
    partings,
    relations,
)
from casework.access import Permission
from casework.cases import archives, evidence, pauses
from casework.consequences import Scene
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.cases import CaseChart, CaseFacts, rung_of
from levels.charts import Refused, move
from levels.children import About
from levels.relays import RelayChart, RelayFacts
from records.cases import Case, CaseMove, CaseStep
from records.children import Child
from records.participations import Participation

# Ways onward that lead to no level: out, or to the forum that settles stuck cases while the case stays.
NOT_LEVELS = {"close": "close", "decision_forum": "ask_forum"}


@dataclass(frozen=True, slots=True)
class ChangeLevel:
    """A move to make: to a level of the guide, «close», or round again; with the guide's outcome and why."""

    to: str
    when: str | None = None
    to_step: str | None = None
    reason: str = ""
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CloseCase:
    """How a case ended: why, what the child and the parents think, and when somebody looks again."""

    reason: str
    when: str | None = None
    child_verdict: int | None = None
    child_words: str = ""
    guardians_verdict: int | None = None
    guardians_words: str = ""
    follow_up_on: date | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A move weighed before it is made: what the guide says and what the chart lacks."""

    event: str
    to: str
    when: str | None
    verdict: "guides.Judgement"
    unmet: tuple[str, ...]


def event_for(case: Case, guide_rung: int | None, to: str) -> str:
    """The chart's event that leads to a level of the guide."""
    if to in NOT_LEVELS:
        return NOT_LEVELS[to]
    if guide_rung is None:
        raise Invalid({"to": "choose_one"})
    if case.state == "closed":
        return f"reopen_at_{max(guide_rung, 1)}"
    here = rung_of(case.state)
    if guide_rung == here:
        return "go_round"
    return f"raise_to_{guide_rung}" if guide_rung > here else f"lower_to_{guide_rung}"


def facts_for(case: Case, found: evidence.CaseEvidence, *, permits: bool, reason: str) -> CaseFacts:
    """Everything the chart needs, from what stands in the case."""
    return CaseFacts(
        holder_named=case.holder_id is not None,
        guide_permits=permits,
        sharing_settled=found.sharing_settled,
        concern_reported=case.concern_reported_at is not None,
        child_view_known=found.child_view_known,
        reason_given=bool(reason.strip()),
        baton_settled=case.relay_state != "offered",
        measures_settled=found.measures_settled,
    )


def change_level(tx: Transaction, case_id: UUID, wanted: ChangeLevel) -> UUID:
    """Move a case by one of its guide's outcomes, or aside from the guide with a written reason.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused with everything that is missing.
    """
    tx.once(wanted.key, "change_level", case=case_id, to=wanted.to, when=wanted.when)
    case = tx.lock(Case, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    logs.fresh(tx, case, wanted.version)
    climb(tx, case, wanted, position=guides.Position(case.level_id, case.step_id))
    tx.result(case_id=case.id)
    return case.id


def climb(tx: Transaction, case: Case, wanted: ChangeLevel, *, position: "guides.Position") -> None:
    """Weigh the move, refuse it with all that is missing, or make it and write down why it was right."""
    plan = None if wanted.to in NOT_LEVELS else guides.level(tx, case.guide_id, wanted.to)
    if plan is None and wanted.to not in NOT_LEVELS:
        raise Invalid({"to": "choose_one"})
    event = event_for(case, plan.rung if plan else None, wanted.to)
    found = evidence.of_case(tx, case)
    verdict = guides.judge_move(tx, case, position, wanted, found)
    permits = verdict.permits(wanted.reason)
    facts = facts_for(case, found, permits=permits, reason=wanted.reason)
    try:
        moved = move(CaseChart, case.state, event, facts)
    except Refused as refusal:
        raise guides.with_reasons(refusal, verdict) from None
    before, level_before = case.state, case.level_id
    write_move(tx, case, event, moved.after, wanted, verdict)
    case.state = moved.after
    case.closed_at = tx.now if moved.after == "closed" else None
    if plan is not None:
        case.level_id = plan.id
        case.step_id = verdict.target_step or plan.first_step
        case.level_since = tx.now
    tx.session.flush()
    follow(tx, case, moved.consequences, came_from=level_before)
    codes = {"close": "case_closed", "go_round": "went_round", "ask_forum": "forum_asked"}
    code = codes.get(event, "raise_to" if event.startswith("raise_to") else "lower_to")
    logs.tell(
        tx,
        case,
        "level",
        code,
        before=guides.level_name(tx, case.guide_id, level_before),
        after=guides.level_name(tx, case.guide_id, case.level_id),
        reason=wanted.reason.strip(),
        verdict=verdict.kind,
    )
    logs.touch(tx, case)
    tx.note(
        "case",
        case.id,
        event,
        municipality_id=case.municipality_id,
        before=before,
        after=case.state,
        verdict=verdict.kind,
        findings=[code for code, _ in verdict.reasons],
        version=case.version,
    )


def write_move(
    tx: Transaction,
    case: Case,
    event: str,
    after: str,
    wanted: ChangeLevel,
    verdict: "guides.Judgement",
    *,
    by: UUID | None = None,
) -> None:
    """Keep where the case went from and to, by which event, and why."""
    tx.add(
        CaseMove(
            municipality_id=case.municipality_id,
            case_id=case.id,
            event=event,
            before=case.state,
            after=after,
            level_before=case.level_id,
            level_after=case.level_id if wanted.to in NOT_LEVELS else wanted.to,
            guide_id=case.guide_id,
            outcome=wanted.when,
            verdict=verdict.kind,
            findings=[{"code": code, "text": said} for code, said in verdict.reasons],
            reason=wanted.reason.strip(),
            moved_by_id=by or tx.actor.id,
            moved_at=tx.now,
        )
    )


def follow(tx: Transaction, case: Case, wanted: tuple[Any, ...], *, came_from: str | None = None) -> None:
    """Carry out what follows from a move, for everybody inside the case."""
    inside = tx.rows(
        select(Participation.practitioner_id).where(
            Participation.case_id == case.id, col(Participation.until).is_(None)
        )
    )
    scene = Scene(
        municipality_id=case.municipality_id,
        subject=("case", case.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=case.holder_id,
        came_from=came_from,
        people={"participants": tuple(inside), "holder": (case.holder_id,)},
    )
    consequences.carry_out(tx, scene, wanted)


def close(tx: Transaction, case_id: UUID, wanted: CloseCase) -> UUID:
    """Close a case: everything open is ended, guests lose sight, and the file is archived.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused with everything that is missing.
    """
    tx.once(wanted.key, "close_case", case=case_id, reason=wanted.reason)
    case = partings.locked(tx, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    logs.fresh(tx, case, wanted.version)
    if wanted.follow_up_on is not None and wanted.follow_up_on <= tx.today:
        raise Invalid({"follow_up_on": "choose_a_later_day"})
    case.closing = {
        "reason": wanted.reason.strip(),
        "child_verdict": wanted.child_verdict,
        "child_words": wanted.child_words.strip(),
        "guardians_verdict": wanted.guardians_verdict,
        "guardians_words": wanted.guardians_words.strip(),
        "follow_up_on": wanted.follow_up_on.isoformat() if wanted.follow_up_on else None,
    }
    _close(tx, case, ChangeLevel("close", wanted.when, reason=wanted.reason))
    tx.result(case_id=case.id)
    return case.id


def _close(tx: Transaction, case: Case, change: ChangeLevel) -> None:
    climb(tx, case, change, position=guides.Position(case.level_id, case.step_id))
    put_down(tx, case, change.reason.strip())


def put_down(tx: Transaction, case: Case, reason: str) -> None:
    """What every end of a case brings with it."""
    case.relay_state = move(RelayChart, case.relay_state, "put_down", RelayFacts()).after
    archives.end_what_is_open(tx, case, reason)
    pauses.end_with_case(tx, case)
    tx.session.flush()
    archives.archive(tx, case)


def reopen(
    tx: Transaction,
    case_id: UUID,
    *,
    to: str,
    reason: str,
    holder_id: UUID | None = None,
    key: str | None = None,
) -> UUID:
    """Open a closed case again with a reason; the one who opens it, or a named colleague, holds the baton.

    A case about a pregnancy that ended is opened because it goes on after all, and so it stands from then on.
    Raises NotFound, NotPermitted, Invalid or Refused.
    """
    tx.once(key, "reopen_case", case=case_id, reason=reason)
    case = tx.lock(Case, case_id)
    tx.require(Permission.REOPEN_CASE, relations.to_case(tx, case))
    plan = guides.level(tx, case.guide_id, to)
    if plan is None or plan.rung == 0:
        raise Invalid({"to": "choose_one"})
    away.check_at_work(tx, holder_id or tx.actor.id)
    found = evidence.of_case(tx, case)
    facts = facts_for(case, found, permits=True, reason=reason)
    moved = move(CaseChart, case.state, event_for(case, plan.rung, to), facts)
    verdict = guides.Judgement("allowed", (), None)
    write_move(tx, case, moved.event, moved.after, ChangeLevel(to, reason=reason), verdict)
    case.state, case.closed_at, case.closing = moved.after, None, None
    case.level_id, case.step_id, case.level_since = plan.id, plan.first_step, tx.now
    case.relay_state = move(RelayChart, case.relay_state, "pick_up", RelayFacts()).after
    former = case.holder_id
    case.holder_id, case.holder_since = holder_id or tx.actor.id, tx.now
    tx.session.flush()
    hidings.begin_again(tx, case)
    # In before out: whoever opens it again may have no other part in it.
    participations.join(tx, case, case.holder_id, "holder")
    if former != case.holder_id:
        participations.leave(tx, case.id, practitioner_id=former, kind="holder")
    follow(tx, case, moved.consequences)
    logs.tell(tx, case, "level", "case_reopened", reason=reason.strip())
    _take_up_pregnancy(tx, case)
    logs.touch(tx, case)
    tx.note("case", case.id, moved.event, municipality_id=case.municipality_id, holder=case.holder_id)
    tx.result(case_id=case.id)
    return case.id


def _take_up_pregnancy(tx: Transaction, case: Case) -> None:
    child = tx.lock(Child, case.child_id)
    if child.kind == About.ENDED:
        child.kind, child.version = About.UNBORN.value, child.version + 1
        logs.tell(tx, case, "system", "pregnancy_goes_on")
        tx.note("child", child.id, "take_up_pregnancy", municipality_id=child.municipality_id)


def do_step(
    tx: Transaction,
    case_id: UUID,
    step_id: str,
    *,
    skip: bool = False,
    note: str = "",
    version: int | None = None,
    key: str | None = None,
) -> UUID:
    """Finish a step of the guide at the present level, or pass it by with a reason.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused when the guide holds the step back.
    """
    tx.once(key, "do_step", case=case_id, step=step_id, skip=skip)
    case = tx.lock(Case, case_id)
    tx.require(Permission.DO_STEP, relations.to_case(tx, case))
    logs.fresh(tx, case, version)
    if guides.step(tx, case.guide_id, case.level_id, step_id) is None:
        raise Invalid({"step": "choose_one"})
    found = evidence.of_case(tx, case)
    verdict = guides.judge_step(tx, case, step_id, skip=skip, found=found, note=note)
    if not verdict.permits(note) or (skip and not note.strip()):
        raise guides.as_refusal("CaseChart", case.state, "do_step", verdict, reason_missing=not note.strip())
    _keep_step(tx, case, step_id, "skipped" if skip else "done", note, verdict.kind)
    case.step_id = guides.after_step(tx, case.guide_id, case.level_id, step_id) or case.step_id
    _turn_clocks(tx, case, step_id)
    logs.tell(
        tx,
        case,
        "level",
        "step_skipped" if skip else "step_done",
        step=guides.step_name(tx, case.guide_id, case.level_id, step_id),
        reason=note.strip(),
    )
    logs.touch(tx, case)
    tx.note(
        "case", case.id, "do_step", municipality_id=case.municipality_id, step=step_id, verdict=verdict.kind
    )
    tx.result(case_id=case.id)
    return case.id


def _keep_step(tx: Transaction, case: Case, step_id: str, outcome: str, note: str, verdict: str) -> None:
    tx.add(
        CaseStep(
            municipality_id=case.municipality_id,
            case_id=case.id,
            level_id=case.level_id,
            step_id=step_id,
            round=_round(tx, case),
            outcome=outcome,
            note=note.strip(),
            verdict=verdict,
            done_by_id=tx.actor.id,
            done_at=tx.now,
        )
    )


def _turn_clocks(tx: Transaction, case: Case, step_id: str) -> None:
    """What waited for the step is met; what begins with it, begins."""
    deadlines.stop(tx, case.id, f"step:{step_id}")
    deadlines.start(
        tx,
        f"step_done:{step_id}",
        municipality_id=case.municipality_id,
        guide_id=case.guide_id,
        level_id=case.level_id,
        subject=("case", case.id),
        case_id=case.id,
        owner_id=case.holder_id,
    )


def _round(tx: Transaction, case: Case) -> int:
    entered = text("SELECT count(*) FROM case_moves WHERE case_id = :case AND level_after = :level")
    return int(tx.session.execute(entered, {"case": case.id, "level": case.level_id}).scalar() or 1)
