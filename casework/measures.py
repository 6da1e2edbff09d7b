"""Measures: agreed with the family, tried, evaluated on their day, ended with a result."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from casework import child_views, consequences, deadlines, logs, relations
from casework.access import Permission
from casework.consequences import Scene
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.charts import Offer, move, offers
from levels.child_views import SayView
from levels.children import NOT_BORN
from levels.measures import MeasureChart, MeasureFacts
from records.cases import Case
from records.children import Child
from records.measures import RESULTS, Evaluation, Measure
from records.municipalities import Practitioner, Service

USUAL_TERM = timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class MeasureSummary:
    """A measure as shown in its case."""

    id: UUID
    case_id: UUID
    title: str
    goal: str
    arena: str
    responsible_id: UUID | None
    responsible_name: str
    service_name: str
    state: str
    starts_on: date
    evaluate_on: date
    last_result: str | None
    end_reason: str
    version: int


@dataclass(frozen=True, slots=True)
class EvaluationSummary:
    """One evaluation of a measure."""

    id: UUID
    result: str
    child_said: str
    child_not_asked: str
    guardians_said: str
    comment: str
    onward: str
    next_on: date | None
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanMeasure:
    """A measure to try."""

    title: str
    goal: str
    responsible_id: UUID | None = None
    responsible_service_id: UUID | None = None
    arena: str = ""
    starts_on: date | None = None
    evaluate_on: date | None = None
    decided_in_id: UUID | None = None
    child: SayView | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EvaluateMeasure:
    """What was found when the measure was looked at."""

    result: str
    onward: str
    child_said: str = ""
    child_not_asked: str = ""
    guardians_said: str = ""
    comment: str = ""
    next_on: date | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def plan(tx: Transaction, case_id: UUID, wanted: PlanMeasure) -> UUID:
    """Agree on a measure and start it, when the child's view is known; it may be given with the plan.

    Raises NotFound, NotPermitted, Invalid, or Refused when nobody has asked the child or said why not.
    """
    tx.once(wanted.key, "plan_measure", case=case_id, title=wanted.title, goal=wanted.goal)
    case = tx.lock(Case, case_id)
    tx.require(Permission.KEEP_MEASURES, relations.to_case(tx, case))
    starts_on = wanted.starts_on or tx.today
    evaluate_on = wanted.evaluate_on or starts_on + USUAL_TERM
    _check_plan(tx, case, wanted, starts_on, evaluate_on)
    if wanted.child is not None and wanted.child.given:
        logs.keep_child_view(tx, case, wanted.child, at="child_")
    measure = Measure(
        municipality_id=case.municipality_id,
        case_id=case.id,
        title=wanted.title.strip(),
        goal=wanted.goal.strip(),
        arena=wanted.arena.strip(),
        responsible_id=wanted.responsible_id,
        responsible_service_id=wanted.responsible_service_id,
        starts_on=starts_on,
        evaluate_on=evaluate_on,
        decided_in_id=wanted.decided_in_id,
    )
    tx.add(measure)
    tx.session.flush()
    _begin(tx, case, measure)
    _told(tx, case, measure, "plan_measure", "measure_planned")
    tx.result(measure_id=measure.id, case_id=case.id)
    return measure.id


def _check_plan(tx: Transaction, case: Case, wanted: PlanMeasure, starts_on: date, evaluate_on: date) -> None:
    errors = {name: "write_something" for name in ("title", "goal") if not getattr(wanted, name).strip()}
    if evaluate_on <= starts_on:
        errors["evaluate_on"] = "after_the_start"
    if wanted.responsible_id is None and wanted.responsible_service_id is None:
        errors["responsible_id"] = "choose_one"
    if errors:
        raise Invalid(errors)
    if wanted.responsible_id is not None and not _inside(tx, case, wanted.responsible_id):
        raise Invalid({"responsible_id": "not_in_the_case"})
    if wanted.responsible_service_id is not None:
        tx.get(Service, wanted.responsible_service_id)


def _inside(tx: Transaction, case: Case, practitioner_id: UUID) -> bool:
    sql = (
        "SELECT EXISTS (SELECT 1 FROM participations WHERE case_id = :case AND practitioner_id = :person"
        " AND until IS NULL)"
    )
    return bool(tx.scalar(sql, case=case.id, person=practitioner_id))


def _begin(tx: Transaction, case: Case, measure: Measure) -> None:
    facts = MeasureFacts(
        goal_written=bool(measure.goal),
        responsible_named=measure.responsible_id is not None or measure.responsible_service_id is not None,
        evaluation_date_set=True,
        child_view_known=child_views.known(tx, case),
    )
    moved = move(MeasureChart, measure.state, "start", facts)
    measure.state = moved.after
    consequences.carry_out(tx, _scene(case, measure), moved.consequences)


def _scene(case: Case, measure: Measure) -> Scene:
    return Scene(
        municipality_id=case.municipality_id,
        subject=("measure", measure.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=measure.responsible_id or case.holder_id,
        agreed_on=measure.evaluate_on,
    )


def evaluate(tx: Transaction, measure_id: UUID, wanted: EvaluateMeasure) -> UUID:
    """Look at whether the measure works, with the child's and the parents' view; go on, change or end it.

    Before birth nobody can be asked.
    Raises NotFound, NotPermitted, Invalid, Stale or Refused.
    """
    tx.once(wanted.key, "evaluate_measure", measure=measure_id, result=wanted.result, onward=wanted.onward)
    seen = tx.get(Measure, measure_id)
    case = tx.lock(Case, seen.case_id)
    measure = tx.lock(Measure, measure_id)
    tx.require(Permission.EVALUATE_MEASURE, relations.to_case(tx, case))
    if wanted.version is not None and wanted.version != measure.version:
        raise Stale(measure.version)
    next_on = wanted.next_on or (tx.today + USUAL_TERM if wanted.onward != "end" else None)
    unborn = tx.get(Child, case.child_id).kind in NOT_BORN
    asked = unborn or bool(wanted.child_said.strip() or wanted.child_not_asked.strip())
    _check_evaluation(tx, wanted, next_on, asked=asked)
    row = _evaluation(tx, case, measure, wanted, next_on)
    tx.add(row)
    _onward(tx, case, measure, wanted, next_on, asked=asked)
    _told(tx, case, measure, "evaluate_measure", "measure_evaluated", result=wanted.result)
    tx.result(evaluation_id=row.id, measure_id=measure.id, case_id=case.id)
    return row.id


def _check_evaluation(tx: Transaction, wanted: EvaluateMeasure, next_on: date | None, *, asked: bool) -> None:
    errors = {}
    if wanted.result not in RESULTS:
        errors["result"] = "choose_one"
    if wanted.onward not in ("continue", "change", "end"):
        errors["onward"] = "choose_one"
    if not asked:
        errors["child_said"] = "words_or_why_not"
    if next_on is not None and next_on <= tx.today:
        errors["next_on"] = "choose_a_later_day"
    if errors:
        raise Invalid(errors)


def _evaluation(
    tx: Transaction, case: Case, measure: Measure, wanted: EvaluateMeasure, next_on: date | None
) -> Evaluation:
    return Evaluation(
        municipality_id=case.municipality_id,
        case_id=case.id,
        measure_id=measure.id,
        result=wanted.result,
        child_said=wanted.child_said.strip(),
        child_not_asked="" if wanted.child_said.strip() else wanted.child_not_asked.strip(),
        guardians_said=wanted.guardians_said.strip(),
        comment=wanted.comment.strip(),
        onward=wanted.onward,
        next_on=next_on if wanted.onward != "end" else None,
        evaluated_by_id=tx.actor.id,
        evaluated_at=tx.now,
    )


def _onward(
    tx: Transaction,
    case: Case,
    measure: Measure,
    wanted: EvaluateMeasure,
    next_on: date | None,
    *,
    asked: bool,
) -> None:
    facts = MeasureFacts(
        result_given=True,
        child_asked=asked,
        evaluation_date_set=next_on is not None,
    )
    moved = move(MeasureChart, measure.state, "end" if wanted.onward == "end" else "evaluate", facts)
    measure.state, measure.last_result = moved.after, wanted.result
    measure.version += 1
    if wanted.onward == "end":
        measure.ended_at, measure.end_reason = tx.now, wanted.comment.strip()
    elif next_on is not None:
        measure.evaluate_on = next_on
    consequences.carry_out(tx, _scene(case, measure), moved.consequences)


def drop(tx: Transaction, measure_id: UUID, *, reason: str, key: str | None = None) -> UUID:
    """End a measure without evaluating it, with a reason. Raises NotFound, NotPermitted or Refused."""
    tx.once(key, "drop_measure", measure=measure_id)
    seen = tx.get(Measure, measure_id)
    case = tx.lock(Case, seen.case_id)
    measure = tx.lock(Measure, measure_id)
    tx.require(Permission.KEEP_MEASURES, relations.to_case(tx, case))
    moved = move(MeasureChart, measure.state, "drop", MeasureFacts(reason_given=bool(reason.strip())))
    measure.state, measure.ended_at, measure.end_reason = moved.after, tx.now, reason.strip()
    measure.version += 1
    deadlines.stop(tx, measure.id, "evaluation")
    _told(tx, case, measure, "drop_measure", "measure_ended")
    tx.result(measure_id=measure.id, case_id=case.id)
    return measure.id


def _told(tx: Transaction, case: Case, measure: Measure, act: str, code: str, **facts: str) -> None:
    logs.tell(tx, case, "measure", code, measure=measure.title, **facts)
    logs.touch(tx, case)
    tx.note("case", case.id, act, municipality_id=case.municipality_id, measure=measure.id, **facts)


def of_case(tx: Transaction, case_id: UUID) -> list[MeasureSummary]:
    """The case's measures: running first, by evaluation day."""
    found = tx.rows(
        select(Measure, Practitioner.name, Service.name)
        .outerjoin(Practitioner, col(Practitioner.id) == col(Measure.responsible_id))
        .outerjoin(Service, col(Service.id) == col(Measure.responsible_service_id))
        .where(Measure.case_id == case_id)
        .order_by(col(Measure.ended_at).desc().nulls_first(), col(Measure.evaluate_on))
    )
    return [_summary(m, name or "", service or "") for m, name, service in found]


