"""Worries: noted, added to, settled or raised."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.bodies import Body, Made, Reason, Short, Text, body_of
from api.identity import Begin, Key, Version, needs
from casework import signals

router = APIRouter(tags=["worries"])
Read = Annotated[Begin, Depends(needs("signals:read"))]
Write = Annotated[Begin, Depends(needs("signals:write"))]
NoteSignal = body_of(signals.NoteSignal)
RaiseSignal = body_of(signals.RaiseSignal)


class AddNote(Body):
    """One more observation or talk."""

    kind: Short
    body: Text


class Resolve(Reason):
    """Why nothing more is needed, and which of the guide's outcomes it is."""

    when: Short | None = None


@router.get("/signals", summary="The worries one has written")
def mine(begin: Read) -> list[signals.SignalSummary]:
    with begin() as tx:
        return signals.mine(tx)


@router.get("/units/signals", summary="The worries of the people one leads")
def in_my_unit(begin: Read) -> list[signals.SignalSummary]:
    with begin() as tx:
        return signals.in_my_unit(tx)


@router.post("/signals", status_code=201, summary="Write down a worry")
def note(begin: Write, body: NoteSignal, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=signals.note(tx, signals.NoteSignal(**body.values(), key=key)))  # type: ignore[attr-defined]


@router.get("/signals/{signal_id}", summary="One worry with every way it may end")
def details(begin: Read, signal_id: UUID, response: Response) -> signals.SignalDetails:
    with begin() as tx:
        found = signals.details(tx, signal_id)
    response.headers["ETag"] = f'"{found.version}"'
    return found


@router.post("/signals/{signal_id}/notes", status_code=201, summary="Add an observation or a talk")
def add(begin: Write, signal_id: UUID, body: AddNote, key: Key) -> Made:
    with begin() as tx:
        return Made(id=signals.add(tx, signal_id, **body.values(), key=key))


@router.post("/signals/{signal_id}/share", summary="Ask the nearest leader to look at it together")
def share(begin: Write, signal_id: UUID, key: Key) -> Made:
    with begin() as tx:
        return Made(id=signals.share(tx, signal_id, key=key))


@router.post("/signals/{signal_id}/resolve", summary="End a worry that needs nothing more")
def resolve(begin: Write, signal_id: UUID, body: Resolve, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=signals.resolve(tx, signal_id, **body.values(), version=version, key=key))


@router.post("/signals/{signal_id}/raise", status_code=201, summary="Open a case; answers the case's id")
def raise_case(begin: Write, signal_id: UUID, body: RaiseSignal, key: Key, version: Version) -> Made:  # type: ignore[valid-type]
    wanted = signals.RaiseSignal(**body.values(), version=version, key=key)  # type: ignore[attr-defined]
    with begin() as tx:
        return Made(id=signals.raise_case(tx, signal_id, wanted))
