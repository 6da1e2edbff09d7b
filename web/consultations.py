"""Anonymous consultation: asking without a child, answering in time, and what was learnt."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from pydantic import Field

import casework.consultations
from casework.access import Role
from casework.consultations import ASKED_FROM, THEMES
from casework.transactions import Transaction
from levels.consultations import AGE_BANDS, BOUNDS, Found
from web.desks import belongs_to
from web.forms import Entry, Form, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("consultations", __name__)
LONGEST = BOUNDS["longest"][1]


class AskQuestion(Entry):
    """What is asked, of whom, and roughly about whom."""

    service_id: UUID
    age_band: str
    sector: str
    theme: str
    question: str = Field(min_length=1, max_length=LONGEST)
    named: bool = False
    read_again: bool = False


class Answer(Entry):
    """What the service answers."""

    body: str = Field(min_length=1, max_length=LONGEST)
    read_again: bool = False


class AskOn(Answer):
    """What the asker asks on."""


class Thank(Entry):
    """A word of thanks, or none."""

    body: str = Field(default="", max_length=LONGEST)
    read_again: bool = False


class ChooseLimits(Entry):
    """Working days, months, and signs."""

    answer_workdays: int
    kept_months: int
    longest: int


class KeepKnowledge(Entry):
    """The wording others may learn from."""

    question: str = Field(min_length=1, max_length=LONGEST)
    answer: str = Field(min_length=1, max_length=LONGEST)
    read_again: bool = False


class AttachAdvice(Entry):
    """The case whose log gets a copy."""

    case_id: UUID


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "ages": words("age_band", AGE_BANDS),
        "sectors": words("sector", ASKED_FROM),
        "themes": words("theme", THEMES),
    }


def _found(tx: Transaction, form: Form) -> tuple[Found, ...]:
    """What the check met in a form that is shown again, to be pointed at."""
    typed = (form.value(name) for name in ("question", "answer", "body"))
    return casework.consultations.suspicious(tx, "\n".join(typed)) if form.errors else ()


def _version(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


@pages.get("/consultations")
def mine() -> Response:
    """What one has asked; answers to be read come first."""
    with begin() as tx:
        found = casework.consultations.mine(tx)
        answers, questions = casework.consultations.waiting(tx)
    return show(
        "consultations/listed.html",
        found=found,
        received=False,
        waits=questions,
        asks=bool(g.actor.practice()),
        serves=casework.consultations.gives_advice(g.actor),
    )


@pages.get("/consultations/received")
def received() -> Response:
    """What is put to one's services; what waits comes first."""
    with begin() as tx:
        found = casework.consultations.put_to_us(tx)
        _answers, questions = casework.consultations.waiting(tx)
    return show(
        "consultations/listed.html",
        found=found,
        received=True,
        waits=questions,
        asks=bool(g.actor.practice()),
        serves=casework.consultations.gives_advice(g.actor),
    )


@pages.get("/consultations/limits")
def limiting() -> Response:
    """The limits here, and within which bounds they may be chosen."""
    belongs_to("consultations.learnt")
    with begin() as tx:
        limits = casework.consultations.limits(tx)
    now = {name: getattr(limits, name) for name in BOUNDS}
    return show("consultations/limits.html", bounds=BOUNDS, form=entered(ChooseLimits, **now))


@pages.post("/consultations/limits")
@again(limiting, result=".limiting")
def choose_limits() -> Response:
    """Choose them."""
    form = read(ChooseLimits)
    with begin() as tx:
        casework.consultations.choose_limits(
            tx, casework.consultations.ChooseLimits(**form.typed(), key=form.key)
        )
    return done(url_for(".limiting"), say="saved")


@pages.get("/consultations/new")
def asking() -> Response:
    """Where a question is asked: six inputs, none of them a name."""
    belongs_to("consultations.mine")
    form = entered(AskQuestion)
    with begin() as tx:
        services = casework.consultations.addressees(tx)
        found = _found(tx, form)
        days = casework.consultations.limits_here(tx).answer_workdays
    return show(
        "consultations/new.html",
        form=form,
        services=services,
        found=found,
        days=days,
        **_choices(),
    )


@pages.post("/consultations")
@again(asking, result=".one")
def ask() -> Response:
    """Put the question to the service."""
    form = read(AskQuestion)
    with begin() as tx:
        wanted = casework.consultations.Ask(**form.typed(), key=form.key)
        consultation_id = casework.consultations.ask(tx, wanted)
    return done(url_for(".one", consultation_id=consultation_id), say="consultation_asked")


@pages.get("/consultations/<uuid:consultation_id>")
def one(consultation_id: UUID) -> Response:
    """One question as a thread, with what the reader may do."""
    with begin() as tx:
        thread = casework.consultations.thread(tx, consultation_id)
        forms = _forms(thread)
        found = {name: _found(tx, form) for name, form in forms.items()}
    belongs_to("consultations.mine" if thread.question.mine else "consultations.received")
    return show("consultations/one.html", thread=thread, one=thread.question, forms=forms, found=found)


def _forms(thread: casework.consultations.Thread) -> dict[str, Form]:
    """Each form of the page; the wording others may learn from begins as what was asked and answered first."""
    version = thread.question.version
    answers = (line.body for line in thread.lines if line.kind == "answer")
    return {
        "answer": entered(Answer, version=version),
        "ask_on": entered(AskOn, version=version),
        "thank": entered(Thank, version=version),
        "keep": entered(
            KeepKnowledge, version=version, question=thread.question.question, answer=next(answers, "")
        ),
    }


