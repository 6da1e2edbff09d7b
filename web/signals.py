"""Worries: noted on a phone, looked at together, settled in time or raised to a case."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.children
import casework.concern_reports
import casework.consent_texts
import casework.consents
import casework.drafts
import casework.signals
import casework.ties
from levels.children import About
from levels.families import YOUTH_AGE
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("signals", __name__)
DRAFT = "signal"
THEMES = (
    "wellbeing",
    "friends",
    "absence",
    "learning",
    "concentration",
    "food_and_sleep",
    "home",
    "body_and_health",
    "substances",
    "other",
)
TALKED_WITH = ("child", "guardians", "colleague", "not_yet")
NOTE_KINDS = ("observation", "talk_child", "talk_guardians", "talk_colleague", "leader_note")


class NoteSignal(Entry):
    """What is typed and tapped on the phone."""

    child_id: UUID
    themes: tuple[str, ...] = ()
    observation: str = Field(min_length=1, max_length=4000)
    strength: str = "wondering"
    talked_with: tuple[str, ...] = ()


class AddNote(Entry):
    """One more observation or talk."""

    kind: str = "observation"
    body: str = Field(min_length=1, max_length=4000)


class Resolve(Entry):
    """Why nothing more is needed."""

    outcome: str = ""
    reason: str = Field(default="", max_length=4000)


class RaiseCase(Entry):
    """The decision to open a case."""

    outcome: str
    holder_id: UUID
    guardians_told_on: date | None = None
    guardians_not_told: str = ""
    child_said: str = ""
    child_not_asked: str = ""
    agreed: tuple[str, ...] = ()
    channel: str = "oral"
    reason: str = ""
    considered: bool = False


@pages.get("/signals/new")
def new() -> Response:
    """The form: six inputs, one page. `child` in the address is chosen beforehand."""
    q = request.values.get("q", "")
    with begin() as tx:
        kept = casework.drafts.kept(tx, DRAFT)
        form = entered(NoteSignal, draft=_begun(kept.values if kept else {}), strength="wondering")
        chosen = casework.children.listed(tx, _ids(form.value("child_id")))
        recent = casework.children.suggestions(tx)
        found = casework.children.search(tx, q)
        home = g.actor.membership
        phone = casework.concern_reports.duty_phone(tx, home.municipality_id) if home else ""
    known = {child.id: child.short_name for child in (*chosen, *recent, *found)}
    return show(
        "signals/new.html",
        form=form,
        children=list(known.items()),
        found=found,
        words=q,
        group=any(one.is_group for one in chosen),
        themes=words("theme", THEMES),
        talked_with=words("choice", TALKED_WITH, of="talked_with"),
        phone=phone,
    )


def _begun(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft, about the child in the address when there is one."""
    child = request.args.get("child", "")
    return {**draft, "child_id": [child]} if child else dict(draft)


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


@pages.get("/children")
def children() -> Response:
    """The search while typing, and its page without JavaScript."""
    words = request.args.get("q", "")
    with begin() as tx:
        found = casework.children.search(tx, words)
    form = entered(NoteSignal)
    return show("signals/children.html", part="signals/_children.html", found=found, words=words, form=form)


@pages.post("/signals")
@again(new, result=".details")
def note() -> Response:
    """Save the worry."""
    form = read(NoteSignal)
    with begin() as tx:
        wanted = casework.signals.NoteSignal(**form.typed(), key=form.key)
        signal_id = casework.signals.note(tx, wanted)
        casework.drafts.drop(tx, DRAFT)
    return done(url_for(".details", signal_id=signal_id), say="signal_noted")


@pages.get("/signals")
def mine() -> Response:
    """The worries one has written."""
    with begin() as tx:
        found = casework.signals.mine(tx)
        today = tx.today
    return show("signals/mine.html", signals=found, today=today, led=False)


@pages.get("/units/signals")
def in_my_unit() -> Response:
    """The worries of the people one leads."""
    with begin() as tx:
        found = casework.signals.in_my_unit(tx)
        today = tx.today
    return show("signals/mine.html", signals=found, today=today, led=True)


@pages.get("/signals/<uuid:signal_id>")
def details(signal_id: UUID) -> Response:
    """One worry with everything written about it."""
    belongs_to("signals.mine")
    with begin() as tx:
        found = casework.signals.details(tx, signal_id)
        phone = casework.concern_reports.duty_phone(tx, found.municipality_id)
    form = entered(AddNote, kind="observation")
    kinds = words("choice", NOTE_KINDS if found.summary.mine is False else NOTE_KINDS[:-1], of="note_kind")
    return show("signals/details.html", signal=found, form=form, phone=phone, kinds=kinds)


