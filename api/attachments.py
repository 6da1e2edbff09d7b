"""Attachments in a case: listed, put, fetched and taken away."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Base64Bytes, Field

from api.bodies import Body, Made, Reason, Short, Text
from api.identity import Begin, Key, Version, needs
from casework import attachments
from levels.attachments import ENDINGS, LARGEST

router = APIRouter(tags=["attachments"])
Read = Annotated[Begin, Depends(needs("cases:read"))]
Write = Annotated[Begin, Depends(needs("cases:write"))]
MEDIA_TYPES = sorted({media_type.partition(";")[0] for _, media_type in ENDINGS.values()})


class PutAttachment(Body):
    """A document, what it is called, and whether the family may see it. What it is, its bytes alone say."""

    title: Short
    content: Annotated[
        Base64Bytes, Field(max_length=LARGEST * 4 // 3 + 4, description="The document in base64.")
    ]
    entry_id: UUID | None = None
    for_family: bool = True
    hidden_reason: Text | None = None
    hidden_until: date | None = None


@router.get("/cases/{case_id}/attachments", summary="A case's attachments, without their content")
def of_case(begin: Read, case_id: UUID) -> list[attachments.Listed]:
    with begin() as tx:
        return list(attachments.of_case(tx, case_id))


@router.post("/cases/{case_id}/attachments", status_code=201, summary="Put a document in a case")
def put(begin: Write, case_id: UUID, body: PutAttachment, key: Key, version: Version) -> Made:
    wanted = attachments.PutAttachment(**body.values(), version=version, key=key)
    with begin() as tx:
        return Made(id=attachments.put(tx, case_id, wanted))


@router.get(
    "/attachments/{attachment_id}/file",
    summary="The document, with its SHA-256 in Digest; every time is noted, and an infected one is never given out",
    response_class=Response,
    responses={200: {"content": dict.fromkeys(MEDIA_TYPES, {}), "description": "The document"}},
)
def file(begin: Read, attachment_id: UUID) -> Response:
    with begin() as tx:
        found = attachments.fetch(tx, attachment_id)
    headers = {
        "Content-Disposition": f"attachment; filename={found.name}",
        "Digest": f"sha-256={found.digest}",
        "X-Content-Type-Options": "nosniff",
        "Stafetten-Scan": found.scan_state,
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.post(
    "/attachments/{attachment_id}/take-away", summary="Delete a document that should not have been there"
)
def take_away(begin: Write, attachment_id: UUID, body: Reason, key: Key, version: Version) -> Made:
    with begin() as tx:
        wanted = attachments.TakeAway(body.reason, version, key)
        return Made(id=attachments.take_away(tx, attachment_id, wanted))
