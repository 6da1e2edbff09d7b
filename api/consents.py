"""Consents: who must answer, asking, and writing answers down."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.bodies import Body, Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import cases, consents

router = APIRouter(tags=["consents"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
Question = body_of(consents.Question)
Answer = body_of(consents.Answer)


class Ask(Body):
    """What to ask everybody who must answer."""

    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=20)]  # type: ignore[valid-type]


@router.get("/cases/{case_id}/consents", summary="Every answer, person by person")
def of_case(begin: Read, case_id: UUID) -> list[consents.ConsentSummary]:
    with begin() as tx:
        cases.head(tx, case_id)
        return consents.of_case(tx, case_id)


@router.post("/cases/{case_id}/consents", status_code=201, summary="Ask about sharing with services")
def ask(begin: Write, case_id: UUID, body: Ask, key: Key) -> list[UUID]:
    questions = tuple(consents.Question(**one.values()) for one in body.questions)  # type: ignore[attr-defined]
    with begin() as tx:
        return consents.ask(tx, case_id, questions, key=key)


@router.get("/consents/{consent_id}/text", summary="A question as it is read before it is answered; noted")
def with_text(
    begin: Read, consent_id: UUID, language: Annotated[str, Query(pattern="^([a-z]{2,3})?$")] = ""
) -> consents.Recording:
    with begin() as tx:
        return consents.with_text(tx, consent_id, language)


@router.post("/consents/{consent_id}/answer", summary="Write down an answer, or that it is taken back")
def record(begin: Write, consent_id: UUID, body: Answer, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = consents.Answer(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=consents.record(tx, consent_id, wanted))
