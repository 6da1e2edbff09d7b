"""The access log, odd readings, and why somebody sees a case. For the data protection officer, and for leaders."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.identity import Begin, needs
from casework import access_logs, readings, reasons

router = APIRouter(tags=["access"])
Read = Annotated[Begin, Depends(needs("audit:read"))]
USUAL = timedelta(days=30)


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


@router.get("/readings", summary="Odd readings: the officer's, or those one is asked about")
def listed(begin: Read) -> list[readings.Finding]:
    with begin() as tx:
        return readings.listed(tx)


@router.get(
    "/cases/{case_id}/reasons/{practitioner_id}",
    summary="Why somebody can or cannot see a case, rule by rule",
)
def why(begin: Read, case_id: UUID, practitioner_id: UUID) -> reasons.Why:
    with begin() as tx:
        return reasons.why(tx, practitioner_id, case_id)
