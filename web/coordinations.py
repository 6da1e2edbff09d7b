"""Services called in: choose, chase, answer, take out."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.cases
import casework.consents
import casework.coordinations
import casework.staff
from casework.access import Permission
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("coordinations", __name__)
ANSWERS = ("yes", "more", "no")


class InviteServices(Entry):
    """Whom to call in, for what, and by when."""

    services: tuple[UUID, ...] = Field(min_length=1)
    needed: str = Field(min_length=1, max_length=2000)
    reply_by: date | None = None


class ReplyInvitation(Entry):
    """A service's answer."""

    answer: str
    message: str = Field(default="", max_length=2000)
    contact_id: UUID | None = None
    considered: bool = False


@pages.get("/cases/<uuid:case_id>/services/new")
def inviting(case_id: UUID) -> Response:
    """The services near; those the family has said yes to can be called in."""
    belongs_to("cases.mine")
    with begin() as tx:
        casework.cases.head(tx, case_id, Permission.INVITE_SERVICES)
        case = casework.cases.details(tx, case_id)
        near = casework.staff.services_near(tx, case.head.municipality_id)
        reached = casework.coordinations.reached(tx, case_id)
        anew = casework.consents.anew.named(tx, case_id, joining=True)
    asked = {one.service_id for one in case.invitations}
    others = [one for one in near if one.id not in asked and one.id != case.head.unit_id]
    return show(
        "coordinations/invite.html",
        case=case.head,
        services=[(one.id, one.name) for one in others if one.id in reached],
        closed=[one for one in others if one.id not in reached],
        anew=[name or _("The shared log") for name in anew],
        form=entered(InviteServices),
    )


@pages.post("/cases/<uuid:case_id>/services")
@again(inviting, result="cases.details")
def invite(case_id: UUID) -> Response:
    """Call them in; a letter without names goes to each."""
    form = read(InviteServices)
    asked = tuple(casework.coordinations.Ask(one, form.needed, form.reply_by) for one in form.services)
    with begin() as tx:
        casework.coordinations.invite(tx, case_id, asked, key=form.key)
    return done(url_for("cases.details", case_id=case_id) + "#services", say="services_invited")


@pages.get("/invitations")
def asked() -> Response:
    """What one's services are asked."""
    with begin() as tx:
        found = casework.coordinations.asked_of_me(tx)
    waiting = [one for one in found if one.state not in ("accepted", "declined")]
    return show(
        "coordinations/asked.html",
        waiting=waiting,
        answered=[one for one in found if one not in waiting],
    )


@pages.get("/invitations/<uuid:invitation_id>")
def seen(invitation_id: UUID) -> Response:
    """One invitation: the asked service answers, the holder chases."""
    with begin() as tx:
        found = casework.coordinations.seen(tx, invitation_id)
        mine = found.asked_of_me
        colleagues = casework.coordinations.colleagues(tx, found.service_id) if mine else []
        today = tx.today
    belongs_to("coordinations.asked" if mine else "cases.mine")
    return show(
        "coordinations/seen.html",
        invitation=found,
        colleagues=colleagues,
        answers=words("choice", ANSWERS, of="answer"),
        today=today,
        form=entered(
            ReplyInvitation, version=found.version, contact_id=colleagues[0][0] if colleagues else None
        ),
    )


@pages.post("/invitations/<uuid:invitation_id>/reply")
@again(seen, result=".seen")
def reply(invitation_id: UUID) -> Response:
    """The service answers."""
    form = read(ReplyInvitation)
    wanted = casework.coordinations.Reply(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.coordinations.reply(tx, invitation_id, wanted)
    return done(url_for(".seen", invitation_id=invitation_id), say="answer_sent")


@pages.post("/invitations/<uuid:invitation_id>/remind")
@again(seen, result=".seen")
def remind(invitation_id: UUID) -> Response:
    """Send a reminder now."""
    with begin() as tx:
        casework.coordinations.remind(tx, invitation_id, key=request.form.get("key"))
    return done(url_for(".seen", invitation_id=invitation_id), say="service_reminded")


@pages.get("/invitations/<uuid:invitation_id>/withdraw")
def withdrawing(invitation_id: UUID) -> Response:
    """Asks once more before a service is taken out."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.coordinations.seen(tx, invitation_id)
        casework.cases.head(tx, found.case_id, Permission.INVITE_SERVICES)
    return show("coordinations/withdraw.html", invitation=found, form=entered(Entry))


@pages.post("/invitations/<uuid:invitation_id>/withdraw")
@again(withdrawing, result="cases.mine")
def withdraw(invitation_id: UUID) -> Response:
    """Take the service out of the case."""
    form = read(Entry)
    with begin() as tx:
        case_id = casework.coordinations.seen(tx, invitation_id).case_id
        casework.coordinations.withdraw(tx, invitation_id, key=form.key)
    return done(url_for("cases.details", case_id=case_id) + "#services", say="service_withdrawn")
