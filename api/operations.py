"""The machinery, for whoever keeps it running: ids, codes, counts and times, and no child, case or text."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from api.bodies import Made, Reason
from api.identity import Begin, Key, needs
from casework import operations

router = APIRouter(prefix="/operations", tags=["operations"])
Read = Annotated[Begin, Depends(needs("operations:read"))]
Write = Annotated[Begin, Depends(needs("operations:write"))]
FlowName = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9-]*$")]


@router.get("", summary="How everything stands")
def desk(begin: Read) -> operations.Desk:
    with begin() as tx:
        return operations.desk(tx)


@router.post("/rows/{row_id}/again", summary="Hand an unfinished outbox row over now")
def try_again(begin: Write, row_id: UUID, body: Reason, key: Key) -> Made:
    with begin() as tx:
        return Made(id=operations.try_again(tx, row_id, reason=body.reason, key=key))


@router.post("/rows/{row_id}/skip", summary="Pass an outbox row by, if the clock does the same anyway")
def skip(begin: Write, row_id: UUID, body: Reason, key: Key) -> Made:
    with begin() as tx:
        return Made(id=operations.skip(tx, row_id, reason=body.reason, key=key))


@router.post("/letters/{notice_id}/again", summary="Send a letter that was given up once more")
def send_again(begin: Write, notice_id: UUID, body: Reason, key: Key) -> Made:
    with begin() as tx:
        return Made(id=operations.send_again(tx, notice_id, reason=body.reason, key=key))


@router.post("/flows/{name}/pause", summary="Stop the clock of a flow")
def pause(begin: Write, name: FlowName, body: Reason, key: Key) -> Made:
    with begin() as tx:
        return Made(id=operations.pause(tx, name, reason=body.reason, key=key))


@router.post("/flows/{name}/resume", summary="Let the clock of a flow go again")
def resume(begin: Write, name: FlowName, body: Reason, key: Key) -> Made:
    with begin() as tx:
        return Made(id=operations.resume(tx, name, reason=body.reason, key=key))
