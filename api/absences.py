"""Days away from work and who stands in; and all of one person's batons moved in one act."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from api.bodies import Body, Made, Text, body_of
from api.identity import Begin, Key, Version, needs
from casework import absences, handovers

router = APIRouter(tags=["absences"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
SetAbsence = body_of(absences.SetAbsence)


class MoveBatons(Body):
    """Where one person's batons go, and why; without a receiver, each to the leader of its unit."""

    reason: Text
    to_id: UUID | None = None
    instead_id: UUID | None = None
    each: dict[UUID, UUID] = {}


class Moved(BaseModel):
    """How many batons were moved."""

    moved: int


@router.get("/absences", summary="One's own days away that are not over")
def mine(begin: Read) -> list[absences.AbsenceDetails]:
    with begin() as tx:
        return absences.mine(tx)


@router.post("/absences", status_code=201, summary="Be away")
def register(begin: Write, body: SetAbsence, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = absences.SetAbsence(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=absences.register(tx, tx.actor.id, wanted))


@router.get("/people/{practitioner_id}/absences", summary="A colleague's days away, for whoever leads")
def of_colleague(begin: Read, practitioner_id: UUID) -> list[absences.AbsenceDetails]:
    with begin() as tx:
        return absences.of_colleague(tx, practitioner_id)[1]


@router.post("/people/{practitioner_id}/absences", status_code=201, summary="Say that a colleague is away")
def register_colleague(begin: Write, practitioner_id: UUID, body: SetAbsence, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = absences.SetAbsence(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=absences.register(tx, practitioner_id, wanted))


@router.get("/absences/{absence_id}", summary="One absence")
def one(begin: Read, absence_id: UUID, response: Response) -> absences.AbsenceDetails:
    with begin() as tx:
        found = absences.one(tx, absence_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.put("/absences/{absence_id}", summary="Other days, or somebody else who stands in")
def change(begin: Write, absence_id: UUID, body: SetAbsence, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = absences.SetAbsence(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=absences.change(tx, absence_id, wanted))


@router.post("/absences/{absence_id}/end", summary="Back at work, or not going away after all")
def end(begin: Write, absence_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=absences.end(tx, absence_id, version=version, key=key))


@router.get("/units/batons", summary="Who holds how many batons in the units one leads", tags=["baton"])
def in_my_units(begin: Read) -> list[handovers.Holding]:
    with begin() as tx:
        return handovers.in_my_units(tx)


@router.post("/people/{practitioner_id}/batons", summary="Move all of one person's batons", tags=["baton"])
def hand_over_all(begin: Write, practitioner_id: UUID, body: MoveBatons, key: Key) -> Moved:
    wanted = handovers.MoveBatons(**body.values(), key=key)
    with begin() as tx:
        return Moved(moved=handovers.hand_over_all(tx, practitioner_id, wanted))
