"""Measures and their evaluations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from api.bodies import Made, Reason, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, measures

router = APIRouter(tags=["measures"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
PlanMeasure = body_of(measures.PlanMeasure)
EvaluateMeasure = body_of(measures.EvaluateMeasure)


class MeasureDetails(BaseModel):
    """A measure and every evaluation of it."""

    measure: measures.MeasureSummary
    evaluations: list[measures.EvaluationSummary]


@router.get("/cases/{case_id}/measures", summary="The case's measures")
def of_case(begin: Read, case_id: UUID) -> list[measures.MeasureSummary]:
    with begin() as tx:
        cases.head(tx, case_id)
        return measures.of_case(tx, case_id)


@router.post("/cases/{case_id}/measures", status_code=201, summary="Agree on a measure")
def plan(begin: Write, case_id: UUID, body: PlanMeasure, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=measures.plan(tx, case_id, measures.PlanMeasure(**body.values(), key=key)))  # type: ignore[attr-defined]


@router.get("/measures/{measure_id}", summary="One measure with its evaluations")
def one(begin: Read, measure_id: UUID, response: Response) -> MeasureDetails:
    with begin() as tx:
        measure, evaluations = measures.one(tx, measure_id)
    response.headers["ETag"] = f'"{measure.version}"'
    return MeasureDetails(measure=measure, evaluations=evaluations)


@router.post("/measures/{measure_id}/evaluations", status_code=201, summary="Evaluate the measure")
def evaluate(begin: Write, measure_id: UUID, body: EvaluateMeasure, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = measures.EvaluateMeasure(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=measures.evaluate(tx, measure_id, wanted))


@router.post("/measures/{measure_id}/drop", summary="End a measure without evaluating it")
def drop(begin: Write, measure_id: UUID, body: Reason, key: Key) -> Made:
    with begin() as tx:
        return Made(id=measures.drop(tx, measure_id, **body.values(), key=key))
