"""How long things are kept: terms, what goes next month, and holds."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.bodies import Body, Made, Short, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, retention
from casework.access import Permission
from levels.retention import Kind

router = APIRouter(tags=["retention"])
Read = Annotated[Begin, Depends(needs("archives:read"))]
Write = Annotated[Begin, Depends(needs("archives:write"))]
ReadSignals = Annotated[Begin, Depends(needs("signals:read"))]
WriteSignals = Annotated[Begin, Depends(needs("signals:write"))]
SetHold = body_of(retention.SetHold)
LiftHold = body_of(retention.LiftHold)


class Months(Body):
    """How long, within the bounds."""

    months: int


@router.get("/retention", summary="Terms, forecast and holds, without names")
def desks(begin: Read) -> list[retention.Desk]:
    with begin() as tx:
        return retention.desks(tx)


@router.put("/retention/{municipality_id}/terms/{what}", summary="The municipality's own number of months")
def choose(begin: Write, municipality_id: UUID, what: Kind, body: Months, key: Key) -> None:
    with begin() as tx:
        retention.choose(tx, municipality_id, what.value, body.months, key=key)


@router.get("/cases/{case_id}/holds", summary="What holds a case, for its leader")
def holds_of(begin: Read, case_id: UUID) -> list[retention.Hold]:
    with begin() as tx:
        cases.head(tx, case_id, Permission.HOLD_CASE)
        return retention.holds_of(tx, case_id)


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


@router.get("/holds/{hold_id}", summary="A hold one may lift")
def standing(begin: Read, hold_id: UUID, response: Response) -> retention.Hold:
    with begin() as tx:
        found = retention.standing(tx, hold_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post("/holds/{hold_id}/lift", summary="Let a case follow its term again")
def lift(begin: Write, hold_id: UUID, body: LiftHold, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = retention.LiftHold(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=retention.lift(tx, hold_id, wanted))


@router.get("/signals/{signal_id}/holds", summary="What keeps a worry whatever its term, for its leader")
def holds_of_signal(begin: ReadSignals, signal_id: UUID) -> list[retention.HeldSignal]:
    with begin() as tx:
        return retention.holds_of_signal(tx, signal_id)


@router.post(
    "/signals/{signal_id}/holds", status_code=201, summary="Keep a worry whatever its term, as its leader"
)
def hold_signal(begin: WriteSignals, signal_id: UUID, body: SetHold, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = retention.SetHold(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=retention.hold_signal(tx, signal_id, wanted))


@router.post(
    "/signal-holds/{signal_hold_id}/lift", summary="Let it follow its term again; answers the worry's id"
)
def lift_signal(
    begin: WriteSignals, signal_hold_id: UUID, body: LiftHold, key: Key, version: Version
) -> Made:  # type: ignore[valid-type]
    wanted = retention.LiftHold(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=retention.lift_signal(tx, signal_hold_id, wanted))
