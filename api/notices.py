"""One's messages and how one wants them, a case's letters, what came nowhere, and receipts for text messages."""

import hmac
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field

from api.bodies import Body, Made, Short, body_of
from api.identity import Begin, Key, needs
from casework import notices
from casework.access import Actor
from casework.refusals import NotFound

router = APIRouter(tags=["messages"])
Read = Annotated[Begin, Depends(needs("notices:read"))]
Write = Annotated[Begin, Depends(needs("notices:write"))]
Choose = body_of(notices.Choose)
Settle = body_of(notices.Settle)
_gateway = HTTPBearer(
    scheme_name="Gateway", auto_error=False, description="The secret shared with the text message gateway."
)
Gateway = Annotated[HTTPAuthorizationCredentials | None, Security(_gateway)]


class Receipt(Body):
    """What became of a text message: the gateway's own id for it, and whether it arrived."""

    id: Annotated[Short, Field(min_length=1)]
    status: Literal["delivered", "failed"]
    code: Annotated[Short, Field(max_length=40)] = ""


@router.get("/notices", summary="One's own messages")
def mine(begin: Read) -> list[notices.Message]:
    with begin() as tx:
        return notices.mine(tx)


@router.get("/notices/choices", summary="How one is told of each kind of event")
def choices(begin: Read) -> notices.Choices:
    with begin() as tx:
        return notices.choices(tx)


@router.put("/notices/choices", summary="Choose how one is told")
def choose(begin: Write, body: Choose, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=notices.choose(tx, notices.Choose(**body.values(), key=key)))  # type: ignore[attr-defined]


@router.get("/cases/{case_id}/notices", summary="Letters about a case, and how far each came")
def of_case(begin: Read, case_id: UUID) -> list[notices.Sent]:
    with begin() as tx:
        return notices.of_case(tx, case_id)


@router.get(
    "/deliveries", summary="Letters nobody can vouch for, where one coordinates, administers or operates"
)
def deliveries(begin: Read) -> list[notices.Unmatched]:
    with begin() as tx:
        return notices.unmatched(tx)


@router.post("/notices/{notice_id}/settle", summary="Close a letter that came nowhere, with a reason")
def settle(begin: Write, notice_id: UUID, body: Settle, key: Key) -> Made:  # type: ignore[valid-type]
    with begin() as tx:
        return Made(id=notices.settle(tx, notice_id, notices.Settle(**body.values(), key=key)))  # type: ignore[attr-defined]


@router.post("/sms/receipts", status_code=204, summary="The gateway tells what became of a text message")
def receipt(request: Request, body: Receipt, token: Gateway) -> Response:
    """The same receipt twice changes nothing. Without the shared secret the way is not there."""
    secret = str(request.app.state.sms_receipt_secret).encode()
    given = token.credentials.encode() if token else b""
    if not secret or not hmac.compare_digest(given, secret):
        raise NotFound
    with request.app.state.casework.begin(Actor.system("sms")) as tx:
        notices.texted(tx, body.id, arrived=body.status == "delivered", code=body.code)
    return Response(status_code=204)
