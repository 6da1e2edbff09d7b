"""Meetings: their time agreed, called, moved, cancelled, held."""

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
ProposeTimes = body_of(meetings.ProposeTimes)
SlotAnswer = body_of(meetings.SlotAnswer)


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


class AnswerTimes(Body):
    """One answer for each time."""

    answers: Annotated[tuple[SlotAnswer, ...], Field(min_length=1, max_length=6)]  # type: ignore[valid-type]


class PickTime(Body):
    """The time agreed on."""

    slot_id: UUID


class Withdrawn(Body):
    """Why the times are taken back."""

    reason: Text = ""


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


@router.post("/cases/{case_id}/meeting-proposals", status_code=201, summary="Propose times for a meeting")
def propose(begin: Write, case_id: UUID, body: ProposeTimes, key: Key) -> Made:  # type: ignore[valid-type]
    wanted = meetings.ProposeTimes(**body.values(), key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=meetings.propose(tx, case_id, wanted))


@router.get("/meeting-proposals", summary="Times one is asked about")
def times_asked_of_me(begin: Read) -> list[meetings.ProposalSummary]:
    with begin() as tx:
        return meetings.times_asked_of_me(tx)


@router.get("/meeting-proposals/{proposal_id}", summary="Times proposed, and who can when")
def proposal(begin: Read, proposal_id: UUID, response: Response) -> meetings.ProposalDetails:
    with begin() as tx:
        found = meetings.proposal(tx, proposal_id)
    response.headers["ETag"] = f'"{found.summary.version}"'
    return found


@router.post("/meeting-proposals/{proposal_id}/answers", summary="Answer the times for oneself")
def answer_times(begin: Write, proposal_id: UUID, body: AnswerTimes, key: Key) -> Made:
    with begin() as tx:
        return Made(id=meetings.answer_times(tx, proposal_id, **body.values(), key=key))


@router.post("/meeting-proposals/{proposal_id}/family/{asked_id}", summary="Write down a parent's answers")
def answer_for_family(begin: Write, proposal_id: UUID, asked_id: UUID, body: AnswerTimes, key: Key) -> Made:
    with begin() as tx:
        return Made(id=meetings.answer_for_family(tx, proposal_id, asked_id, **body.values(), key=key))


@router.post("/meeting-proposals/{proposal_id}/pick", summary="Agree on a time and call the meeting")
def pick(begin: Write, proposal_id: UUID, body: PickTime, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=meetings.pick(tx, proposal_id, body.slot_id, version=version, key=key))


@router.post("/meeting-proposals/{proposal_id}/withdraw", summary="Take the proposed times back")
def withdraw(begin: Write, proposal_id: UUID, body: Withdrawn, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=meetings.withdraw(tx, proposal_id, reason=body.reason, version=version, key=key))
