"""Odd readings: the data protection officer's list, one finding with its reads, and the answer of whoever is asked."""

from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from pydantic import Field

import casework.access_logs
import casework.readings
from casework.access import Role
from levels.readings import BOUNDS, SIGNS
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("readings", __name__)


class DecideReading(Entry):
    """What is done about it, and the question or the reason."""

    decision: str
    reason: str = Field(min_length=1, max_length=2000)


class AnswerReading(Entry):
    """What whoever is asked says."""

    answer: str = Field(min_length=1, max_length=2000)


class ChooseLimits(Entry):
    """From how many on something is odd."""

    children_in_hour: int
    children_in_day: int
    misses_in_day: int
    failed_emergencies: int
    closed_days: int


@pages.get("/readings")
def listed() -> Response:
    """The officer's findings with counts and filters; for others what they are asked about."""
    officer = g.actor.has_role(Role.DATA_PROTECTION_OFFICER)
    group = request.args.get("group", "waiting" if officer else "")
    sign = request.args.get("sign", "")
    with begin() as tx:
        everything = casework.readings.listed(tx)
        found = casework.readings.listed(tx, group=group, sign=sign)
        trail = casework.access_logs.trail_state(tx) if officer else None
    return show(
        "readings/listed.html",
        found=found,
        officer=officer,
        counts=casework.readings.counts(everything),
        group=group,
        sign=sign,
        signs=words("sign", [one for one in SIGNS if any(each.sign == one for each in everything)]),
        trail=trail,
    )


@pages.get("/readings/<uuid:reading_id>")
def one(reading_id: UUID) -> Response:
    """One finding: who, when and which kind of page; the file by its number."""
    belongs_to("readings.listed")
    with begin() as tx:
        page = casework.readings.page(tx, reading_id)
    open_now = [offer.event for offer in page.offers if offer.open]
    return show(
        "readings/one.html",
        page=page,
        found=page.finding,
        decisions=words("event", open_now, of="readings"),
        form=entered(DecideReading, version=page.finding.version),
        answer=entered(AnswerReading, version=page.finding.version),
    )


@pages.post("/readings/<uuid:reading_id>/decision")
@again(one, result=".one")
def decide(reading_id: UUID) -> Response:
    """Ask, pass on, explain or report."""
    form = read(DecideReading)
    wanted = casework.readings.Decide(form.decision, form.reason, form.version, form.key)
    with begin() as tx:
        casework.readings.decide(tx, reading_id, wanted)
    return done(url_for(".one", reading_id=reading_id), say="saved")


@pages.post("/readings/<uuid:reading_id>/answer")
@again(one, result=".one")
def answer(reading_id: UUID) -> Response:
    """Say what it was for."""
    form = read(AnswerReading)
    wanted = casework.readings.Answer(form.answer, form.version, form.key)
    with begin() as tx:
        casework.readings.answer(tx, reading_id, wanted)
    return done(url_for(".one", reading_id=reading_id), say="saved")


@pages.get("/readings/limits")
def limiting() -> Response:
    """The limits here, and within which bounds they may be chosen."""
    belongs_to("readings.listed")
    with begin() as tx:
        limits = casework.readings.limits(tx)
    now = {name: getattr(limits, name) for name in BOUNDS}
    return show("readings/limits.html", bounds=BOUNDS, form=entered(ChooseLimits, **now))


@pages.post("/readings/limits")
@again(limiting, result=".listed")
def choose_limits() -> Response:
    """Choose them."""
    form = read(ChooseLimits)
    wanted = casework.readings.ChooseLimits(**form.typed(), key=form.key)
    with begin() as tx:
        casework.readings.choose_limits(tx, wanted)
    return done(url_for(".listed"), say="saved")
