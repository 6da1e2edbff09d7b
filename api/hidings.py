"""What a case keeps from the family: listed, and looked at again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import hidings

router = APIRouter(tags=["hidden from the family"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
Review = body_of(hidings.Review)


@router.get(
    "/cases/{case_id}/hidings", summary="What a case keeps from the family, the first to look at first"
)
def of_case(begin: Read, case_id: UUID) -> list[hidings.Hidden]:
    with begin() as tx:
        return hidings.of_case(tx, case_id)


@router.get(
    "/hidings/{hiding_id}", summary="A hidden entry or attachment by its own id, with every look at it so far"
)
def one(begin: Read, hiding_id: UUID, response: Response) -> hidings.Hiding:
    with begin() as tx:
        found = hidings.one(tx, hiding_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post(
    "/hidings/{hiding_id}",
    summary="Show it to the family, or keep it with a reason and a new day; answers the case",
)
def review(begin: Write, hiding_id: UUID, body: Review, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = hidings.Review(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=hidings.review(tx, hiding_id, wanted))
