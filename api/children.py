"""Children and their families: searched for, registered and corrected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.bodies import Body, Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import children
from levels.homes import Home

router = APIRouter(tags=["children"])
Read = Annotated[Begin, Depends(needs("signals:read"))]
Write = Annotated[Begin, Depends(needs("signals:write"))]
RegisterChild = body_of(children.RegisterChild)
KeepGuardian = body_of(children.KeepGuardian)
Lives = body_of(Home)


class Protection(Body):
    """Whether the address is secret."""

    protected: bool


@router.get("/children", summary="Children in one's own units whose names begin with the words")
def search_children(
    begin: Read, q: Annotated[str, Query(min_length=2, max_length=100, pattern=r"^[^\x00]*$")]
) -> list[children.ChildSummary]:
    with begin() as tx:
        return children.search(tx, q)


@router.post("/children", status_code=201, summary="Register a child in one's own unit")
def register(begin: Write, body: RegisterChild, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = children.RegisterChild(**body.values())  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=children.register(tx, wanted, keys=begin.keys, key=key))


@router.get("/children/{child_id}/guardians", summary="A child's guardians, for whoever meets it in a file")
def guardians(begin: Read, child_id: UUID) -> list[children.GuardianSummary]:
    with begin() as tx:
        return list(children.family(tx, child_id).guardians)


@router.post("/children/{child_id}/guardians", status_code=201, summary="Write down a guardian")
def add_guardian(begin: Write, child_id: UUID, body: KeepGuardian, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        made = children.add_guardian(tx, child_id, **body.values(), keys=begin.keys, key=key)  # type: ignore[attr-defined]
        return Made(id=made)


@router.post(
    "/children/{child_id}/protection", summary="Mark that where a child lives is kept secret, or no more"
)
def protect(begin: Write, child_id: UUID, body: Protection, key: Key) -> Made:
    with begin() as tx:
        return Made(id=children.protect(tx, child_id, protected=body.protected, key=key))


@router.put("/children/{child_id}/home", summary="Say where a child lives; only a mark is kept of it")
def tell_home(begin: Write, child_id: UUID, body: Lives, key: Key) -> Made:  # type: ignore[valid-type]
    told = Home(**body.values())  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=children.tell_home(tx, child_id, told, keys=begin.keys, key=key))


@router.put("/guardians/{guardian_id}", summary="Change a guardian's particulars")
def keep_guardian(begin: Write, guardian_id: UUID, body: KeepGuardian, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = children.KeepGuardian(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=children.keep_guardian(tx, guardian_id, wanted, keys=begin.keys))
