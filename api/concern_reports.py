"""Reports of concern, never held back, with an honest receipt."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.bodies import Made, body_of
from api.identity import Begin, Key, needs
from casework import concern_reports

router = APIRouter(tags=["reports of concern"])
Read = Annotated[Begin, Depends(needs("reports:read"))]
Write = Annotated[Begin, Depends(needs("reports:write"))]
SendReport = body_of(concern_reports.SendReport)
Considered = Annotated[
    bool,
    Query(
        description="Whether a sign of a tie between oneself and the family has been considered: asked of the first "
        "reader when the registers show one."
    ),
]


@router.post(
    "/children/{child_id}/concern-reports", status_code=201, summary="Report a concern about a child"
)
def about_child(begin: Write, child_id: UUID, body: SendReport, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = concern_reports.SendReport(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=concern_reports.about_child(tx, child_id, wanted))


@router.post("/signals/{signal_id}/concern-reports", status_code=201, summary="Report what a worry says")
def from_signal(begin: Write, signal_id: UUID, body: SendReport, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = concern_reports.SendReport(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=concern_reports.from_signal(tx, signal_id, wanted))


@router.post(
    "/cases/{case_id}/concern-reports",
    status_code=201,
    summary="Report from a case, which is told that it was done and not what",
)
def from_case(begin: Write, case_id: UUID, body: SendReport, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = concern_reports.SendReport(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=concern_reports.from_case(tx, case_id, wanted))


@router.get("/concern-reports", summary="One's own reports, and what became of them")
def sent_by_me(begin: Read) -> list[concern_reports.ReportSummary]:
    with begin() as tx:
        return concern_reports.sent_by_me(tx)


@router.get("/concern-reports/inbox", summary="Reports received by one's child welfare service")
def inbox(begin: Read) -> list[concern_reports.ReportSummary]:
    with begin() as tx:
        return concern_reports.inbox(tx)


@router.get("/concern-reports/{report_id}", summary="Read a report; the first reader there opens it")
def seen(begin: Read, report_id: UUID, considered: Considered = False) -> concern_reports.ReportSummary:
    with begin() as tx:
        return concern_reports.seen(tx, report_id, considered=considered)
