"""Where staff let a family in, and answer what it says."""

from uuid import UUID

from flask import Response, url_for
from pydantic import Field

import casework.cases
import casework.children
import casework.families
import casework.sharing
from casework.access import Permission
from casework.refusals import Invalid
from levels.families import YOUTH_AGE
from web.desks import belongs_to
from web.families.blueprint import pages
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import word

CHILD = "child"


class HandOutCode(Entry):
    """To whom: one of the parents, or the child."""

    guardian_id: str


class AnswerFamily(Entry):
    """The answer."""

    body: str = Field(min_length=1, max_length=4000)


@pages.get("/cases/<uuid:case_id>/family-codes/new")
def letting_in(case_id: UUID) -> Response:
    """Who of the family may be let in."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.LET_FAMILY_IN)
        guardians = casework.children.guardians(tx, head.child.id)
        today = tx.today
    age = head.child.age(today) or 0
    people = [(str(one.id), one.name) for one in guardians if one.responsible and _may_look(one, age)]
    if age >= YOUTH_AGE:
        people.append((CHILD, head.child.first_name))
    return show("families/let_in.html", case=head, people=people, form=entered(HandOutCode))


def _may_look(guardian: casework.children.GuardianSummary, age: int) -> bool:
    what, channel = casework.sharing.What.CONTENT, casework.sharing.Channel.PORTAL
    return casework.sharing.to_guardian(what, channel, kept_out=guardian.kept_out, age=age).allowed


@pages.post("/cases/<uuid:case_id>/family-codes")
@again(letting_in, result=".letting_in")
def let_in(case_id: UUID) -> Response:
    """Make a code and show it, this once."""
    belongs_to("cases.mine")
    form = read(HandOutCode)
    guardian_id = None if form.guardian_id == CHILD else _id(form.guardian_id)
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.LET_FAMILY_IN)
        code = casework.families.hand_out(tx, case_id, guardian_id, key=form.key)
    return show("families/code.html", case=head, code=code)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"guardian_id": "not_a_choice"}) from None


@pages.get("/family-words/<uuid:word_id>")
def answering(word_id: UUID) -> Response:
    """What the family said, and room for the answer."""
    belongs_to("cases.mine")
    with begin() as tx:
        said = casework.families.word(tx, word_id)
        entry = casework.families.replied_to(tx, said)
        head = casework.cases.head(tx, said.case_id)
    return show(
        "families/answer.html",
        case=head,
        said=said,
        entry=entry,
        kind_words=word("family_word", said.kind),
        form=entered(AnswerFamily, version=said.version, body=said.answer),
    )


@pages.post("/family-words/<uuid:word_id>")
@again(answering, result=".answering")
def answer(word_id: UUID) -> Response:
    """Answer the family."""
    form = read(AnswerFamily)
    wanted = casework.families.AnswerWord(form.body, form.version, form.key)
    with begin() as tx:
        case_id = casework.families.answer_word(tx, word_id, wanted)
    return done(url_for("cases.details", case_id=case_id), say="family_answered")
