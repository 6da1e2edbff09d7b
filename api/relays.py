"""The baton: offered, accepted, declined, taken back, taken over."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.bodies import Body, Made, Reason, Text, body_of
from api.identity import Begin, Key, Version, needs
from casework import relays

router = APIRouter(tags=["baton"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
OfferBaton = body_of(relays.OfferBaton)


class TakeOver(Body):
    """Whom the leader gives the baton, and why. `considered` says that a sign of a tie between the new holder and the
    family has been considered.
    """

    to_id: UUID
    reason: Text
    considered: bool = False


class Accept(Body):
    """`considered` says that a sign of a tie to the family (`signs` of the offer) has been considered."""

    considered: bool = False


@router.get("/batons", summary="Batons that wait for one's answer")
def offered_to_me(begin: Read) -> list[relays.BatonOffer]:
    with begin() as tx:
        return relays.offered_to_me(tx)


@router.get("/batons/{handover_id}", summary="One offer")
def seen(begin: Read, handover_id: UUID) -> relays.BatonOffer:
    with begin() as tx:
        return relays.seen(tx, handover_id)


@router.get("/cases/{case_id}/baton/candidates", summary="Who may take the baton")
def candidates(
    begin: Read, case_id: UUID, q: Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")] = ""
) -> list[relays.Candidate]:
    with begin() as tx:
        return relays.candidates(tx, case_id, words=q)


@router.post("/cases/{case_id}/baton", status_code=201, summary="Offer the baton")
def offer(begin: Write, case_id: UUID, body: OfferBaton, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = relays.OfferBaton(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=relays.offer(tx, case_id, wanted))


@router.post("/cases/{case_id}/baton/take-over", summary="The leader moves the baton")
def take_over(begin: Write, case_id: UUID, body: TakeOver, key: Key) -> Made:
    with begin() as tx:
        return Made(id=relays.take_over(tx, case_id, **body.values(), key=key))


@router.post("/batons/{handover_id}/accept", summary="Take the baton")
def accept(begin: Write, handover_id: UUID, key: Key, body: Accept | None = None) -> Made:
    with begin() as tx:
        return Made(id=relays.accept(tx, handover_id, **(body or Accept()).values(), key=key))


@router.post("/batons/{handover_id}/decline", summary="Say no, with a reason")
def decline(begin: Write, handover_id: UUID, body: Reason, key: Key) -> Made:
    with begin() as tx:
        return Made(id=relays.decline(tx, handover_id, **body.values(), key=key))


@router.post("/batons/{handover_id}/withdraw", summary="Take the offer back")
def withdraw(begin: Write, handover_id: UUID, key: Key) -> Made:
    with begin() as tx:
        return Made(id=relays.withdraw(tx, handover_id, key=key))
