"""The individual plan beside the relay log."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, plans

router = APIRouter(tags=["plans"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
BeginPlan = body_of(plans.BeginPlan)
EndPlan = body_of(plans.EndPlan)


@router.get("/cases/{case_id}/plan", summary="Which plan gathers the help")
def of_case(begin: Read, case_id: UUID) -> plans.Plan:
    with begin() as tx:
        cases.head(tx, case_id)
        return plans.of_case(tx, case_id)


@router.post(
    "/cases/{case_id}/plan", status_code=201, summary="Begin an individual plan; consent is asked anew"
)
def start(begin: Write, case_id: UUID, body: BeginPlan, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = plans.BeginPlan(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=plans.begin(tx, case_id, wanted))


@router.post(
    "/cases/{case_id}/plan/end", status_code=201, summary="Go back to the log alone; consent is asked anew"
)
def end(begin: Write, case_id: UUID, body: EndPlan, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = plans.EndPlan(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=plans.end(tx, case_id, wanted))