def _summary(m: Measure, name: str, service: str) -> MeasureSummary:
    return MeasureSummary(
        m.id,
        m.case_id,
        m.title,
        m.goal,
        m.arena,
        m.responsible_id,
        name,
        service,
        m.state,
        m.starts_on,
        m.evaluate_on,
        m.last_result,
        m.end_reason,
        m.version,
    )


def one(tx: Transaction, measure_id: UUID) -> tuple[MeasureSummary, list[EvaluationSummary]]:
    """A measure with its evaluations; raises NotFound or NotPermitted."""
    measure = tx.get(Measure, measure_id)
    case = tx.get(Case, measure.case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    tx.note("case", case.id, "read_measure", municipality_id=case.municipality_id, measure=measure.id)
    for summary in of_case(tx, case.id):
        if summary.id == measure_id:
            return summary, _evaluations(tx, measure_id)
    raise NotFound


def _evaluations(tx: Transaction, measure_id: UUID) -> list[EvaluationSummary]:
    found = tx.rows(
        select(Evaluation, Practitioner.name)
        .join(Practitioner, col(Practitioner.id) == col(Evaluation.evaluated_by_id))
        .where(Evaluation.measure_id == measure_id)
        .order_by(col(Evaluation.evaluated_at).desc())
    )
    return [
        EvaluationSummary(
            e.id,
            e.result,
            e.child_said,
            e.child_not_asked,
            e.guardians_said,
            e.comment,
            e.onward,
            e.next_on,
            name,
            e.evaluated_at,
        )
        for e, name in found
    ]


def moves(measure: MeasureSummary) -> tuple[Offer, ...]:
    """What can be done with the measure from here, for the buttons."""
    facts = MeasureFacts(
        goal_written=True, responsible_named=True, evaluation_date_set=True, child_view_known=True
    )
    return offers(MeasureChart, measure.state, facts)
