"""Attachments in a case: put there, fetched, and taken away with a reason."""

from uuid import UUID

from flask import Blueprint, Response, make_response, request, url_for
from pydantic import Field

import casework.attachments
import casework.cases
import casework.logs
from casework.access import Permission
from casework.attachments import Fetched
from levels.attachments import ACCEPTED, LARGEST, LONGEST_TITLE
from web.desks import belongs_to
from web.forms import Entry, HiddenFromFamily, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import day, word

pages = Blueprint("attachments", __name__)
ROOM = 64 * 1024  # bytes of a form around its file
RECENT = 30  # entries one may choose among
CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"


class PutAttachment(HiddenFromFamily):
    """What it is, which entry it belongs to, and whether the family sees it; the file itself comes beside."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    entry_id: UUID | None = None


class TakeAway(Entry):
    """Why it should not have been there."""

    reason: str = Field(min_length=1, max_length=1000)


@pages.url_value_preprocessor
def _room_for_a_file(_endpoint: str | None, _values: object) -> None:
    """A document is larger than other forms may be; said before anybody reads the form."""
    request.max_content_length = LARGEST + ROOM


def sent_file(limit: int) -> bytes:
    """The file that came along, or what of it shows that it is over the limit; its name is not looked at."""
    sent = request.files.get("content")
    return sent.read(limit + 1) if sent else b""


def handed_out(found: Fetched) -> Response:
    """A download that no browser shows within the house's pages, whatever is in it."""
    answer = make_response(found.content)
    answer.headers["Content-Type"] = found.media_type
    answer.headers["Content-Disposition"] = f"attachment; filename={found.name}"
    answer.headers["Content-Security-Policy"] = CSP
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Digest"] = f"sha-256={found.digest}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/cases/<uuid:case_id>/attachments/new")
def adding(case_id: UUID) -> Response:
    """Where a document is chosen and given a title."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.WRITE_LOG)
        limit = casework.attachments.limit_for(tx, head.municipality_id)
        written = [one for one in casework.logs.entries(tx, case_id, limit=RECENT) if not one.code]
    entries = [
        (
            one.id,
            f"{day(one.written_at, short=True)}, {word('choice', one.kind, of='entry_kind')}: {one.body[:40]}",
        )
        for one in written
    ]
    return show(
        "attachments/new.html",
        case=head,
        limit=limit,
        accepted=ACCEPTED,
        entries=entries,
        form=entered(PutAttachment, version=head.version, of=case_id),
    )


@pages.post("/cases/<uuid:case_id>/attachments")
@again(adding, result="cases.details")
def put(case_id: UUID) -> Response:
    """Put it in the case."""
    form = read(PutAttachment)
    wanted = casework.attachments.PutAttachment(
        form.title,
        sent_file(LARGEST),
        form.entry_id,
        **form.hidden(),
        version=form.version,
        key=form.key,
    )
    with begin() as tx:
        casework.attachments.put(tx, case_id, wanted)
    return done(url_for("cases.details", case_id=case_id) + "#attachments", say="attachment_put")


@pages.get("/attachments/<uuid:attachment_id>/file")
def file(attachment_id: UUID) -> Response:
    """The document, as a download."""
    with begin() as tx:
        found = casework.attachments.fetch(tx, attachment_id)
    return handed_out(found)


@pages.get("/attachments/<uuid:attachment_id>/take-away")
def taking_away(attachment_id: UUID) -> Response:
    """Asks once more, and why."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.attachments.to_take_away(tx, attachment_id)
        head = casework.cases.head(tx, found.case_id, Permission.WRITE_LOG)
    form = entered(TakeAway, version=found.version)
    return show("attachments/take_away.html", case=head, found=found, form=form)


@pages.post("/attachments/<uuid:attachment_id>/take-away")
@again(taking_away, result="cases.details")
def take_away(attachment_id: UUID) -> Response:
    """Take it away; that it was there, and why it is gone, stays."""
    form = read(TakeAway)
    wanted = casework.attachments.TakeAway(form.reason, form.version, form.key)
    with begin() as tx:
        case_id = casework.attachments.take_away(tx, attachment_id, wanted)
    return done(url_for("cases.details", case_id=case_id) + "#attachments", say="attachment_taken_away")
