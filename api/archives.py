"""Closed cases on their way to the municipality's archive."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import archives

router = APIRouter(tags=["archives"])
Read = Annotated[Begin, Depends(needs("archives:read"))]
Write = Annotated[Begin, Depends(needs("archives:write"))]
TakeOver = body_of(archives.TakeOver)


@router.get("/archives", summary="What waits for the archive, and what it has taken over")
def waiting(begin: Read) -> list[archives.Delivery]:
    with begin() as tx:
        return archives.waiting(tx)


@router.get("/archives/{delivery_id}", summary="One package: where it stands")
def delivery(begin: Read, delivery_id: UUID) -> archives.Delivery:
    with begin() as tx:
        return archives.one(tx, delivery_id)


@router.get(
    "/archives/{delivery_id}/package",
    summary="The package, with its SHA-256 in Digest; every time is noted in the case's trail",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "The package"}},
)
def package(begin: Read, delivery_id: UUID) -> Response:
    with begin() as tx:
        found = archives.fetch(tx, delivery_id)
    return Response(
        found.content, media_type="application/zip", headers={"Digest": f"sha-256={found.digest}"}
    )


@router.post("/archives/{delivery_id}/take-over", summary="The archive has it, and calls it this")
def take_over(begin: Write, delivery_id: UUID, body: TakeOver, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = archives.TakeOver(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=archives.take_over(tx, delivery_id, wanted))