@pages.post("/signals/<uuid:signal_id>/notes")
@again(details, result=".details")
def add(signal_id: UUID) -> Response:
    """Add an observation or a talk."""
    form = read(AddNote)
    with begin() as tx:
        casework.signals.add(tx, signal_id, **form.typed(), key=form.key)
    return done(url_for(".details", signal_id=signal_id), say="saved")


@pages.post("/signals/<uuid:signal_id>/share")
def share(signal_id: UUID) -> Response:
    """Ask the nearest leader to look at it together."""
    with begin() as tx:
        casework.signals.share(tx, signal_id, key=request.form.get("key"))
    return done(url_for(".details", signal_id=signal_id), say="signal_shared")


@pages.get("/signals/<uuid:signal_id>/resolve")
def resolving(signal_id: UUID) -> Response:
    """The page where a worry is ended."""
    belongs_to("signals.mine")
    with begin() as tx:
        found = casework.signals.details(tx, signal_id)
    form = entered(Resolve, version=found.version)
    outcomes = [(one.when, one.text, "") for one in found.outcomes if one.to == "close"]
    return show("signals/resolve.html", signal=found, form=form, outcomes=outcomes)


@pages.post("/signals/<uuid:signal_id>/resolve")
@again(resolving, result=".details")
def resolve(signal_id: UUID) -> Response:
    """End a worry that needs nothing more."""
    form = read(Resolve)
    with begin() as tx:
        casework.signals.resolve(
            tx, signal_id, reason=form.reason, when=form.outcome or None, version=form.version, key=form.key
        )
    return done(url_for(".details", signal_id=signal_id), say="signal_resolved")


@pages.get("/signals/<uuid:signal_id>/raise")
def raising(signal_id: UUID) -> Response:
    """The page where a case is opened."""
    belongs_to("signals.mine")
    with begin() as tx:
        found = casework.signals.details(tx, signal_id)
        family = casework.children.guardians(tx, found.summary.child.id)
        colleagues = casework.signals.colleagues(tx, signal_id)
        signs = casework.ties.signs(tx, found.summary.child.id)
        today = tx.today
        told = (
            None
            if found.summary.child.is_group
            else casework.consent_texts.before_case(tx, signal_id, until=today + casework.consents.USUAL_TERM)
        )
    child = found.summary.child
    asked = child.has_parents(today) or not child.is_born
    told_on = today if asked else None
    form = entered(
        RaiseCase, version=found.version, holder_id=g.actor.id, guardians_told_on=told_on, channel="oral"
    )
    may_answer = [(one.id, one.name) for one in family if one.responsible]
    if child.kind == About.CHILD:
        may_answer.append(("child", _("The child") if asked else child.first_name))
    return show(
        "signals/raise.html",
        signal=found,
        form=form,
        child=child,
        asked=asked,
        family=[one.name for one in family],
        told=told,
        old_enough=child.is_born and not child.is_group and child.age(today) >= YOUTH_AGE,
        entitled=may_answer,
        colleagues=[(one, f"{name}, {work}") for one, name, work in colleagues],
        signs=signs,
        outcomes=[(f"{o.when} {o.to}", o.text, o.target_name) for o in found.outcomes if o.rung],
    )


@pages.post("/signals/<uuid:signal_id>/raise")
@again(raising, result="cases.details")
def raise_case(signal_id: UUID) -> Response:
    """Open the case at the level the chosen outcome leads to."""
    form = read(RaiseCase)
    with begin() as tx:
        case_id = casework.signals.raise_case(tx, signal_id, _wanted(form))
    return done(url_for("cases.details", case_id=case_id), say="case_opened")


def _wanted(form: RaiseCase) -> casework.signals.RaiseSignal:
    """The form's values as the act takes them; an outcome is sent as «code to»."""
    when, _, to = form.outcome.partition(" ")
    agreed = tuple(
        casework.signals.Agreed(None if person == "child" else UUID(person), channel=form.channel)
        for person in form.agreed
    )
    return casework.signals.RaiseSignal(
        to=to,
        when=when,
        holder_id=form.holder_id,
        guardians_told_on=form.guardians_told_on,
        guardians_not_told=form.guardians_not_told,
        child_said=form.child_said,
        child_not_asked=form.child_not_asked,
        reason=form.reason,
        agreed=agreed,
        considered=form.considered,
        version=form.version,
        key=form.key,
    )
