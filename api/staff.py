"""Services and people, as an administrator keeps them; figures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from api.bodies import Body, Made, Short, body_of
from api.identity import Begin, Key, Version, needs
from casework import indicators, staff

router = APIRouter(tags=["staff"])
Read = Annotated[Begin, Depends(needs("staff:read"))]
Write = Annotated[Begin, Depends(needs("staff:write"))]
Figures = Annotated[Begin, Depends(needs("figures:read"))]
KeepService = body_of(staff.KeepService)
AddPerson = body_of(staff.AddPerson)


class GiveRole(Body):
    """One more role."""

    service_id: UUID
    role: Short


@router.get("/services", summary="Every service where one administers")
def services(begin: Read) -> list[staff.ServiceSummary]:
    with begin() as tx:
        return staff.services(tx)


@router.post("/municipalities/{municipality_id}/services", status_code=201, summary="Set up a service")
def open_service(begin: Write, municipality_id: UUID, body: KeepService, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=staff.open_service(tx, municipality_id, staff.KeepService(**body.values(), key=key)))  # type: ignore[attr-defined]


@router.put("/services/{service_id}", summary="Change a service's particulars")
def change_service(begin: Write, service_id: UUID, body: KeepService, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = staff.KeepService(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=staff.change_service(tx, service_id, wanted))


@router.get("/people", summary="Colleagues where one administers")
def people(
    begin: Read, q: Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")] = ""
) -> list[staff.PersonSummary]:
    with begin() as tx:
        return staff.people(tx, words=q)


@router.post("/people", status_code=201, summary="Take in a colleague")
def add_person(begin: Write, body: AddPerson, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=staff.add_person(tx, staff.AddPerson(**body.values(), key=key), keys=begin.keys))  # type: ignore[attr-defined]


@router.get("/people/{practitioner_id}", summary="One colleague")
def person(begin: Read, practitioner_id: UUID, response: Response) -> staff.PersonSummary:
    with begin() as tx:
        found = staff.person(tx, practitioner_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post("/people/{practitioner_id}/roles", status_code=201, summary="Give one more role")
def give_role(begin: Write, practitioner_id: UUID, body: GiveRole, key: Key) -> Made:
    with begin() as tx:
        return Made(id=staff.give_role(tx, practitioner_id, **body.values(), key=key))


@router.post("/roles/{assignment_id}/end", summary="End a role")
def end_role(begin: Write, assignment_id: UUID, key: Key) -> Made:
    with begin() as tx:
        return Made(id=staff.end_role(tx, assignment_id, key=key))


@router.post("/people/{practitioner_id}/leave", summary="A colleague has left")
def leave(begin: Write, practitioner_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=staff.leave(tx, practitioner_id, version=version, key=key))


@router.get(
    "/municipalities/{municipality_id}/figures", summary="Figures, small numbers hidden", tags=["figures"]
)
def figures(begin: Figures, municipality_id: UUID) -> list[indicators.Shown]:
    with begin() as tx:
        return indicators.of_municipality(tx, municipality_id)
