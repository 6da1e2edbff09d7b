"""What staff do for the family: letting it in, and answering what it says. The family itself has no tokens."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.bodies import Body, Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, families
from casework.access import Permission

router = APIRouter(tags=["families"])
Read = Annotated[Begin, Depends(needs("families:read"))]
Write = Annotated[Begin, Depends(needs("families:write"))]
AnswerWord = body_of(families.AnswerWord)


class HandOut(Body):
    """Which parent the code is for; without one, the child itself."""

    guardian_id: UUID | None = None


@router.post(
    "/cases/{case_id}/family-codes",
    status_code=201,
    summary="A code for one of the family to come in by; it is told this once, also under the same key",
)
def hand_out(begin: Write, case_id: UUID, body: HandOut, key: Key) -> families.Code:
    with begin() as tx:
        return families.hand_out(tx, case_id, body.guardian_id, key=key)


@router.get("/cases/{case_id}/family-words", summary="What the family has said, for whoever answers it")
def said(begin: Read, case_id: UUID) -> list[families.Word]:
    with begin() as tx:
        cases.head(tx, case_id, Permission.ANSWER_FAMILY)
        return families.of_case(tx, case_id)


@router.get("/family-words/{word_id}", summary="One thing the family said, and the answer so far")
def word(begin: Read, word_id: UUID, response: Response) -> families.Word:
    with begin() as tx:
        found = families.word(tx, word_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post("/family-words/{word_id}/answer", summary="Answer the family; answers the case's id")
def answer(begin: Write, word_id: UUID, body: AnswerWord, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = families.AnswerWord(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=families.answer_word(tx, word_id, wanted))
