"""How long things are kept: terms, what goes next month, and holds."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.bodies import Made, Short, body_of
from api.identity import Begin, Key, Version, needs
from casework import retention

router = APIRouter(tags=["retention"])
Read = Annotated[Begin, Depends(needs("archives:read"))]
Write = Annotated[Begin, Depends(needs("archives:write"))]
SetHold = body_of(retention.SetHold)
LiftHold = body_of(retention.LiftHold)


@router.get("/retention", summary="Terms, forecast and holds, without names")
def desks(begin: Read) -> list[retention.Desk]:
    with begin() as tx:
        return retention.desks(tx)


@router.post("/cases/{case_id}/holds", summary="Keep a case whatever its term, as its leader")
def hold(begin: Write, case_id: UUID, body: SetHold, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = retention.SetHold(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=retention.hold(tx, case_id, wanted))


@router.post("/retention/{municipality_id}/holds", summary="Keep a case by its number, as the archivist")
def hold_by_number(begin: Write, municipality_id: UUID, number: Short, body: SetHold, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = retention.SetHold(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=retention.hold_by_number(tx, municipality_id, number, wanted))


@router.post("/holds/{hold_id}/lift", summary="Let a case follow its term again")
def lift(begin: Write, hold_id: UUID, body: LiftHold, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = retention.LiftHold(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=retention.lift(tx, hold_id, wanted))
