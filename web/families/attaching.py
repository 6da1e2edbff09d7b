"""The family's documents: opened, and taken back by the one who sent them."""

from uuid import UUID

from flask import Response, url_for

import casework.families
from web.attachments import handed_out
from web.families.blueprint import pages
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin, family


class TakeBack(Entry):
    """Nothing but the key and the version: nobody owes a reason for taking back what is theirs."""


@pages.get("/family/attachments/<uuid:attachment_id>/file")
@family
def attachment(attachment_id: UUID) -> Response:
    """A document, as a download."""
    with begin() as tx:
        found = casework.families.fetch_attachment(tx, attachment_id)
    return handed_out(found)


@pages.get("/family/attachments/<uuid:own_id>/take-back")
@family
def taking_back(own_id: UUID) -> Response:
    """What it does, before it is done."""
    with begin() as tx:
        found = casework.families.to_take_back(tx, own_id)
    return show("families/take_back.html", found=found, form=entered(TakeBack, version=found.version))


@pages.post("/family/attachments/<uuid:own_id>/take-back")
@family
@again(taking_back, result=".case")
def take_back(own_id: UUID) -> Response:
    """Take it back; it is deleted at once."""
    form = read(TakeBack)
    with begin() as tx:
        case_id = casework.families.take_back(tx, own_id, version=form.version, key=form.key)
    return done(url_for(".case", case_id=case_id) + "#attachments", say="attachment_taken_back")
