"""A family moves: the case is offered to the next municipality, and the pack is fetched for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import relocations
from casework.attachments import Listed

router = APIRouter(tags=["relocations"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
OfferCase = body_of(relocations.OfferCase)
RecordAnswer = body_of(relocations.RecordAnswer)
TakeCase = body_of(relocations.TakeCase)
RefuseCase = body_of(relocations.RefuseCase)


class SeenHere(BaseModel):
    """A family that moves to one's unit, with what is handed over."""

    offer: relocations.OfferHere
    pack: relocations.Pack


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


@router.get("/cases/{case_id}/relocations/attachments", summary="The documents that may go along")
def movable(begin: Write, case_id: UUID) -> list[Listed]:
    with begin() as tx:
        return list(relocations.movable(tx, case_id))


@router.get("/relocations/{relocation_id}/pack", summary="What the family said may be handed over")
def pack(begin: Write, relocation_id: UUID) -> relocations.Pack:
    with begin() as tx:
        return relocations.pack(tx, relocation_id)


@router.get(
    "/relocations/{relocation_id}/pack.zip",
    summary="The same with its documents, to read and for a machine; every time is noted",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "The pack"}},
)
def whole_pack(begin: Write, relocation_id: UUID) -> Response:
    with begin() as tx:
        found, contents = relocations.with_contents(tx, relocation_id)
        language = tx.actor.language
    headers = {"Content-Disposition": "attachment; filename=overforing.zip"}
    return Response(
        relocations.zipped(found, contents, language), media_type="application/zip", headers=headers
    )


@router.post("/relocations/{relocation_id}/answer", status_code=201, summary="Write down what they answered")
def record(begin: Write, relocation_id: UUID, body: RecordAnswer, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = relocations.RecordAnswer(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=relocations.record(tx, relocation_id, wanted))


@router.post("/relocations/{relocation_id}/withdraw", status_code=201, summary="Take the offer back")
def withdraw(begin: Write, relocation_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=relocations.withdraw(tx, relocation_id, version=version, key=key))


@router.get("/moving-in", summary="Families that move to a unit one leads")
def offered_here(begin: Read) -> list[relocations.OfferHere]:
    with begin() as tx:
        return relocations.offered_here(tx)


@router.get("/moving-in/{moving_id}", summary="One of them, with what is handed over")
def seen(begin: Read, moving_id: UUID) -> SeenHere:
    with begin() as tx:
        offer, pack = relocations.seen(tx, moving_id)
    return SeenHere(offer=offer, pack=pack)


@router.post("/moving-in/{moving_id}/take", status_code=201, summary="Open the case here; it closes there")
def take(begin: Write, moving_id: UUID, body: TakeCase, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = relocations.TakeCase(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=relocations.take(tx, moving_id, wanted))


@router.post("/moving-in/{moving_id}/refuse", status_code=201, summary="Say no, with a reason")
def refuse(begin: Write, moving_id: UUID, body: RefuseCase, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = relocations.RefuseCase(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        relocations.refuse(tx, moving_id, wanted)
    return Made(id=moving_id)


@router.get("/cases/{case_id}/arrival", summary="What came with the case from another municipality")
def arrival(begin: Read, case_id: UUID) -> relocations.Pack:
    with begin() as tx:
        return relocations.arrival(tx, case_id)
