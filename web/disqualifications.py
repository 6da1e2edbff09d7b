"""Disqualification: stepping aside from a case, and deciding about colleagues who have."""

from uuid import UUID

from flask import Blueprint, Response, g, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.cases
import casework.disqualifications
import casework.participations
import casework.relays
from casework.access import Permission
from levels.disqualifications import CHOSEN
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("disqualifications", __name__)
DECISIONS = ("uphold", "clear")


class DeclareTie(Entry):
    """Which tie, whose, why, and who takes the baton."""

    tie: str
    practitioner_id: UUID | None = None
    reason: str = Field(min_length=1, max_length=500)
    stand_in_id: UUID | None = None
    considered: bool = False


class AssessTie(Entry):
    """What is decided, and why."""

    decision: str
    reason: str = Field(default="", max_length=500)


@pages.get("/cases/<uuid:case_id>/disqualification")
def declaring(case_id: UUID) -> Response:
    """Where one steps aside; a unit's leader may have a colleague do so."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.READ_CASE_HEAD)
        leads = head.may("take_over_baton")
        others = casework.participations.of_case(tx, case_id) if leads else []
        found = (
            casework.relays.candidates(tx, case_id, moving=leads and not head.holder_is_me)
            if head.state != "closed" and (head.holder_is_me or leads)
            else []
        )
    people = {one.practitioner_id: one.name for one in others if one.practitioner_id != g.actor.id}
    return show(
        "disqualifications/declare.html",
        case=head,
        ties=words("tie", CHOSEN),
        people=list(people.items()),
        stand_ins=[(one.practitioner_id, _stand_in(one)) for one in found],
        tied=any(one.maybe_tied for one in found),
        form=entered(DeclareTie),
    )


def _stand_in(one: casework.relays.Candidate) -> str:
    return ", ".join([one.name, one.title, *([_("May be disqualified")] if one.maybe_tied else [])])


@pages.post("/cases/<uuid:case_id>/disqualification")
@again(declaring, result=".listed")
def declare(case_id: UUID) -> Response:
    """Step aside; the case is out of sight from this moment."""
    form = read(DeclareTie)
    wanted = casework.disqualifications.Declare(**form.typed(), key=form.key)
    with begin() as tx:
        casework.disqualifications.declare(tx, case_id, wanted)
    return done(url_for(".listed"), say="stepped_aside")


@pages.get("/disqualifications")
def listed() -> Response:
    """One's own, and those one decides about."""
    with begin() as tx:
        found = casework.disqualifications.listed(tx)
    return show(
        "disqualifications/listed.html",
        mine=[one for one in found if one.mine],
        others=[one for one in found if not one.mine],
    )


@pages.get("/disqualifications/<uuid:bar_id>")
def assessing(bar_id: UUID) -> Response:
    """Where it is decided, or one's own is looked at."""
    belongs_to("disqualifications.listed")
    with begin() as tx:
        found = casework.disqualifications.one(tx, bar_id)
    decisions = words("choice", DECISIONS if found.state == "declared" else ("clear",), of="decision")
    return show(
        "disqualifications/one.html",
        found=found,
        decisions=decisions,
        form=entered(AssessTie, version=found.version),
    )


@pages.post("/disqualifications/<uuid:bar_id>")
@again(assessing, result=".assessing")
def assess(bar_id: UUID) -> Response:
    """Decide."""
    form = read(AssessTie)
    wanted = casework.disqualifications.Assess(form.decision, form.reason, form.version, form.key)
    with begin() as tx:
        casework.disqualifications.assess(tx, bar_id, wanted)
    return done(url_for(".listed"), say="saved")
