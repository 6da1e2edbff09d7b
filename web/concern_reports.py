"""Reports of concern: from any worry, any case, any child, at any time; and what became of each."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from pydantic import Field

import casework.cases
import casework.children
import casework.concern_reports
import casework.signals
from casework.access import PRACTICE, Permission
from casework.transactions import Transaction
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin

pages = Blueprint("concern_reports", __name__)


class SendReport(Entry):
    """What child welfare needs to know. Only the worry itself must be written."""

    worry: str = Field(min_length=1, max_length=20000)
    child_said: str = Field(default="", max_length=4000)
    urgent: bool = False
    violence: bool = False
    told: str = ""
    why_not_told: str = Field(default="", max_length=2000)


class OpenReport(Entry):
    """Whether a tie the registers show has been considered."""

    considered: bool = False


@pages.get("/signals/<uuid:signal_id>/report")
@pages.get("/cases/<uuid:case_id>/report")
@pages.get("/children/<uuid:child_id>/report")
def considering(
    signal_id: UUID | None = None, case_id: UUID | None = None, child_id: UUID | None = None
) -> Response:
    """The form. No level, no step and no consent stands before it. From a group, first which child it is about."""
    belongs_to("concern_reports.listed")
    worry = ""
    with begin() as tx:
        if signal_id:
            signal = casework.signals.details(tx, signal_id)
            child, worry, town = signal.summary.child, signal.observation, signal.municipality_id
            back = url_for("signals.details", signal_id=signal_id)
        elif case_id:
            head = casework.cases.head(tx, case_id, Permission.REPORT_CONCERN)
            child, town, back = head.child, head.municipality_id, url_for("cases.details", case_id=case_id)
        else:
            child = casework.children.one(tx, child_id)  # type: ignore[arg-type]
            town, back = g.actor.membership.municipality_id, url_for("signals.mine")
        phone = casework.concern_reports.duty_phone(tx, town)
        receiver = casework.concern_reports.receiver_of(tx, town).name
        words = request.args.get("q", "")
        found = casework.children.search(tx, words) if child.is_group else []
        told = child.has_parents(tx.today) or not child.is_born
    about = {"child": child, "back": back, "phone": phone}
    if child.is_group:
        found = [one for one in found if not one.is_group]
        return show("concern_reports/choose.html", found=found, words=words, **about)
    form = entered(SendReport, worry=worry)
    return show("concern_reports/new.html", told=told, receiver=receiver, form=form, **about)


Act = Callable[[Transaction, UUID, casework.concern_reports.SendReport], UUID]


def _sent(act: Act, about: UUID) -> Response:
    form = read(SendReport)
    wanted = casework.concern_reports.SendReport(
        form.worry,
        form.child_said,
        guardians_told=form.told == "yes",
        why_not_told=form.why_not_told,
        urgent=form.urgent,
        violence=form.violence,
        key=form.key,
    )
    with begin() as tx:
        report_id = act(tx, about, wanted)
    return done(url_for(".seen", report_id=report_id), say="report_saved")


@pages.post("/signals/<uuid:signal_id>/report")
@again(considering, result=".seen")
def from_signal(signal_id: UUID) -> Response:
    """Report what a worry says."""
    return _sent(casework.concern_reports.from_signal, signal_id)


@pages.post("/cases/<uuid:case_id>/report")
@again(considering, result=".seen")
def from_case(case_id: UUID) -> Response:
    """Report from a case; the case itself is not told what."""
    return _sent(casework.concern_reports.from_case, case_id)


@pages.post("/children/<uuid:child_id>/report")
@again(considering, result=".seen")
def about_child(child_id: UUID) -> Response:
    """Report without a worry or a case."""
    return _sent(casework.concern_reports.about_child, child_id)


@pages.get("/concern-reports")
def listed() -> Response:
    """Child welfare's inbox, and everybody's own reports with what became of each."""
    with begin() as tx:
        receives = any(m.service_kind == "child_welfare" and m.role in PRACTICE for m in g.actor.memberships)
        inbox = casework.concern_reports.inbox(tx) if receives else []
        mine = casework.concern_reports.sent_by_me(tx)
    return show("concern_reports/list.html", receives=receives, inbox=inbox, mine=mine)


@pages.get("/concern-reports/<uuid:report_id>")
def seen(report_id: UUID) -> Response:
    """One report; child welfare opens it by reading it, and the sender is told by whom. Whoever the registers may tie
    to the family is asked first.
    """
    belongs_to("concern_reports.listed")
    with begin() as tx:
        signs = casework.concern_reports.to_consider(tx, report_id)
        if signs:
            return show(
                "concern_reports/consider.html", report_id=report_id, signs=signs, form=entered(OpenReport)
            )
        found = casework.concern_reports.seen(tx, report_id)
        phone = casework.concern_reports.duty_phone(tx, g.actor.membership.municipality_id)
    return show("concern_reports/seen.html", report=found, phone=phone)


@pages.post("/concern-reports/<uuid:report_id>")
@again(seen, result=".seen")
def take_in(report_id: UUID) -> Response:
    """Open it after having considered a tie."""
    form = read(OpenReport)
    with begin() as tx:
        casework.concern_reports.seen(tx, report_id, considered=form.considered)
    return done(url_for(".seen", report_id=report_id), say="report_opened")
