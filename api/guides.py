"""Guides: versions, checking, uploading, publishing."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.bodies import Body, Made
from api.identity import Begin, Key, Version, needs
from casework import guides

router = APIRouter(tags=["guides"])
Read = Annotated[Begin, Depends(needs("guides:read"))]
Write = Annotated[Begin, Depends(needs("guides:write"))]
Source = Annotated[str, Field(max_length=1_000_001)]


class Check(Body):
    """A guide's YAML."""

    source: Source


class Upload(Check):
    """A guide to keep as a draft."""

    municipality_id: UUID
    sector: Literal["school", "kindergarten", "health_station", "culture", "all"] = "all"


class FaultLine(BaseModel):
    """One fault of a guide."""

    line: int
    path: str
    code: str


class GuideDetails(BaseModel):
    """A version, with the guide as data and as it was written."""

    version: guides.GuideSummary
    guide: dict[str, Any]
    source: str


@router.get("/guides", summary="The guides of one's municipalities")
def versions(begin: Read) -> list[guides.GuideSummary]:
    with begin() as tx:
        return guides.versions(tx)


@router.get("/guides/{guide_id}", summary="One version")
def one(begin: Read, guide_id: UUID) -> GuideDetails:
    with begin() as tx:
        version, guide, source = guides.one(tx, guide_id)
    return GuideDetails(version=version, guide=guide.model_dump(mode="json"), source=source)


@router.post("/guides/check", summary="Every fault of a guide, by line; nothing is kept")
def check(_begin: Read, body: Check) -> list[FaultLine]:
    return [FaultLine(line=one.line, path=one.path, code=one.code) for one in guides.faults(body.source)]


@router.post("/guides", status_code=201, summary="Keep a guide as a draft")
def upload(begin: Write, body: Upload, key: Key) -> Made:
    with begin() as tx:
        return Made(id=guides.upload(tx, guides.Upload(**body.values(), key=key)))


@router.post("/guides/{guide_id}/publish", summary="Let a draft hold from now on")
def publish(begin: Write, guide_id: UUID, key: Key, version: Version) -> Made:
    with begin() as tx:
        return Made(id=guides.publish(tx, guide_id, version=version, key=key))
