"""A family moves: the case is offered to the next municipality, and the pack is fetched for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import relocations

router = APIRouter(tags=["relocations"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
OfferCase = body_of(relocations.OfferCase)
RecordAnswer = body_of(relocations.RecordAnswer)


@router.get("/cases/{case_id}/relocations", summary="What has been offered to other municipalities")
def of_case(begin: Read, case_id: UUID) -> list[relocations.RelocationSummary]:
    with begin() as tx:
        return relocations.of_case(tx, case_id)


@router.post(
    "/cases/{case_id}/relocations", status_code=201, summary="Offer the case to where the family moves"
)
def offer(begin: Write, case_id: UUID, body: OfferCase, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = relocations.OfferCase(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=relocations.offer(tx, case_id, wanted))


@router.get("/relocations/{relocation_id}/pack", summary="What the family said may be handed over")
def pack(begin: Write, relocation_id: UUID) -> relocations.Pack:
    with begin() as tx:
        return relocations.pack(tx, relocation_id)


@router.post("/relocations/{relocation_id}/answer", status_code=201, summary="Write down what they answered")
def record(begin: Write, relocation_id: UUID, body: RecordAnswer, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = relocations.RecordAnswer(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=relocations.record(tx, relocation_id, wanted))


@router.post("/relocations/{relocation_id}/withdraw", status_code=201, summary="Take the offer back")
def withdraw(begin: Write, relocation_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=relocations.withdraw(tx, relocation_id, version=version, key=key))
