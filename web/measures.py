"""Measures: agreed with the family, evaluated on their day, ended with a result."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, g, url_for
from pydantic import Field

import casework.cases
import casework.measures
from casework.access import Permission
from web.child_views import AsksChild, asking
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("measures", __name__)
RESULTS = ("reached", "on_the_way", "no_change", "worse")
ONWARD = ("continue", "change", "end")


class PlanMeasure(AsksChild):
    """What to try, to reach what, by whom, and when it is looked at."""

    title: str = Field(min_length=1, max_length=300)
    goal: str = Field(min_length=1, max_length=1000)
    arena: str = Field(default="", max_length=200)
    responsible_id: UUID
    starts_on: date | None = None
    evaluate_on: date | None = None


class EvaluateMeasure(Entry):
    """How it goes, what the child and the parents say, and what then."""

    result: str
    onward: str
    child_said: str = Field(default="", max_length=2000)
    child_not_asked: str = Field(default="", max_length=500)
    guardians_said: str = Field(default="", max_length=2000)
    comment: str = Field(default="", max_length=2000)
    next_on: date | None = None


class DropMeasure(Entry):
    """Why it ends without being evaluated."""

    reason: str = Field(min_length=1, max_length=1000)


@pages.get("/cases/<uuid:case_id>/measures/new")
def new(case_id: UUID) -> Response:
    """A measure to try."""
    belongs_to("cases.mine")
    with begin() as tx:
        case = casework.cases.details(tx, case_id)
        casework.cases.head(tx, case_id, Permission.KEEP_MEASURES)
        today, ask = tx.today, asking(tx, case_id)
    people = {one.practitioner_id: f"{one.name}, {one.title}" for one in case.participants}
    form = entered(
        PlanMeasure,
        responsible_id=g.actor.id,
        starts_on=today,
        evaluate_on=today + casework.measures.USUAL_TERM,
    )
    return show("measures/new.html", case=case.head, people=list(people.items()), form=form, **ask)


@pages.post("/cases/<uuid:case_id>/measures")
@again(new, result="cases.details")
def plan(case_id: UUID) -> Response:
    """Agree on it."""
    form = read(PlanMeasure)
    wanted = casework.measures.PlanMeasure(**form.rest(), child=form.view(), key=form.key)
    with begin() as tx:
        casework.measures.plan(tx, case_id, wanted)
    return done(url_for("cases.details", case_id=case_id) + "#measures", say="measure_planned")


@pages.get("/measures/<uuid:measure_id>")
def one(measure_id: UUID) -> Response:
    """A measure with its evaluations, and the form for the next one."""
    belongs_to("cases.mine")
    with begin() as tx:
        found, evaluations = casework.measures.one(tx, measure_id)
        head = casework.cases.head(tx, found.case_id)
    return show(
        "measures/one.html",
        case=head,
        measure=found,
        evaluations=evaluations,
        results=words("choice", RESULTS, of="result"),
        onward=words("choice", ONWARD, of="onward"),
        form=entered(EvaluateMeasure, version=found.version),
    )


@pages.post("/measures/<uuid:measure_id>/evaluations")
@again(one, result=".one")
def evaluate(measure_id: UUID) -> Response:
    """Look at it together, and go on, change or end it."""
    form = read(EvaluateMeasure)
    wanted = casework.measures.EvaluateMeasure(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.measures.evaluate(tx, measure_id, wanted)
    return done(url_for(".one", measure_id=measure_id), say="measure_evaluated")


@pages.get("/measures/<uuid:measure_id>/drop")
def dropping(measure_id: UUID) -> Response:
    """Where a measure is ended without being evaluated."""
    belongs_to("cases.mine")
    with begin() as tx:
        found, _evaluations = casework.measures.one(tx, measure_id)
        head = casework.cases.head(tx, found.case_id, Permission.KEEP_MEASURES)
    return show("measures/drop.html", case=head, measure=found, form=entered(DropMeasure))


@pages.post("/measures/<uuid:measure_id>/drop")
@again(dropping, result=".one")
def drop(measure_id: UUID) -> Response:
    """End it, with a reason."""
    form = read(DropMeasure)
    with begin() as tx:
        casework.measures.drop(tx, measure_id, reason=form.reason, key=form.key)
    return done(url_for(".one", measure_id=measure_id), say="measure_ended")
