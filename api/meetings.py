"""Meetings: called, moved, cancelled, held."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, Field

from api.bodies import Body, Made, Reason, Text, body_of
from api.identity import Begin, Key, Version, needs
from casework import meetings

router = APIRouter(tags=["meetings"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
CallMeeting = body_of(meetings.CallMeeting)
HoldMeeting = body_of(meetings.HoldMeeting)


class MoveMeeting(Reason):
    """The new time."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Coming(Body):
    """Whether one comes."""

    coming: Literal["yes", "no", "maybe"]


class Minutes(Body):
    """The minutes as they stand."""

    minutes: Text
    decisions: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


@router.get("/meetings", summary="Meetings one is called to")
def mine(begin: Read) -> list[meetings.MeetingSummary]:
    with begin() as tx:
        return meetings.mine(tx)


@router.get("/meetings/{meeting_id}", summary="One meeting")
def one(begin: Read, meeting_id: UUID, response: Response) -> meetings.MeetingDetails:
    with begin() as tx:
        found = meetings.one(tx, meeting_id)
    response.headers["ETag"] = f'"{found.summary.version}"'
    return found


@router.post("/cases/{case_id}/meetings", status_code=201, summary="Call a meeting")
def call(begin: Write, case_id: UUID, body: CallMeeting, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=meetings.call(tx, case_id, meetings.CallMeeting(**body.values(), key=key)))  # type: ignore[attr-defined]


@router.post("/meetings/{meeting_id}/move", summary="Move a meeting")
def move_time(begin: Write, meeting_id: UUID, body: MoveMeeting, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=meetings.move_time(tx, meeting_id, **body.values(), version=version, key=key))


@router.post("/meetings/{meeting_id}/cancel", summary="Call a meeting off")
def cancel(begin: Write, meeting_id: UUID, body: Reason, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=meetings.cancel(tx, meeting_id, **body.values(), version=version, key=key))


@router.put("/meetings/{meeting_id}/minutes", summary="Keep the minutes while the meeting goes on")
def write_minutes(
    begin: Write, meeting_id: UUID, body: Minutes, response: Response, version: Version
) -> Made:
    with begin() as tx:
        newest = meetings.write_minutes(tx, meeting_id, **body.values(), version=version)
    response.headers["ETag"] = f'"{newest}"'
    return Made(id=meeting_id)


@router.post("/meetings/{meeting_id}/hold", summary="The meeting has been held")
def hold(begin: Write, meeting_id: UUID, body: HoldMeeting, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = meetings.HoldMeeting(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=meetings.hold(tx, meeting_id, wanted))


@router.post("/meetings/{meeting_id}/answer", summary="Say whether one comes")
def answer(begin: Write, meeting_id: UUID, body: Coming, key: Key) -> Made:
    with begin() as tx:
        return Made(id=meetings.answer(tx, meeting_id, **body.values(), key=key))
