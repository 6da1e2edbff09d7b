"""The baton: offered, answered, taken back, and moved by the leader."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.cases
import casework.consents
import casework.relays
from casework.access import Permission
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import day

pages = Blueprint("relays", __name__)


class OfferBaton(Entry):
    """To whom, why, and whether the family knows."""

    to_id: UUID
    reason: str = Field(default="", max_length=2000)
    urgent: str = Field(default="", max_length=2000)
    family_told_on: date | None = None


class AcceptBaton(Entry):
    """Whether a tie the registers show has been considered."""

    considered: bool = False


class DeclineBaton(Entry):
    """Why not."""

    reason: str = Field(default="", max_length=2000)


class TakeOverBaton(Entry):
    """To whom the leader moves it, and why."""

    to_id: UUID
    reason: str = Field(default="", max_length=2000)
    considered: bool = False


def _choices(found: list[casework.relays.Candidate]) -> list[tuple[UUID, str, str]]:
    return [(one.practitioner_id, one.name, _about(one)) for one in found]


def _about(one: casework.relays.Candidate) -> str:
    away = one.away_until and _("Away until %(day)s", day=day(one.away_until))
    tied = one.maybe_tied and _("May be disqualified")
    return " · ".join(filter(None, (one.title, one.service_name, away, tied)))


@pages.get("/cases/<uuid:case_id>/baton")
def offering(case_id: UUID) -> Response:
    """Who might take it."""
    belongs_to("cases.mine")
    words = request.values.get("q", "")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.OFFER_BATON)
        found = casework.relays.candidates(tx, case_id, words=words)
        anew = casework.consents.anew.named(tx, case_id, joining=False)
    form = entered(OfferBaton, version=head.version)
    what = [name or _("The shared log") for name in anew]
    return show("relays/offer.html", case=head, people=_choices(found), q=words, anew=what, form=form)


@pages.post("/cases/<uuid:case_id>/baton")
@again(offering, result="cases.details")
def offer(case_id: UUID) -> Response:
    """Offer it. Whoever offers holds it until the other has said yes."""
    form = read(OfferBaton)
    wanted = casework.relays.OfferBaton(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.relays.offer(tx, case_id, wanted)
    return done(url_for("cases.details", case_id=case_id), say="baton_offered")


@pages.get("/batons/<uuid:handover_id>")
def seen(handover_id: UUID) -> Response:
    """The offer, as its receiver or its giver sees it."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = casework.relays.seen(tx, handover_id)
        open_now = casework.relays.open_offer(tx, found.case_id) == handover_id
        head = casework.cases.head(tx, found.case_id, Permission.READ_CASE_HEAD)
    return show(
        "relays/seen.html",
        offer=found,
        case=head,
        open_now=open_now,
        mine=found.to_id == g.actor.id,
        accepting=entered(AcceptBaton),
        form=entered(DeclineBaton),
    )


@pages.post("/batons/<uuid:handover_id>/accept")
@again(seen, result=".seen")
def accept(handover_id: UUID) -> Response:
    """Take the baton."""
    form = read(AcceptBaton)
    with begin() as tx:
        casework.relays.accept(tx, handover_id, considered=form.considered, key=form.key)
        case_id = casework.relays.seen(tx, handover_id).case_id
    return done(url_for("cases.details", case_id=case_id), say="baton_accepted")


@pages.post("/batons/<uuid:handover_id>/decline")
@again(seen, result="cases.mine")
def decline(handover_id: UUID) -> Response:
    """Say no, with a reason."""
    form = read(DeclineBaton)
    with begin() as tx:
        casework.relays.decline(tx, handover_id, reason=form.reason, key=form.key)
    return done(url_for("cases.mine"), say="baton_declined")


@pages.post("/batons/<uuid:handover_id>/withdraw")
@again(seen, result=".seen")
def withdraw(handover_id: UUID) -> Response:
    """Take an unanswered offer back."""
    with begin() as tx:
        casework.relays.withdraw(tx, handover_id, key=request.form.get("key"))
        case_id = casework.relays.seen(tx, handover_id).case_id
    return done(url_for("cases.details", case_id=case_id), say="baton_withdrawn")


@pages.get("/cases/<uuid:case_id>/baton/take-over")
def taking_over(case_id: UUID) -> Response:
    """Where a leader moves the baton when its holder cannot."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.TAKE_OVER_BATON)
        found = casework.relays.candidates(tx, case_id, moving=True)
    form = entered(TakeOverBaton)
    tied = any(one.maybe_tied for one in found) or form.error("considered")
    return show("relays/take_over.html", case=head, people=_choices(found), tied=tied, form=form)


@pages.post("/cases/<uuid:case_id>/baton/take-over")
@again(taking_over, result="cases.details")
def take_over(case_id: UUID) -> Response:
    """Move it, with a reason."""
    form = read(TakeOverBaton)
    with begin() as tx:
        casework.relays.take_over(tx, case_id, **form.typed(), key=form.key)
    return done(url_for("cases.details", case_id=case_id), say="baton_moved")