@pages.post("/consultations/<uuid:consultation_id>/take")
def take(consultation_id: UUID) -> Response:
    """Take it."""
    return _plain("take", consultation_id, say="consultation_taken")


@pages.post("/consultations/<uuid:consultation_id>/put-back")
def put_back(consultation_id: UUID) -> Response:
    """Let a colleague take it."""
    return _plain("put_back", consultation_id, say="saved")


@pages.post("/consultations/<uuid:consultation_id>/withdraw")
def withdraw(consultation_id: UUID) -> Response:
    """Take one's question back."""
    return _plain("withdraw", consultation_id, say="consultation_withdrawn")


@pages.post("/consultations/<uuid:consultation_id>/knowledge/agree")
def agree(consultation_id: UUID) -> Response:
    """Let what was learnt be kept for all."""
    return _plain("agree", consultation_id, say="knowledge_kept")


@pages.post("/consultations/<uuid:consultation_id>/knowledge/decline")
def decline(consultation_id: UUID) -> Response:
    """Say no to keeping it."""
    return _plain("decline", consultation_id, say="saved")


def _plain(act: str, consultation_id: UUID, *, say: str) -> Response:
    """An act that asks nothing."""
    sent = request.form
    with begin() as tx:
        acts: Any = casework.consultations
        getattr(acts, act)(tx, consultation_id, version=_version(sent.get("version")), key=sent.get("key"))
    return done(url_for(".one", consultation_id=consultation_id), say=say)


def _written(form: Answer | Thank) -> casework.consultations.Write:
    return casework.consultations.Write(**form.typed(), version=form.version, key=form.key)


@pages.post("/consultations/<uuid:consultation_id>/answer")
@again(one, result=".one")
def answer(consultation_id: UUID) -> Response:
    """Answer it."""
    form = read(Answer)
    with begin() as tx:
        casework.consultations.answer(tx, consultation_id, _written(form))
    return done(url_for(".one", consultation_id=consultation_id), say="consultation_answered")


@pages.post("/consultations/<uuid:consultation_id>/follow-up")
@again(one, result=".one")
def follow_up(consultation_id: UUID) -> Response:
    """Ask on."""
    form = read(AskOn)
    with begin() as tx:
        casework.consultations.follow_up(tx, consultation_id, _written(form))
    return done(url_for(".one", consultation_id=consultation_id), say="consultation_asked")


@pages.post("/consultations/<uuid:consultation_id>/close")
@again(one, result=".one")
def close(consultation_id: UUID) -> Response:
    """Close it, with thanks or without."""
    form = read(Thank)
    with begin() as tx:
        casework.consultations.close(tx, consultation_id, _written(form))
    return done(url_for(".one", consultation_id=consultation_id), say="consultation_closed")


@pages.post("/consultations/<uuid:consultation_id>/knowledge")
@again(one, result=".one")
def propose(consultation_id: UUID) -> Response:
    """Propose a wording to be kept for all."""
    form = read(KeepKnowledge)
    wanted = casework.consultations.Propose(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        casework.consultations.propose(tx, consultation_id, wanted)
    return done(url_for(".one", consultation_id=consultation_id), say="knowledge_proposed")


@pages.get("/consultations/<uuid:consultation_id>/attach")
def attaching(consultation_id: UUID) -> Response:
    """Where the asker chooses the case that gets a copy."""
    belongs_to("consultations.mine")
    with begin() as tx:
        found = casework.consultations.attachable(tx, consultation_id)
    return show(
        "consultations/attach.html",
        consultation_id=consultation_id,
        reached=[(one.id, one.child_name, one.number) for one in found if one.reached],
        unreached=[one for one in found if not one.reached],
        form=entered(AttachAdvice),
    )


@pages.post("/consultations/<uuid:consultation_id>/attach")
@again(attaching, result="cases.details")
def attach(consultation_id: UUID) -> Response:
    """Write the copy into the case's log."""
    form = read(AttachAdvice)
    with begin() as tx:
        casework.consultations.attach(tx, consultation_id, form.case_id, key=form.key)
    return done(url_for("cases.details", case_id=form.case_id), say="advice_attached")


@pages.get("/knowledge")
def learnt() -> Response:
    """What was learnt in the municipality, searched while one types."""
    asked = {name: request.args.get(name, "") for name in ("theme", "age_band", "sector")}
    with begin() as tx:
        wanted = casework.consultations.Wanted(request.args.get("q", ""), **asked)
        found = casework.consultations.learnt(tx, wanted)
    return show(
        "consultations/learnt.html",
        found=found,
        wanted=wanted,
        filters=Form({name: [value] for name, value in asked.items()}),
        narrowed=any(asked.values()),
        chooses=g.actor.has_role(Role.ADMINISTRATOR),
        asks=bool(g.actor.practice()),
        serves=casework.consultations.gives_advice(g.actor),
        **_choices(),
    )


@pages.get("/knowledge/<uuid:knowledge_id>")
def kept(knowledge_id: UUID) -> Response:
    """One piece of it."""
    belongs_to("consultations.learnt")
    with begin() as tx:
        found = casework.consultations.one_kept(tx, knowledge_id)
    return show("consultations/kept.html", one=found)


@pages.post("/knowledge/<uuid:knowledge_id>/retire")
def retire(knowledge_id: UUID) -> Response:
    """Lay it aside."""
    sent = request.form
    with begin() as tx:
        casework.consultations.retire(
            tx, knowledge_id, version=_version(sent.get("version")), key=sent.get("key")
        )
    return done(url_for(".learnt"), say="knowledge_retired")
