"""The family's own pages: what is done, who knows what, consent, and saying what one wants to say."""

from typing import Any
from uuid import UUID

from flask import Response, g, jsonify, make_response, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.families
import casework.plans
import casework.sibling_links
from casework.families import Asked, FamilyPage
from casework.refusals import NotFound
from levels.attachments import ACCEPTED, LARGEST, LONGEST_TITLE
from levels.families import Kind
from web.attachments import ROOM, sent_file
from web.child_views import faces
from web.consent_texts import choices
from web.families.blueprint import pages
from web.forms import Entry, Fault, Invalid, again, entered, read, typed_values
from web.htmx import done, show
from web.identity import begin, family
from web.texts import language, words

ANSWER, LIMITS, VERSION, SHOWN = "answer_", "limits_", "version_", "shown_"
OPEN = ("asked", "declined", "withdrawn", "expired")


class SayView(Entry):
    """How it is now, in one of three faces and in words."""

    mood: int | None = None
    body: str = Field(default="", max_length=4000)
    share: bool = False


class SayWords(Entry):
    """Something to the one who holds it together; an entry when it answers one."""

    kind: Kind
    entry_id: UUID | None = None
    body: str = Field(min_length=1, max_length=4000)
    title: str = Field(default="", max_length=LONGEST_TITLE)


class AnswerConsents(Entry):
    """Answers to what is asked; each question has fields of its own, named by its id."""

    answers: str = ""
    language: str = Field(default="", max_length=3)


class Withdraw(Entry):
    """Nothing but the key and the version; for a renewal on a new text also which text, in which language."""

    language: str = Field(default="", max_length=3)
    shown: str = Field(default="", max_length=64)


@pages.get("/family")
@family
def home() -> Response:
    """The one case there is, or a list of them."""
    with begin() as tx:
        cases = casework.families.home(tx)
    if len(cases) == 1:
        return done(url_for(".case", case_id=cases[0].id))
    return show("families/home.html", cases=cases)


@pages.get("/family/cases/<uuid:case_id>")
@family
def case(case_id: UUID) -> Response:
    """What is done, what comes next, and what has been written."""
    with begin() as tx:
        page = casework.families.case(tx, case_id)
        today, siblings = tx.today, casework.sibling_links.of_case(tx, case_id)
        plan = casework.plans.of_case(tx, case_id)
    return show(
        "families/case.html",
        page=page,
        today=today,
        siblings=siblings,
        plan=plan,
        faces=faces(),
        form=entered(SayView),
    )


@pages.post("/family/cases/<uuid:case_id>/view")
@family
@again(case, result=".case")
def say_view(case_id: UUID) -> Response:
    """How one sees it oneself."""
    form = read(SayView)
    said = casework.families.Say("view", form.body, form.mood, for_guardians=form.share, key=form.key)
    with begin() as tx:
        casework.families.say(tx, case_id, said)
    return done(url_for(".case", case_id=case_id), say="family_said")


@pages.get("/family/cases/<uuid:case_id>/say")
@family
def saying(case_id: UUID) -> Response:
    """Where one writes: a question, a reply, a wish, a complaint."""
    kind = request.values.get("kind", "")
    if kind not in {one.value for one in Kind if one is not Kind.VIEW}:
        raise NotFound
    entry_id = request.values.get("entry_id", type=UUID)
    with begin() as tx:
        page = casework.families.case(tx, case_id)
    entry = next((one for one in page.entries if one.id == entry_id), None)
    if kind == Kind.REPLY and entry is None:
        raise NotFound
    return show(
        "families/say.html", page=page, kind=kind, entry=entry, form=entered(SayWords), accepted=ACCEPTED
    )


@pages.post("/family/cases/<uuid:case_id>/say")
@family
@again(saying, result=".case")
def say(case_id: UUID) -> Response:
    """Say it."""
    form = read(SayWords)
    content = sent_file(LARGEST)
    sent = casework.families.Attach(form.title, content) if content or form.title else None
    said = casework.families.Say(
        form.kind.value, form.body, entry_id=form.entry_id, attached=sent, key=form.key
    )
    with begin() as tx:
        casework.families.say(tx, case_id, said)
    return done(url_for(".case", case_id=case_id), say="family_said")


