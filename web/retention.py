"""How long things are kept: the archivist's page, terms, and holds set and lifted."""

from uuid import UUID

from flask import Blueprint, Response, g, url_for
from pydantic import Field

import casework.cases
import casework.retention
from casework.access import Permission, Role
from casework.refusals import NotFound
from levels.retention import GROUNDS
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import words

pages = Blueprint("retention", __name__)


class HoldCase(Entry):
    """Why it must be kept."""

    ground: str
    reason: str = Field(min_length=1, max_length=500)


class HoldByNumber(HoldCase):
    """Which case, by its number, and why."""

    number: str = Field(min_length=1, max_length=40)


class LiftHold(Entry):
    """Why not any longer."""

    reason: str = Field(min_length=1, max_length=500)


class ChooseTerm(Entry):
    """How many months."""

    months: int


@pages.get("/retention")
def desk() -> Response:
    """Terms, what goes next month, and what is held back."""
    with begin() as tx:
        desks = casework.retention.desks(tx)
    return show("retention/desk.html", desks=desks)


def _desk(municipality_id: UUID) -> casework.retention.Desk:
    with begin() as tx:
        found = [one for one in casework.retention.desks(tx) if one.municipality_id == municipality_id]
    if not found:
        raise NotFound
    return found[0]


@pages.get("/retention/<uuid:municipality_id>/holds/new")
def holding_by_number(municipality_id: UUID) -> Response:
    """Which case must be kept, and why."""
    belongs_to("retention.desk")
    found = _desk(municipality_id)
    return show(
        "retention/hold.html", desk=found, case=None, grounds=_grounds(), holds=(), form=entered(HoldByNumber)
    )


def _grounds() -> list[tuple[str, str]]:
    return words("hold_ground", GROUNDS)


@pages.post("/retention/<uuid:municipality_id>/holds")
@again(holding_by_number, result=".desk")
def hold_by_number(municipality_id: UUID) -> Response:
    """Keep it."""
    form = read(HoldByNumber)
    wanted = casework.retention.SetHold(form.ground, form.reason, form.key)
    with begin() as tx:
        casework.retention.hold_by_number(tx, municipality_id, form.number, wanted)
    return done(url_for(".desk"), say="held")


@pages.get("/cases/<uuid:case_id>/hold")
def holding(case_id: UUID) -> Response:
    """The same from the case itself, for its leader."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.HOLD_CASE)
        holds = casework.retention.holds_of(tx, case_id)
    return show(
        "retention/hold.html", desk=None, case=head, grounds=_grounds(), holds=holds, form=entered(HoldCase)
    )


@pages.post("/cases/<uuid:case_id>/hold")
@again(holding, result=".holding")
def hold(case_id: UUID) -> Response:
    """Keep it."""
    form = read(HoldCase)
    with begin() as tx:
        casework.retention.hold(tx, case_id, casework.retention.SetHold(form.ground, form.reason, form.key))
    return done(url_for(".holding", case_id=case_id), say="held")


@pages.get("/holds/<uuid:hold_id>")
def lifting(hold_id: UUID) -> Response:
    """A hold, and room to say why it may end."""
    archivist = g.actor.has_role(Role.ARCHIVIST)
    belongs_to("retention.desk" if archivist else "cases.mine")
    with begin() as tx:
        found = casework.retention.standing(tx, hold_id)
    form = entered(LiftHold, version=found.version)
    return show("retention/lift.html", hold=found, archivist=archivist, form=form)


@pages.post("/holds/<uuid:hold_id>")
@again(lifting, result=".lifting")
def lift(hold_id: UUID) -> Response:
    """Let it follow its term again."""
    form = read(LiftHold)
    with begin() as tx:
        found = casework.retention.standing(tx, hold_id)
        casework.retention.lift(tx, hold_id, casework.retention.LiftHold(form.reason, form.version, form.key))
    home = g.actor.has_role(Role.ARCHIVIST)
    return done(url_for(".desk") if home else url_for(".holding", case_id=found.case_id), say="hold_lifted")


@pages.get("/signals/<uuid:signal_id>/hold")
def holding_signal(signal_id: UUID) -> Response:
    """Where its leader keeps a worry whatever its term."""
    belongs_to("signals.mine")
    with begin() as tx:
        holds = casework.retention.holds_of_signal(tx, signal_id)
    return show(
        "retention/hold_signal.html",
        signal_id=signal_id,
        grounds=_grounds(),
        holds=holds,
        form=entered(HoldCase),
    )


@pages.post("/signals/<uuid:signal_id>/hold")
@again(holding_signal, result=".holding_signal")
def hold_signal(signal_id: UUID) -> Response:
    """Keep it."""
    form = read(HoldCase)
    wanted = casework.retention.SetHold(form.ground, form.reason, form.key)
    with begin() as tx:
        casework.retention.hold_signal(tx, signal_id, wanted)
    return done(url_for(".holding_signal", signal_id=signal_id), say="concern_held")


@pages.get("/signal-holds/<uuid:signal_hold_id>")
def lifting_signal(signal_hold_id: UUID) -> Response:
    """A hold, and room to say why it may end."""
    belongs_to("signals.mine")
    with begin() as tx:
        found = casework.retention.held_signal(tx, signal_hold_id)
    return show("retention/lift_signal.html", hold=found, form=entered(LiftHold, version=found.version))


@pages.post("/signal-holds/<uuid:signal_hold_id>")
@again(lifting_signal, result=".lifting_signal")
def lift_signal(signal_hold_id: UUID) -> Response:
    """Let it follow its term again."""
    form = read(LiftHold)
    wanted = casework.retention.LiftHold(form.reason, form.version, form.key)
    with begin() as tx:
        signal_id = casework.retention.lift_signal(tx, signal_hold_id, wanted)
    return done(url_for(".holding_signal", signal_id=signal_id), say="concern_hold_lifted")


@pages.get("/retention/<uuid:municipality_id>/terms/<what>")
def choosing(municipality_id: UUID, what: str) -> Response:
    """The municipality's own term, and its bounds."""
    belongs_to("retention.desk")
    found = _desk(municipality_id)
    kept = next((one for one in found.kept if one.term.kind == what and one.term.adjustable), None)
    if kept is None:
        raise NotFound
    return show("retention/term.html", desk=found, kept=kept, form=entered(ChooseTerm, months=kept.months))


@pages.post("/retention/<uuid:municipality_id>/terms/<what>")
@again(choosing, result=".desk")
def choose(municipality_id: UUID, what: str) -> Response:
    """Keep it for so long."""
    form = read(ChooseTerm)
    with begin() as tx:
        casework.retention.choose(tx, municipality_id, what, form.months, key=form.key)
    return done(url_for(".desk"), say="saved")
