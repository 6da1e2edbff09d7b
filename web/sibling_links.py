"""Siblings side by side: linking two files, ending it, and what is met about and tried together."""

from datetime import date, time
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.cases
import casework.children
import casework.measures
import casework.meetings
import casework.participations
import casework.refusals
import casework.sibling_links as siblings
from casework.access import Permission
from casework.sharing import Channel, What, to_guardian
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin, family
from web.meetings.blueprint import THE_CHILD, at
from web.texts import words

pages = Blueprint("sibling_links", __name__)


class LinkSiblings(Entry):
    """The other file, and everybody who said yes: a case, and a guardian unless it is the youth."""

    other_case_id: UUID
    agreed: tuple[str, ...] = ()
    channel: str = "oral"


class PlanTogether(Entry):
    """The same measure for both."""

    title: str = Field(min_length=1, max_length=300)
    goal: str = Field(min_length=1, max_length=1000)
    responsible_id: UUID
    evaluate_on: date | None = None


class MeetTogether(Entry):
    """The same meeting for both."""

    day: date
    starts: time
    ends: time
    place: str = Field(default="", max_length=200)
    practitioner_ids: tuple[UUID, ...] = ()
    family: tuple[str, ...] = ()


class EndLink(Entry):
    """Nothing but the button."""


@pages.get("/cases/<uuid:case_id>/siblings")
def of_case(case_id: UUID) -> Response:
    """The linked files one may see, and where another is linked."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.READ_CASE)
        linked = siblings.of_case(tx, case_id)
        others = siblings.candidates(tx, case_id)
        other = request.values.get("other_case_id", type=UUID)
        asked = siblings.consenters(tx, case_id, other) if other in dict(others) else []
    people = [(_person(one.case_id, one.guardian_id), f"{one.name} ({one.child_name})") for one in asked]
    return show(
        "sibling_links/of_case.html",
        case=head,
        linked=linked,
        others=others,
        people=people,
        channels=words("choice", siblings.CHANNELS, of="channel"),
        form=entered(LinkSiblings, other_case_id=other, channel="oral"),
    )


def _person(case_id: UUID, guardian_id: UUID | None) -> str:
    return f"{case_id} {guardian_id or ''}".strip()


@pages.post("/cases/<uuid:case_id>/siblings")
@again(of_case, result=".of_case")
def link(case_id: UUID) -> Response:
    """Link them, with everybody's yes."""
    form = read(LinkSiblings)
    agreed = tuple(siblings.Agreed(*map(UUID, one.split())) for one in form.agreed)
    with begin() as tx:
        siblings.link(
            tx, case_id, siblings.LinkSiblings(form.other_case_id, agreed, form.channel, key=form.key)
        )
    return done(url_for(".of_case", case_id=case_id), say="siblings_linked")


@pages.post("/cases/<uuid:case_id>/siblings/<uuid:link_id>/end")
@again(of_case, result=".of_case")
def end(case_id: UUID, link_id: UUID) -> Response:
    """End it; what was made together stays in each file."""
    form = read(EndLink)
    with begin() as tx:
        siblings.end(tx, case_id, link_id, version=form.version, key=form.key)
    return done(url_for(".of_case", case_id=case_id), say="siblings_parted")


@pages.get("/cases/<uuid:case_id>/siblings/<uuid:link_id>")
def together(case_id: UUID, link_id: UUID) -> Response:
    """Where a measure or a meeting is made for both."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.KEEP_MEASURES)
        found = next(
            (one for one in siblings.of_case(tx, case_id) if one.link_id == link_id and one.live), None
        )
        if found is None:
            raise casework.refusals.NotFound
        other = casework.cases.head(tx, found.case_id, Permission.READ_CASE)
        inside, there = (casework.participations.of_case(tx, one) for one in (case_id, found.case_id))
        guardians = [
            one for child in (head.child.id, other.child.id) for one in casework.children.guardians(tx, child)
        ]
        today = tx.today
    people = {one.practitioner_id: one.name for one in inside}
    return show(
        "sibling_links/together.html",
        case=head,
        sibling=found,
        people=list(people.items()),
        callable=list(({one.practitioner_id: one.name for one in there} | people).items()),
        family=[*_family(guardians), (THE_CHILD, _("Both children"))],
        plan_form=entered(
            PlanTogether, responsible_id=g.actor.id, evaluate_on=today + casework.measures.USUAL_TERM
        ),
        meet_form=entered(MeetTogether, starts="08:30", ends="09:30", practitioner_ids=[g.actor.id]),
    )


def _family(guardians: list[casework.children.GuardianSummary]) -> list[tuple[str, str]]:
    """Each of the family once, though a parent stands with each child: all their ids, and the name."""
    found: dict[str, list[str]] = {}
    for one in guardians:
        answer = to_guardian(What.NOTICE, Channel.LETTER, kept_out=one.kept_out)
        if answer.allowed:
            found.setdefault(one.name, []).append(str(one.id))
    return [(" ".join(ids), name) for name, ids in found.items()]


@pages.post("/cases/<uuid:case_id>/siblings/<uuid:link_id>/measures")
@again(together, result="cases.details")
def plan(case_id: UUID, link_id: UUID) -> Response:
    """Plan it in both files."""
    form = read(PlanTogether)
    measure = casework.measures.PlanMeasure(
        form.title, form.goal, form.responsible_id, evaluate_on=form.evaluate_on
    )
    with begin() as tx:
        siblings.plan_measure(tx, case_id, link_id, siblings.PlanTogether(measure, key=form.key))
    return done(url_for("cases.details", case_id=case_id) + "#measures", say="measure_planned")


@pages.post("/cases/<uuid:case_id>/siblings/<uuid:link_id>/meetings")
@again(together, result="cases.details")
def meet(case_id: UUID, link_id: UUID) -> Response:
    """Call it in both files."""
    form = read(MeetTogether)
    wanted = casework.meetings.CallMeeting(
        "joint",
        at(form.day, form.starts),
        at(form.day, form.ends),
        form.practitioner_ids,
        guardian_ids=tuple(UUID(one) for ids in form.family if ids != THE_CHILD for one in ids.split()),
        the_child=THE_CHILD in form.family,
        place=form.place,
        key=form.key,
    )
    with begin() as tx:
        siblings.call_meeting(tx, case_id, link_id, wanted)
    return done(url_for("cases.details", case_id=case_id) + "#meetings", say="meeting_called")


@pages.post("/family/sibling-consents/<uuid:sibling_consent_id>/withdraw")
@family
def withdraw(sibling_consent_id: UUID) -> Response:
    """Take one's own yes back."""
    form = read(EndLink)
    with begin() as tx:
        case_id = siblings.withdraw(tx, sibling_consent_id, key=form.key)
    return done(url_for("families.consents", case_id=case_id), say="siblings_parted")
