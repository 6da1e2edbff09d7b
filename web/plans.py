"""The individual plan: beginning it beside the log, and going back."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, g, url_for
from pydantic import Field

import casework.cases
import casework.participations
import casework.plans
from casework.access import Permission
from levels.plans import Coordinator
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("plans", __name__)


class BeginPlan(Entry):
    """Why, since when the family wants it, and who coordinates."""

    reason: str = Field(default="", max_length=2000)
    family_wants_on: date | None = None
    coordinator_id: UUID | None = None
    coordinator_as: str = Coordinator.COORDINATOR.value


class EndPlan(Entry):
    """Why the log alone is enough."""

    reason: str = Field(default="", max_length=2000)


@pages.get("/cases/<uuid:case_id>/plan")
def of_case(case_id: UUID) -> Response:
    """Which plan the case has, and what can be done with it."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.MOVE_CASE)
        plan = casework.plans.of_case(tx, case_id)
        inside = casework.participations.of_case(tx, case_id)
    model = BeginPlan if plan.state == "relay_log" else EndPlan
    return show(
        "plans/of_case.html",
        case=head,
        plan=plan,
        offers={one.event for one in casework.plans.moves(plan) if one.open},
        people=list({one.practitioner_id: one.name for one in inside}.items()),
        kinds=words("plan_coordinator", Coordinator),
        form=entered(model, version=head.version, coordinator_id=g.actor.id)
        if model is BeginPlan
        else entered(model, version=head.version),
    )


@pages.post("/cases/<uuid:case_id>/plan")
@again(of_case, result="cases.details")
def start(case_id: UUID) -> Response:
    """Begin it; consent is asked anew."""
    form = read(BeginPlan)
    wanted = casework.plans.BeginPlan(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.plans.begin(tx, case_id, wanted)
    return done(url_for("cases.details", case_id=case_id), say="plan_begun")


@pages.post("/cases/<uuid:case_id>/plan/end")
@again(of_case, result="cases.details")
def end(case_id: UUID) -> Response:
    """Go back to the log alone; consent is asked anew."""
    form = read(EndPlan)
    with begin() as tx:
        casework.plans.end(tx, case_id, casework.plans.EndPlan(form.reason, form.version, form.key))
    return done(url_for("cases.details", case_id=case_id), say="plan_ended")
