"""Consents: ask the family about the log and each service, and write down what they answer."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.cases
import casework.children
import casework.consent_texts
import casework.consents
import casework.staff
from casework.access import Permission
from web.consent_texts import choices, spoken
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import word, words

pages = Blueprint("consents", __name__)
THE_LOG = "log"
ANSWERS = ("yes", "limited", "no")
CHANNELS = ("oral", "paper")
TOGETHER = "work_together"


class AskConsent(Entry):
    """What is asked, about which services."""

    services: tuple[str, ...] = Field(min_length=1)
    purpose: str = Field(min_length=1, max_length=2000)
    shared: str = Field(default="", max_length=2000)
    not_shared: str = Field(default="", max_length=2000)
    until: date | None = None


class RecordConsent(Entry):
    """What somebody answered."""

    answer: str
    channel: str
    limits: str = Field(default="", max_length=2000)
    witness: str = Field(default="", max_length=200)
    answered_on: date | None = None
    language: str = Field(default="", max_length=3)
    interpreter: str = Field(default="", max_length=200)


def _worded(one: casework.consents.ConsentSummary) -> casework.consents.ConsentSummary:
    """The purpose in words, where the house and not a person wrote it."""
    if one.purpose != TOGETHER:
        return one
    return replace(one, purpose=word("choice", TOGETHER, of="purpose"))


@pages.get("/cases/<uuid:case_id>/consents")
def of_case(case_id: UUID) -> Response:
    """Every answer, person by person."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id)
        found = casework.consents.of_case(tx, case_id)
    return show("consents/list.html", case=head, consents=[_worded(one) for one in found])


@pages.get("/cases/<uuid:case_id>/consents/new")
def asking(case_id: UUID) -> Response:
    """Where it is chosen what to ask about; nothing is ticked beforehand."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.KEEP_CONSENTS)
        near = casework.staff.services_near(tx, head.municipality_id)
        settled = casework.consents.settled(tx, case_id)
        family = casework.children.guardians(tx, head.child.id)
        entitled = set(casework.consents.consenters(tx, case_id))
    choices = [] if None in settled else [(THE_LOG, _("The shared log"))]
    choices += [(s.id, s.name) for s in near if s.id not in settled and s.id != head.unit_id]
    people = [one.name for one in family if one.id in entitled]
    youth = None in entitled
    return show(
        "consents/ask.html",
        case=head,
        choices=choices,
        people=people + ([head.child.first_name] if youth else []),
        form=entered(AskConsent),
    )


@pages.post("/cases/<uuid:case_id>/consents")
@again(asking, result=".of_case")
def ask(case_id: UUID) -> Response:
    """Ask everybody who must answer."""
    form = read(AskConsent)
    questions = tuple(
        casework.consents.Question(
            None if service == THE_LOG else UUID(service),
            form.purpose,
            form.shared,
            form.not_shared,
            form.until,
        )
        for service in form.services
    )
    with begin() as tx:
        casework.consents.ask(tx, case_id, questions, key=form.key)
    return done(url_for(".of_case", case_id=case_id), say="consent_asked")


@pages.get("/consents/<uuid:consent_id>")
def recording(consent_id: UUID) -> Response:
    """Where one person's answer is written down, changed or taken back."""
    belongs_to("cases.mine")
    with begin() as tx:
        case_id, found = casework.consents.one(tx, consent_id)
        head = casework.cases.head(tx, case_id)
        told = casework.consents.with_text(tx, consent_id, request.values.get("language", ""))
        today = tx.today
    held = found.state in ("given", "limited") and not found.asked_anew
    return show(
        "consents/record.html",
        case=head,
        consent=_worded(found),
        held=held,
        told=told,
        answers=words("choice", ("withdrawn",) if held else ANSWERS, of="answer"),
        channels=words("choice", CHANNELS, of="channel"),
        languages=spoken(casework.children.LANGUAGES),
        choices=choices(),
        form=entered(
            RecordConsent,
            version=found.version,
            channel="oral",
            answered_on=today,
            language=told.text.language,
        ),
    )


@pages.get("/consents/<uuid:consent_id>/text")
def text(consent_id: UUID) -> Response:
    """The text of a question in any language, to read aloud or print and sign; and those it was answered on."""
    belongs_to("cases.mine")
    with begin() as tx:
        told = casework.consents.with_text(tx, consent_id, request.values.get("language", ""))
        head = casework.cases.head(tx, told.case_id)
    return show("consents/text.html", case=head, told=told, choices=choices())


@pages.post("/consents/<uuid:consent_id>")
@again(recording, result=".recording")
def record(consent_id: UUID) -> Response:
    """Write the answer down; what follows from it happens at once."""
    form = read(RecordConsent)
    answer = casework.consents.Answer(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.consents.record(tx, consent_id, answer)
        case_id, _found = casework.consents.one(tx, consent_id)
    return done(url_for(".of_case", case_id=case_id), say="saved")
