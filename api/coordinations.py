"""Services called in: invitations, answers, reminders, withdrawals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.bodies import Body, Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, coordinations, staff

router = APIRouter(tags=["services"])
Read = Annotated[Begin, Depends(needs("services:read"))]
Write = Annotated[Begin, Depends(needs("services:write"))]
Asked = body_of(coordinations.Ask)
Reply = body_of(coordinations.Reply)


class Invite(Body):
    """The services to call in."""

    services: Annotated[tuple[Asked, ...], Field(min_length=1, max_length=20)]  # type: ignore[valid-type]


@router.get("/cases/{case_id}/services", summary="Services one may call in for this case")
def services(begin: Read, case_id: UUID) -> list[staff.ServiceSummary]:
    with begin() as tx:
        return staff.services_near(tx, cases.head(tx, case_id).municipality_id)


@router.get("/cases/{case_id}/invitations", summary="Every service asked in this case")
def of_case(begin: Read, case_id: UUID) -> list[coordinations.InvitationSummary]:
    with begin() as tx:
        cases.head(tx, case_id)
        return coordinations.of_case(tx, case_id)


@router.post("/cases/{case_id}/invitations", status_code=201, summary="Call services in")
def invite(begin: Write, case_id: UUID, body: Invite, key: Key) -> Made:
    asked = tuple(coordinations.Ask(**one.values()) for one in body.services)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=coordinations.invite(tx, case_id, asked, key=key))


@router.get("/invitations", summary="Invitations to one's services")
def asked_of_me(begin: Read) -> list[coordinations.InvitationDetails]:
    with begin() as tx:
        return coordinations.asked_of_me(tx)


@router.get("/invitations/{invitation_id}", summary="One invitation")
def seen(begin: Read, invitation_id: UUID, response: Response) -> coordinations.InvitationDetails:
    with begin() as tx:
        found = coordinations.seen(tx, invitation_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post("/invitations/{invitation_id}/reply", summary="Answer for one's service")
def reply(begin: Write, invitation_id: UUID, body: Reply, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = coordinations.Reply(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=coordinations.reply(tx, invitation_id, wanted))


@router.post("/invitations/{invitation_id}/remind", summary="Send a reminder")
def remind(begin: Write, invitation_id: UUID, key: Key) -> Made:
    with begin() as tx:
        return Made(id=coordinations.remind(tx, invitation_id, key=key))


@router.post("/invitations/{invitation_id}/withdraw", summary="Take the service out of the case")
def withdraw(begin: Write, invitation_id: UUID, key: Key) -> Made:
    with begin() as tx:
        return Made(id=coordinations.withdraw(tx, invitation_id, key=key))
