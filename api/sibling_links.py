"""Siblings side by side: what two linked files share, to those who may see both."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, meetings, sibling_links

router = APIRouter(tags=["siblings"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
LinkSiblings = body_of(sibling_links.LinkSiblings)
PlanTogether = body_of(sibling_links.PlanTogether)
CallMeeting = body_of(meetings.CallMeeting)


@router.get("/cases/{case_id}/siblings", summary="The linked files that you may see too")
def of_case(begin: Read, case_id: UUID) -> list[sibling_links.Sibling]:
    with begin() as tx:
        cases.head(tx, case_id)
        return sibling_links.of_case(tx, case_id)


@router.post(
    "/cases/{case_id}/siblings", status_code=201, summary="Link two siblings' files, with everybody's yes"
)
def link(begin: Write, case_id: UUID, body: LinkSiblings, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = sibling_links.LinkSiblings(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=sibling_links.link(tx, case_id, wanted))


@router.post("/cases/{case_id}/siblings/{link_id}/end", summary="End a link; each file keeps what is in it")
def end(begin: Write, case_id: UUID, link_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=sibling_links.end(tx, case_id, link_id, version=version, key=key))


@router.post(
    "/cases/{case_id}/siblings/{link_id}/measures",
    status_code=201,
    summary="Plan the same measure in both files",
)
def plan(begin: Write, case_id: UUID, link_id: UUID, body: PlanTogether, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = sibling_links.PlanTogether(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=sibling_links.plan_measure(tx, case_id, link_id, wanted))


@router.post(
    "/cases/{case_id}/siblings/{link_id}/meetings",
    status_code=201,
    summary="Call the same meeting in both files",
)
def meet(begin: Write, case_id: UUID, link_id: UUID, body: CallMeeting, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = meetings.CallMeeting(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=sibling_links.call_meeting(tx, case_id, link_id, wanted))
