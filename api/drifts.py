"""Cases about to be left lying."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import drifts

router = APIRouter(tags=["drifts"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
Snooze = body_of(drifts.Snooze)


@router.get("/drifts", summary="What drifts and is one's own to do something about")
def mine(begin: Read, snoozed: bool = False) -> list[drifts.DriftDetails]:
    with begin() as tx:
        return drifts.mine(tx, snoozed=snoozed)


@router.get("/drifts/overview", summary="What drifts in the municipality, without names")
def overview(begin: Read) -> list[drifts.DriftRow]:
    with begin() as tx:
        return drifts.overview(tx)


@router.post("/drifts/{drift_id}/snooze", summary="Leave it in peace until a day")
def snooze(begin: Write, drift_id: UUID, body: Snooze, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = drifts.Snooze(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=drifts.snooze(tx, drift_id, wanted))