@pages.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: object) -> None:
    """Words may bring a document, which is larger than other forms may be."""
    if endpoint == "families.say":
        request.max_content_length = LARGEST + ROOM


@pages.get("/family/cases/<uuid:case_id>/consents")
@family
def consents(case_id: UUID) -> Response:
    """What is asked of this reader, and what has been answered; nothing is chosen beforehand."""
    with begin() as tx:
        page = casework.families.case(tx, case_id)
        siblings = casework.sibling_links.own(tx, case_id)
        wanted = request.values.get("language", "")
        code = casework.families.language_for(tx, case_id, wanted, pages=language())
        texts = casework.families.texts(tx, case_id, code)
        before = casework.families.read_before(tx, case_id)
        decides = casework.families.decides(tx, case_id)
        today = tx.today
        ending = [one for one in page.consents if one.ends_soon(today)]
        news = {one.id for one in ending if casework.families.renewal(tx, one.id).changes}
    return show(
        "families/consents.html",
        siblings=siblings,
        page=page,
        today=today,
        texts=texts,
        read=before,
        decides=decides,
        news=news,
        code=code,
        languages=choices(),
        asked=[one for one in page.consents if one.counts and _is_open(one)],
        answered=[one for one in page.consents if one.counts and not _is_open(one)],
        before=[one for one in page.consents if not one.counts],
        answers=words("choice", ("yes", "no"), of="answer"),
        form=entered(AnswerConsents),
    )


def _is_open(one: Asked) -> bool:
    return one.waits or one.state in OPEN


@pages.post("/family/cases/<uuid:case_id>/consents")
@family
@again(consents, result=".consents")
def answer_consents(case_id: UUID) -> Response:
    """All the answers at once; what is left open stays unanswered."""
    form = read(AnswerConsents)
    with begin() as tx:
        casework.families.answer(tx, case_id, _given(), key=form.key)
    return done(url_for(".consents", case_id=case_id), say="consent_answered")


def _given() -> tuple[casework.families.Given, ...]:
    values = typed_values()
    told_in = next(iter(values.get("language", ())), "")
    found = []
    for name, texts in values.items():
        if not name.startswith(ANSWER) or not texts:
            continue
        try:
            consent_id = UUID(name.removeprefix(ANSWER))
            version = int(next(iter(values.get(f"{VERSION}{consent_id}", ())), "0")) or None
        except ValueError:
            raise Invalid({"answers": Fault("not_a_choice")}, values) from None
        limits = next(iter(values.get(f"{LIMITS}{consent_id}", ())), "").strip()
        answer = "limited" if texts[0] == "yes" and limits else texts[0]
        shown = next(iter(values.get(f"{SHOWN}{consent_id}", ())), "")
        found.append(casework.families.Given(consent_id, answer, limits, version, told_in, shown))
    return tuple(found)


@pages.get("/family/consents/<uuid:consent_id>/withdraw")
@family
def withdrawing(consent_id: UUID) -> Response:
    """What taking it back would do, before it is done."""
    with begin() as tx:
        plan = casework.families.plan(tx, consent_id)
    form = entered(Withdraw, version=plan.consent.version)
    return show("families/withdraw.html", plan=plan, form=form)


@pages.post("/family/consents/<uuid:consent_id>/withdraw")
@family
@again(withdrawing, result=".consents")
def withdraw(consent_id: UUID) -> Response:
    """Take it back; it holds from this moment."""
    form = read(Withdraw)
    with begin() as tx:
        case_id = casework.families.withdraw(tx, consent_id, version=form.version, key=form.key)
    return done(url_for(".consents", case_id=case_id), say="consent_withdrawn")


