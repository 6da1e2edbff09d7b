"""Questions without a child, their answers, and what was learnt."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from api.bodies import Body, Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import consultations
from levels.consultations import Limits

router = APIRouter(tags=["consultations"])
Reader = Annotated[Begin, Depends(needs("consultations:read"))]
Writer = Annotated[Begin, Depends(needs("consultations:write"))]
Ask = body_of(consultations.Ask)
Write = body_of(consultations.Write)
Propose = body_of(consultations.Propose)
ChooseLimits = body_of(consultations.ChooseLimits)
Short = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]


class Attach(Body):
    """The case whose log gets a copy."""

    case_id: UUID


class Addressee(BaseModel):
    """A service that gives advice."""

    id: UUID
    name: str


@router.get("/consultations", summary="What one has asked")
def mine(begin: Reader) -> list[consultations.Question]:
    with begin() as tx:
        return consultations.mine(tx)


@router.get("/consultations/received", summary="What is put to one's services")
def received(begin: Reader) -> list[consultations.Question]:
    with begin() as tx:
        return consultations.put_to_us(tx)


@router.get("/consultations/services", summary="Services one may ask")
def addressees(begin: Reader) -> list[Addressee]:
    with begin() as tx:
        return [Addressee(id=one, name=name) for one, name in consultations.addressees(tx)]


@router.get("/consultations/limits", summary="How soon, how long and how much, where one administers")
def limits(begin: Reader) -> Limits:
    with begin() as tx:
        return consultations.limits(tx)


@router.put("/consultations/limits", summary="Choose them, within the bounds")
def choose_limits(begin: Writer, body: ChooseLimits, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = consultations.ChooseLimits(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=consultations.choose_limits(tx, wanted))


@router.post("/consultations", status_code=201, summary="Ask a service, without a child")
def ask(begin: Writer, body: Ask, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=consultations.ask(tx, consultations.Ask(**body.values(), key=key)))  # type: ignore[attr-defined]


@router.get("/consultations/{consultation_id}", summary="One question with all that was said")
def thread(begin: Reader, consultation_id: UUID, response: Response) -> consultations.Thread:
    with begin() as tx:
        found = consultations.thread(tx, consultation_id)
    response.headers["ETag"] = f'"{found.question.version}"'
    return found


@router.post("/consultations/{consultation_id}/take", summary="Take a question that waits")
def take(begin: Writer, consultation_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=consultations.take(tx, consultation_id, version=version, key=key))


@router.post("/consultations/{consultation_id}/put-back", summary="Let a colleague take it")
def put_back(begin: Writer, consultation_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=consultations.put_back(tx, consultation_id, version=version, key=key))


@router.post("/consultations/{consultation_id}/answer", summary="Answer what one has taken")
def answer(begin: Writer, consultation_id: UUID, body: Write, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = consultations.Write(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=consultations.answer(tx, consultation_id, wanted))


@router.post("/consultations/{consultation_id}/follow-up", summary="Ask on")
def follow_up(begin: Writer, consultation_id: UUID, body: Write, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = consultations.Write(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=consultations.follow_up(tx, consultation_id, wanted))


@router.post("/consultations/{consultation_id}/close", summary="Close it, with thanks or without")
def close(begin: Writer, consultation_id: UUID, body: Write, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = consultations.Write(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=consultations.close(tx, consultation_id, wanted))


@router.post("/consultations/{consultation_id}/withdraw", summary="Take a question back")
def withdraw(begin: Writer, consultation_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=consultations.withdraw(tx, consultation_id, version=version, key=key))


@router.get("/consultations/{consultation_id}/cases", summary="Cases the advice may be copied to")
def attachable(begin: Reader, consultation_id: UUID) -> list[consultations.CaseChoice]:
    with begin() as tx:
        return consultations.attachable(tx, consultation_id)


@router.post(
    "/consultations/{consultation_id}/attach", summary="Copy the advice to a case; answers the case's id"
)
def attach(begin: Writer, consultation_id: UUID, body: Attach, key: Key) -> Made:
    with begin() as tx:
        return Made(id=consultations.attach(tx, consultation_id, body.case_id, key=key))


@router.post("/consultations/{consultation_id}/knowledge", summary="Propose a wording to be kept for all")
def propose(begin: Writer, consultation_id: UUID, body: Propose, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = consultations.Propose(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=consultations.propose(tx, consultation_id, wanted))


@router.post("/consultations/{consultation_id}/knowledge/agree", summary="Let it be kept")
def agree(begin: Writer, consultation_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=consultations.agree(tx, consultation_id, version=version, key=key))


@router.post("/consultations/{consultation_id}/knowledge/decline", summary="Say no to keeping it")
def decline(begin: Writer, consultation_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=consultations.decline(tx, consultation_id, version=version, key=key))


@router.get("/knowledge", summary="Search what was learnt")
def learnt(
    begin: Reader, q: Short = "", theme: Short = "", age_band: Short = "", sector: Short = ""
) -> list[consultations.Kept]:
    with begin() as tx:
        return consultations.learnt(tx, consultations.Wanted(q, theme, age_band, sector))


@router.get("/knowledge/{knowledge_id}", summary="One piece of it")
def one_kept(begin: Reader, knowledge_id: UUID, response: Response) -> consultations.Kept:
    with begin() as tx:
        found = consultations.one_kept(tx, knowledge_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post("/knowledge/{knowledge_id}/retire", summary="Lay aside what is no longer right")
def retire(begin: Writer, knowledge_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=consultations.retire(tx, knowledge_id, version=version, key=key))
