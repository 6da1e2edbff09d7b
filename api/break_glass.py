"""Reading in an emergency: for whoever is on duty in child welfare, and for the leader afterwards."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import break_glass

router = APIRouter(tags=["emergency reads"])
Read = Annotated[Begin, Depends(needs("emergencies:read"))]
Write = Annotated[Begin, Depends(needs("emergencies:write"))]
Break = body_of(break_glass.Break)
Review = body_of(break_glass.Review)


@router.get("/emergency-reads", summary="One's own, and those of the service one leads")
def listed(begin: Read) -> list[break_glass.Broken]:
    with begin() as tx:
        return break_glass.listed(tx)


@router.post(
    "/emergency-reads",
    status_code=201,
    summary="See the least one must know of a child, for a few hours; the leader is told",
)
def break_it(begin: Write, body: Break, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = break_glass.Break(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=break_glass.break_glass(tx, wanted))


@router.get("/emergency-reads/{glass_id}", summary="That it was done, why, and what the leader found")
def one(begin: Read, glass_id: UUID, response: Response) -> break_glass.Broken:
    with begin() as tx:
        found = break_glass.one(tx, glass_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.get(
    "/emergency-reads/{glass_id}/behind", summary="What is behind it while it is open; noted every time"
)
def behind(begin: Read, glass_id: UUID) -> break_glass.Behind:
    with begin() as tx:
        return break_glass.behind(tx, glass_id)


@router.post("/emergency-reads/{glass_id}/review", summary="Say, as the leader, whether it was justified")
def review(begin: Write, glass_id: UUID, body: Review, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = break_glass.Review(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=break_glass.review(tx, glass_id, wanted))