@pages.get("/family/consents/<uuid:consent_id>/renew")
@family
def renewing(consent_id: UUID) -> Response:
    """What the text says now that it did not say last time, before it lasts on."""
    with begin() as tx:
        found = casework.families.renewal(tx, consent_id, request.values.get("language", ""))
    form = entered(Withdraw, version=found.consent.version)
    return show("families/renew.html", renewal=found, form=form, languages=choices())


@pages.post("/family/consents/<uuid:consent_id>/renew")
@family
@again(renewing, result=".consents")
def renew(consent_id: UUID) -> Response:
    """Let it last on, in one tap where the text is the same."""
    form = read(Withdraw)
    with begin() as tx:
        case_id = casework.families.renew(
            tx, consent_id, version=form.version, language=form.language, shown=form.shown, key=form.key
        )
    return done(url_for(".consents", case_id=case_id), say="consent_renewed")


@pages.get("/family/cases/<uuid:case_id>/readers")
@family
def readers(case_id: UUID) -> Response:
    """Who has read, day by day."""
    with begin() as tx:
        found, readings = casework.families.readers(tx, case_id)
    return show("families/readers.html", case=found, readings=readings)


@pages.get("/family/cases/<uuid:case_id>/copy")
@family
def copy(case_id: UUID) -> Response:
    """Everything one may see, on one page to print or keep."""
    with begin() as tx:
        page = casework.families.copy(tx, case_id)
        now = tx.now
    return show("families/copy.html", page=page, now=now)


@pages.get("/family/cases/<uuid:case_id>/copy.pdf")
@family
def printed_copy(case_id: UUID) -> Response:
    """The same to keep as it is."""
    with begin() as tx:
        page = casework.families.copy(tx, case_id)
        now = tx.now
    printed = casework.families.printed(page, name=g.actor.name, language=language(), at=now)
    response = make_response(printed)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = "attachment; filename=stafettlogg.pdf"
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/family/cases/<uuid:case_id>/copy.json")
@family
def machine_copy(case_id: UUID) -> Response:
    """The same for a machine (personvernforordningen article 20)."""
    with begin() as tx:
        page = casework.families.copy(tx, case_id)
    response = jsonify(_plain(page))
    response.headers["Content-Disposition"] = "attachment; filename=stafettlogg.json"
    return response


def _plain(page: FamilyPage) -> dict[str, Any]:
    """The page without addresses inside the house."""
    return {
        "made_for": g.actor.name,
        "case": {"child": page.case.child_name, "unit": page.case.unit_name, "level": page.level_name},
        "holder": page.case.holder_name,
        "services": page.services,
        "measures": [{"title": one.title, "goal": one.goal, "by": one.responsible} for one in page.measures],
        "meetings": [
            {"at": one.starts_at, "place": one.place, "minutes": one.minutes} for one in page.meetings
        ],
        "log": [
            {"at": one.written_at, "kind": one.kind, "code": one.code, "facts": one.facts, "text": one.body,
             "by": one.author_name} for one in page.entries
        ],
        "hidden": page.hidden,
        "home": _(
            "We do not keep your address. If we have been told where you live, we keep a mark made from the address."
            " Nobody can read the mark. We use it to see whether somebody who works here lives with you or close by."
        ),
        "consents": [_consent(one) for one in page.consents],
        "words": [
            {"at": one.written_at, "kind": one.kind, "text": one.body, "answer": one.answer}
            for one in page.words
        ],
        "attachments": [
            {"at": one.put_at, "title": one.title, "kind": one.kind, "by": one.who, "from": one.came_from,
             "taken_away": one.gone} for one in page.attachments
        ],
    }  # fmt: skip


def _consent(one: Asked) -> dict[str, Any]:
    return {
        "service": one.service_name,
        "purpose": one.purpose,
        "state": one.state,
        "answered_at": one.answered_at,
        "expires_on": one.expires_on,
        "language": one.language,
        "text_version": one.text_version,
        "text_digest": one.text_digest,
    }
