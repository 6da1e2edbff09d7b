"""The access log, odd readings, and why somebody sees a case. For the data protection officer, and for leaders."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from api.bodies import Made, body_of
from api.identity import Begin, Key, Version, needs
from casework import access_logs, readings, reasons

router = APIRouter(tags=["access"])
Read = Annotated[Begin, Depends(needs("audit:read"))]
Write = Annotated[Begin, Depends(needs("audit:write"))]
USUAL = timedelta(days=30)
FindChild = body_of(access_logs.FindChild)
Decide = body_of(readings.Decide)
Answer = body_of(readings.Answer)


class Person(BaseModel):
    """Somebody who works or has worked here."""

    id: UUID
    name: str


@router.get(
    "/access-log", summary="Who did what and when, newest first, a page at a time; children without names"
)
def search(
    begin: Read,
    since: date | None = None,
    until: date | None = None,
    person_id: UUID | None = None,
    child_id: UUID | None = None,
    kind: Annotated[str, Query(max_length=20, description="reads, emergencies, attempts or log_reads")] = "",
    after: Annotated[UUID | None, Query(description="`following` of the page before")] = None,
) -> access_logs.LinePage:
    with begin() as tx:
        last = until or tx.today
        wanted = access_logs.Wanted(since or last - USUAL, last, person_id, child_id, kind)
        return access_logs.search(tx, wanted, after=after)


@router.get("/access-log/trail", summary="When the trail was verified, and whether it holds")
def trail(begin: Read) -> access_logs.TrailState:
    with begin() as tx:
        return access_logs.trail_state(tx)


@router.get("/access-log/people", summary="Whose reads may be searched for")
def people(begin: Read) -> list[Person]:
    with begin() as tx:
        return [Person(id=one, name=name) for one, name in access_logs.people(tx)]


@router.post(
    "/access-log/child", summary="The opaque id of the child somebody asks about; noted, found or not"
)
def find_child(begin: Write, body: FindChild) -> Made:  # type: ignore[valid-type]
    wanted = access_logs.FindChild(**body.values())  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=access_logs.find_child(tx, wanted, keys=begin.keys))


@router.post("/access-log/check", status_code=202, summary="Have the whole trail verified now")
def check(begin: Write, key: Key) -> None:
    with begin() as tx:
        access_logs.ask_for_check(tx, key=key)


@router.get("/readings", summary="Odd readings: the officer's, or those one is asked about")
def listed(begin: Read) -> list[readings.Finding]:
    with begin() as tx:
        return readings.listed(tx)


@router.get("/readings/{reading_id}", summary="One finding with its reads; noted")
def page(begin: Read, reading_id: UUID, response: Response) -> readings.FindingPage:
    with begin() as tx:
        found = readings.page(tx, reading_id)
    response.headers["ETag"] = f'"{found.finding.version}"'
    return found


@router.post("/readings/{reading_id}/decision", summary="Ask, pass on, explain or report it")
def decide(begin: Write, reading_id: UUID, body: Decide, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = readings.Decide(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=readings.decide(tx, reading_id, wanted))


@router.post("/readings/{reading_id}/answer", summary="Say what it was for, when one is asked")
def answer(begin: Write, reading_id: UUID, body: Answer, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = readings.Answer(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=readings.answer(tx, reading_id, wanted))


@router.get("/reasons/people", summary="Whom one may ask about")
def colleagues(begin: Read) -> list[reasons.Colleague]:
    with begin() as tx:
        return reasons.colleagues(tx)


@router.get("/reasons/case", summary="The id of the case of that number, if it is one to ask about")
def case_by_number(
    begin: Read, number: Annotated[str, Query(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
) -> Made:
    with begin() as tx:
        return Made(id=reasons.case_by_number(tx, number))


@router.get(
    "/cases/{case_id}/reasons/{practitioner_id}",
    summary="Why somebody can or cannot see a case, rule by rule",
)
def why(begin: Read, case_id: UUID, practitioner_id: UUID) -> reasons.Why:
    with begin() as tx:
        return reasons.why(tx, practitioner_id, case_id)
