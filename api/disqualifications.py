"""Disqualification: stepping aside from a case, and deciding about colleagues who have."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import disqualifications

router = APIRouter(tags=["disqualification"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
Declare = body_of(disqualifications.Declare)
Assess = body_of(disqualifications.Assess)


@router.get("/disqualifications", summary="One's own, and those one decides about")
def listed(begin: Read) -> list[disqualifications.Disqualification]:
    with begin() as tx:
        return disqualifications.listed(tx)


@router.get("/disqualifications/{bar_id}", summary="One of them")
def one(begin: Read, bar_id: UUID, response: Response) -> disqualifications.Disqualification:
    with begin() as tx:
        found = disqualifications.one(tx, bar_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post(
    "/cases/{case_id}/disqualifications",
    status_code=201,
    summary="Step aside, or as the unit's leader have a colleague do so; the case is out of sight at once",
)
def declare(begin: Write, case_id: UUID, body: Declare, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = disqualifications.Declare(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=disqualifications.declare(tx, case_id, wanted))


@router.post("/disqualifications/{bar_id}/assess", summary="Decide about it: uphold or clear")
def assess(begin: Write, bar_id: UUID, body: Assess, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = disqualifications.Assess(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=disqualifications.assess(tx, bar_id, wanted))
