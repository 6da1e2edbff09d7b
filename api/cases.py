"""Cases: their pages, moves, steps, log, readers and archive."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from api.bodies import Body, Made, Short, Text, body_of
from api.identity import Begin, Key, Version, needs
from casework import audit, cases, child_views, logs
from levels.child_views import SayView

router = APIRouter(tags=["cases"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
ChangeLevel = body_of(cases.ChangeLevel)
CloseCase = body_of(cases.CloseCase)
PauseCase = body_of(cases.PauseCase)
WriteEntry = body_of(logs.WriteEntry)


class Reopen(Body):
    """Where a closed case opens again, and why."""

    to: Short
    reason: Text
    holder_id: UUID | None = None


class DoStep(Body):
    """A step finished, or passed by with a reason."""

    skip: bool = False
    note: Text = ""


ChildView = body_of(SayView)


class ChangeGuide(Body):
    """The version of the guide to move to."""

    guide_id: UUID


class Ways(BaseModel):
    """Where a case stands and every way onward."""

    head: cases.CaseHead
    ways: tuple[cases.Way, ...]


def _tagged(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


@router.get("/cases", summary="One's cases by next deadline, a page at a time")
def mine(
    begin: Read,
    response: Response,
    q: Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")] = "",
    group: Annotated[str | None, Query(pattern="^(overdue|this_week|waiting|on_track)$")] = None,
    level: Annotated[int | None, Query(ge=0, le=3)] = None,
    closed: bool = False,
    after: Annotated[UUID | None, Query(description="the last id of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> cases.Worklist:
    wanted = cases.Wanted(q, group, level, closed=closed, after=str(after) if after else None, limit=limit)
    with begin() as tx:
        found = cases.mine(tx, wanted)
    if found.next_cursor:
        response.headers["Link"] = f'<?after={found.next_cursor}&limit={limit}>; rel="next"'
    return found


@router.get("/cases/{case_id}", summary="The whole case; reading it is noted")
def details(begin: Read, case_id: UUID, response: Response) -> cases.CaseDetails:
    with begin() as tx:
        found = cases.details(tx, case_id)
    _tagged(response, found.head.version)
    return found


@router.get("/cases/{case_id}/ways", summary="Every way onward, with the guide's verdict and what is missing")
def ways(begin: Read, case_id: UUID, response: Response) -> Ways:
    with begin() as tx:
        head, found = cases.ways(tx, case_id)
    _tagged(response, head.version)
    return Ways(head=head, ways=found)


@router.post("/cases/{case_id}/level", summary="Move the case by one of its guide's outcomes")
def change_level(begin: Write, case_id: UUID, body: ChangeLevel, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = cases.ChangeLevel(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=cases.change_level(tx, case_id, wanted))


@router.post("/cases/{case_id}/close", summary="Close the case and archive it")
def close(begin: Write, case_id: UUID, body: CloseCase, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = cases.CloseCase(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=cases.close(tx, case_id, wanted))


@router.post("/cases/{case_id}/reopen", summary="Open a closed case again")
def reopen(begin: Write, case_id: UUID, body: Reopen, key: Key) -> Made:
    with begin() as tx:
        return Made(id=cases.reopen(tx, case_id, **body.values(), key=key))


@router.post("/cases/{case_id}/pause", summary="Let the case stand still until a day, its clocks with it")
def pause(begin: Write, case_id: UUID, body: PauseCase, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = cases.PauseCase(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=cases.pause(tx, case_id, wanted))


@router.post("/cases/{case_id}/go-on", summary="Take up a case that stands still, before its day")
def go_on(begin: Write, case_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=cases.go_on(tx, case_id, version=version, key=key))


@router.post("/cases/{case_id}/steps/{step_id}", summary="Finish or pass by a step of the guide")
def do_step(begin: Write, case_id: UUID, step_id: Short, body: DoStep, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=cases.do_step(tx, case_id, step_id, **body.values(), version=version, key=key))


@router.post("/cases/{case_id}/guide", summary="Move the case to another version of its guide")
def change_guide(begin: Write, case_id: UUID, body: ChangeGuide, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=cases.change_guide(tx, case_id, **body.values(), version=version, key=key))


@router.get("/cases/{case_id}/log", summary="The relay log, newest first")
def entries(
    begin: Read,
    case_id: UUID,
    after: Annotated[UUID | None, Query(description="the last id of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[logs.Entry]:
    with begin() as tx:
        cases.head(tx, case_id)
        return logs.entries(tx, case_id, before=after, limit=limit)


@router.post("/cases/{case_id}/log", status_code=201, summary="Write in the relay log")
def write(begin: Write, case_id: UUID, body: WriteEntry, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = logs.WriteEntry(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=logs.write(tx, case_id, wanted))


@router.get("/cases/{case_id}/child-views", summary="What the child has said, newest first")
def said_by_child(
    begin: Read, case_id: UUID, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[child_views.View]:
    with begin() as tx:
        cases.head(tx, case_id)
        return child_views.of_case(tx, case_id, limit=limit)


@router.post("/cases/{case_id}/child-views", status_code=201, summary="Write down what the child says")
def write_child_view(begin: Write, case_id: UUID, body: ChildView, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=logs.write_child_view(tx, case_id, **body.values(), key=key))  # type: ignore[attr-defined]


@router.get("/cases/{case_id}/readers", summary="Who has read the case")
def readers(begin: Read, case_id: UUID) -> list[audit.Reading]:
    with begin() as tx:
        return audit.readings(tx, case_id)


@router.get(
    "/cases/{case_id}/archive",
    summary="The archive copy of a closed case, with its SHA-256 in Digest",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The archive copy"}},
)
def archive(begin: Read, case_id: UUID) -> Response:
    with begin() as tx:
        digest, content = cases.package(tx, case_id)
    return Response(content, media_type="application/json", headers={"Digest": f"sha-256={digest}"})
