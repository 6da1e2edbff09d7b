"""A family moves: offering the case to the next municipality, the pack, and what they answer."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, make_response, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.cases
import casework.relocations as relocations
from casework.access import Permission
from casework.attachments import Listed
from levels.relocations import Part
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import day, language, word, words

pages = Blueprint("relocations", __name__)
THE_CHILD = "child"


class OfferCase(Entry):
    """Where to, when, what may be handed over, and who said yes."""

    unit_id: UUID | None = None
    receiver: str = Field(default="", max_length=300)
    moves_on: date | None = None
    parts: tuple[str, ...] = ()
    attachments: tuple[UUID, ...] = ()
    agreed: tuple[str, ...] = ()


class RecordAnswer(Entry):
    """What the other municipality answered."""

    taken: bool = False
    taken_by: str = Field(default="", max_length=300)
    reference_there: str = Field(default="", max_length=100)
    reason: str = Field(default="", max_length=1000)


class TakeCase(Entry):
    """Who holds the baton here."""

    holder_id: UUID


class RefuseCase(Entry):
    """Why it is not taken here."""

    reason: str = Field(default="", max_length=1000)


class Withdraw(Entry):
    """Nothing but the button."""


@pages.get("/cases/<uuid:case_id>/relocations")
def of_case(case_id: UUID) -> Response:
    """What has been offered, and where the case is offered or the answer written down."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.MOVE_CASE)
        found = relocations.of_case(tx, case_id)
        people = relocations.people(tx, case_id)
        units = relocations.units_elsewhere(tx, case_id)
        movable = relocations.movable(tx, case_id)
    offered = next((one for one in found if one.state == "offered"), None)
    return show(
        "relocations/of_case.html",
        case=head,
        offered=offered,
        before=[one for one in found if one is not offered],
        parts=words("pack_part", Part),
        units=[(str(one.id), f"{one.municipality_name}: {one.unit_name}") for one in units],
        movable=[(str(one.id), one.title, _told_of(one, head.child.first_name)) for one in movable],
        people=[(str(who) if who else THE_CHILD, name) for who, name in people],
        form=entered(RecordAnswer, version=offered.version)
        if offered
        else entered(OfferCase, version=head.version),
    )


def _told_of(one: Listed, child: str) -> str:
    who = one.who or child
    by = _("%(name)s, the family", name=who) if one.by_family else who
    return f"{word('attachment_kind', one.kind)} · {by}, {day(one.put_at, short=True)}"


@pages.post("/cases/<uuid:case_id>/relocations")
@again(of_case, result=".of_case")
def offer(case_id: UUID) -> Response:
    """Offer it; the baton stays here."""
    form = read(OfferCase)
    wanted = relocations.OfferCase(
        form.receiver,
        tuple(Part(one) for one in form.parts if one in tuple(Part)),
        tuple(None if one == THE_CHILD else UUID(one) for one in form.agreed),
        form.moves_on,
        form.unit_id,
        form.attachments,
        form.version,
        form.key,
    )
    with begin() as tx:
        relocations.offer(tx, case_id, wanted)
    return done(url_for(".of_case", case_id=case_id), say="case_offered")


@pages.post("/cases/<uuid:case_id>/relocations/<uuid:relocation_id>/answer")
@again(of_case, result="cases.details")
def record(case_id: UUID, relocation_id: UUID) -> Response:
    """Write down what they answered."""
    form = read(RecordAnswer)
    wanted = relocations.RecordAnswer(**form.typed(), version=form.version, key=form.key)
    with begin() as tx:
        relocations.record(tx, relocation_id, wanted)
    return done(url_for("cases.details", case_id=case_id), say="saved")


@pages.post("/cases/<uuid:case_id>/relocations/<uuid:relocation_id>/withdraw")
@again(of_case, result=".of_case")
def withdraw(case_id: UUID, relocation_id: UUID) -> Response:
    """Take the offer back."""
    form = read(Withdraw)
    with begin() as tx:
        relocations.withdraw(tx, relocation_id, version=form.version, key=form.key)
    return done(url_for(".of_case", case_id=case_id), say="saved")


@pages.get("/relocations/<uuid:relocation_id>/pack")
def pack(relocation_id: UUID) -> Response:
    """The pack to print."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = relocations.pack(tx, relocation_id)
    machine = url_for(".machine_pack", relocation_id=relocation_id)
    whole = url_for(".whole_pack", relocation_id=relocation_id)
    return show("relocations/pack.html", pack=found, machine=machine, whole=whole, back=None, opens=True)


@pages.get("/relocations/<uuid:relocation_id>/pack.json")
def machine_pack(relocation_id: UUID) -> Response:
    """The pack for a machine."""
    with begin() as tx:
        answer = jsonify(relocations.pack(tx, relocation_id))
    answer.headers["Content-Disposition"] = "attachment; filename=pack.json"
    return answer


@pages.get("/relocations/<uuid:relocation_id>/pack.zip")
def whole_pack(relocation_id: UUID) -> Response:
    """The pack with its documents, as one file."""
    with begin() as tx:
        found, contents = relocations.with_contents(tx, relocation_id)
    answer = make_response(relocations.zipped(found, contents, language()))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = "attachment; filename=overforing.zip"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/moving-in/<uuid:moving_id>")
def seen(moving_id: UUID) -> Response:
    """A family that moves to one's unit: what is handed over, and the answer."""
    belongs_to("cases.mine")
    with begin() as tx:
        one, found = relocations.seen(tx, moving_id)
        colleagues = relocations.colleagues(tx, moving_id)
    return show(
        "relocations/seen.html",
        one=one,
        pack=found,
        opens=False,
        colleagues=[(str(who), f"{name}, {title}") for who, name, title in colleagues],
        take=entered(TakeCase, version=one.version, holder_id=g.actor.id),
        refuse=entered(RefuseCase, version=one.version),
    )


@pages.post("/moving-in/<uuid:moving_id>/take")
@again(seen, result="cases.details")
def take(moving_id: UUID) -> Response:
    """Open it here; it closes there."""
    form = read(TakeCase)
    with begin() as tx:
        wanted = relocations.TakeCase(form.holder_id, form.version, form.key)
        case_id = relocations.take(tx, moving_id, wanted)
    return done(url_for("cases.details", case_id=case_id), say="case_taken_in")


@pages.post("/moving-in/<uuid:moving_id>/refuse")
@again(seen, result="cases.mine")
def refuse(moving_id: UUID) -> Response:
    """Say no, with a reason."""
    form = read(RefuseCase)
    with begin() as tx:
        relocations.refuse(tx, moving_id, relocations.RefuseCase(form.reason, form.version, form.key))
    return done(url_for("cases.mine"), say="saved")


@pages.get("/cases/<uuid:case_id>/arrival")
def arrival(case_id: UUID) -> Response:
    """What came with the case from another municipality."""
    belongs_to("cases.mine")
    with begin() as tx:
        found = relocations.arrival(tx, case_id)
    return show("relocations/pack.html", pack=found, machine=None, back=case_id, opens=True)
