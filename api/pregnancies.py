"""Files that are not about one born child: pregnancies and what became of them, classes and groups."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, children

router = APIRouter(tags=["children"])
Write = Annotated[Begin, Depends(needs("signals:write"))]
Move = Annotated[Begin, Depends(needs("cases:write"))]
RegisterPregnancy = body_of(children.RegisterPregnancy)
RegisterGroup = body_of(children.RegisterGroup)
RecordBirth = body_of(cases.RecordBirth)


@router.post("/pregnancies", status_code=201, summary="Register a pregnancy that one's own unit follows")
def register_pregnancy(begin: Write, body: RegisterPregnancy, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = children.RegisterPregnancy(**body.values())  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=children.register_pregnancy(tx, wanted, key=key))


@router.post(
    "/groups", status_code=201, summary="Register a class or a group in one's own unit, naming nobody in it"
)
def register_group(begin: Write, body: RegisterGroup, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = children.RegisterGroup(**body.values())  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=children.register_group(tx, wanted, key=key))


@router.post(
    "/pregnancies/{pregnancy_id}/birth", summary="The child is born: everybody with responsibility answers"
)
def record_birth(begin: Move, pregnancy_id: UUID, body: RecordBirth, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = cases.RecordBirth(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        cases.record_birth(tx, pregnancy_id, wanted, keys=begin.keys)
    return Made(id=pregnancy_id)


@router.post(
    "/pregnancies/{pregnancy_id}/end", summary="The pregnancy ended: its case is closed, nothing is sent"
)
def end_pregnancy(begin: Move, pregnancy_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        cases.end_pregnancy(tx, pregnancy_id, version=version, key=key)
    return Made(id=pregnancy_id)
