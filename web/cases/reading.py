"""Lists, the case page, and what is written on it."""

from typing import Any
from uuid import UUID

from flask import Response, make_response, request, url_for
from flask_babel import gettext as _
from pydantic import Field

import casework.absences
import casework.attachments
import casework.audit
import casework.cases
import casework.families
import casework.logs
import casework.meetings
import casework.news
import casework.plans
import casework.refusals
import casework.relays
import casework.relocations
import casework.sibling_links
import casework.ties
from casework.access import Permission
from levels.children import About
from web.cases.blueprint import pages
from web.child_views import AsksChild, asking, at_fields, faces, said
from web.desks import belongs_to
from web.forms import HiddenFromFamily, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import day, word, words

KINDS = ("conversation", "phone_call", "meeting", "observation", "decision")
SHOWN = 8


class WriteEntry(HiddenFromFamily):
    """What somebody writes in the log."""

    body: str = Field(min_length=1, max_length=8000)
    kind: str = "conversation"


@pages.get("/cases")
def mine() -> Response:
    """One's cases by next deadline; tiles, words, level and closed ones filter."""
    asked = request.args
    level = asked.get("level", type=int)
    wanted = casework.cases.Wanted(
        asked.get("q", ""), asked.get("group") or None, level, closed=bool(asked.get("closed")), limit=100
    )
    with begin() as tx:
        now = casework.news.of_worklist(tx)
        found = casework.cases.mine(tx, wanted)
        offered = casework.relays.offered_to_me(tx)
        moving_in = casework.relocations.offered_here(tx)
        away = casework.absences.of_cases(tx, [one.id for one in found.cases])
        today = tx.today
    grouped = [(group, [c for c in found.cases if c.group == group]) for group in found.counts]
    return show(
        "cases/mine.html",
        part="cases/_list.html",
        found=found,
        grouped=grouped,
        offered=offered,
        moving_in=moving_in,
        away=away,
        today=today,
        q=wanted,
        now=now,
    )


@pages.get("/overview")
def overview() -> Response:
    """The coordinator's list: no names."""
    group = request.args.get("group") or None
    with begin() as tx:
        rows, counts = casework.cases.overview(tx, group=group)
        away = casework.absences.all_of(tx, [one.holder_id for one in rows])
    return show("cases/overview.html", rows=rows, counts=counts, group=group, away=away)


@pages.get("/cases/<uuid:case_id>")
def details(case_id: UUID) -> Response:
    """The case page; reading it is noted."""
    belongs_to("cases.mine")
    kind = request.args.get("kind")
    with begin() as tx:
        mark = casework.news.mark(tx, case_id)
        case = casework.cases.details(
            tx,
            case_id,
            log_kinds=(kind,) if kind else (),
            log_limit=request.args.get("show", SHOWN, type=int),
        )
        news = casework.news.beside(tx, case_id, mark)
        proposals = casework.meetings.proposals_of_case(tx, case_id)
        said = casework.families.of_case(tx, case_id)
        signs = casework.ties.signs(tx, case.head.child.id)
        away = casework.absences.of(tx, case.head.holder_id)
        today = tx.today
        plan = casework.plans.of_case(tx, case_id) if case.head.has_plan else None
        attached = casework.attachments.shown(tx, case_id) if case.head.attachments else ()
        linked = casework.sibling_links.of_case(tx, case_id)
        together = casework.sibling_links.together(tx, case_id) if linked else {}
    form = entered(
        WriteEntry,
        version=case.head.version,
        of=case_id,
        kind="conversation",
    )
    told = {
        "plan": plan,
        "attached": attached,
        "siblings": linked,
        "together": together,
        "proposals": proposals,
        "said": said,
        "signs": signs,
        "away": away,
        "news": news,
        "since": mark,
        "today": today,
    }
    return show("cases/details.html", form=form, kind=kind, **told, **_dressed(case))


ICONS = {
    "meeting": "PersonGroup",
    "child_view": "Chat",
    "consent": "FileCheckmark",
    "level": "ArrowUp",
    "baton": "ArrowRightLeft",
    "invitation": "EnvelopeClosed",
    "measure": "CheckmarkCircle",
    "phone_call": "Phone",
    "attachment_put": "Paperclip",
    "hiding_shown": "Eye",
    "hiding_kept": "EyeSlash",
}
TONES = {
    "given": "success",
    "accepted": "success",
    "limited": "warning",
    "asked": "info",
    "sent": "info",
    "queued": "info",
    "declined": "danger",
    "withdrawn": "danger",
    "expired": "warning",
    "needs_more": "warning",
}
WHEN = {"now": "now", "done": "past", "later": "ahead"}


def _dressed(case: casework.cases.CaseDetails) -> dict[str, Any]:
    """The page's rows in the shapes the components take."""
    head = case.head
    return {
        "case": case,
        "shown": SHOWN if len(case.log) <= SHOWN + 1 else len(case.log),
        "faces": faces(),
        "kinds": words("choice", KINDS, of="entry_kind"),
        "icons": ICONS,
        "tones": TONES,
        "unshared": {
            one.service_id
            for one in case.consents
            if one.service_id and one.entitled and one.state in ("withdrawn", "declined", "expired")
        },
        "levels": [
            (one.name, day(one.since, short=True) if one.since else "", WHEN[one.state])
            for one in case.levels
        ],
        "steps": [_step_row(head, one) for one in case.steps],
        "onward": _menu(head),
    }


def _step_row(head: casework.cases.CaseHead, one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": "open" if one.state == "open" else "finished",
        "href": url_for(".step", case_id=head.id, step_id=one.id),
        "hint": ", ".join(word("unmet", code) for code in one.missing[:2]) if one.state == "open" else "",
        "when": day(one.done_on, short=True) if one.done_on else "",
    }


# What only a child and its family do.
OF_FAMILIES = frozenset(
    {"relocations.of_case", "families.letting_in", "plans.of_case", "sibling_links.of_case"}
)


def _of_pregnancy(head: casework.cases.CaseHead) -> list[tuple[str, ...]]:
    about = {"pregnancy_id": head.child.id}
    born = (_("The child is born"), url_for("pregnancies.birth", **about), "PersonGroup")
    ended = (_("The pregnancy has ended"), url_for("pregnancies.ending", **about), "CheckmarkCircle")
    return [born, *([ended] if head.may("move_case") else [])]


def _menu(head: casework.cases.CaseHead) -> list[tuple[str, ...]]:
    """What the reader may do here; the report to child welfare is always last and always there."""
    asked = (
        ("move_case", _("The way onward"), ".level", "ArrowUp"),
        ("call_meeting", _("Call a meeting"), "meetings.calling", "PersonGroup"),
        ("move_case", _("Go on") if head.paused_until else _("Stand still"), ".pausing", "Clock"),
        ("move_case", _("Close the case"), ".closing", "CheckmarkCircle"),
        ("move_case", _("The guide in force"), ".newer_guide", "Book"),
        ("move_case", _("The family moves"), "relocations.of_case", "Buildings2"),
        ("let_family_in", _("Let the family in"), "families.letting_in", "PersonGroup"),
        ("move_case", _("Individual plan"), "plans.of_case", "Book"),
        ("keep_measures", _("Siblings"), "sibling_links.of_case", "PersonGroup"),
        ("see_readers", _("Who has read"), ".readers", "Eye"),
        ("reopen_case", _("Letters sent"), "notices.of_case", "EnvelopeClosed"),
        ("read_case", _("Step aside"), "disqualifications.declaring", "CircleSlash"),
        ("hold_case", _("Keep it longer"), "retention.holding", "PadlockLocked"),
    )
    found: list[tuple[str, ...]] = [
        (text, url_for(to, case_id=head.id), icon)
        for what, text, to, icon in asked
        if head.may(what) and not (head.child.is_group and to in OF_FAMILIES)
    ]
    if head.child.kind == About.UNBORN and head.may("write_log"):
        found += _of_pregnancy(head)
    if head.state == "closed":
        found = [
            (_("Open the case again"), url_for(".reopening", case_id=head.id), "ArrowUp"),
            (_("Archive copy"), url_for(".archive", case_id=head.id), "Download"),
            (_("Who has read"), url_for(".readers", case_id=head.id), "Eye"),
            (_("Letters sent"), url_for("notices.of_case", case_id=head.id), "EnvelopeClosed"),
            *(one for one in found if one[2] == "PadlockLocked"),
        ]
        if head.may("fetch_package"):
            found.append((_("Archive package"), url_for("archives.of_case", case_id=head.id), "Archive"))
    report = url_for("concern_reports.considering", case_id=head.id)
    return [*found, (_("Report to child welfare"), report, "ExclamationmarkTriangle", "grave")]


@pages.post("/cases/<uuid:case_id>/log")
@again(details, result=".details")
def write(case_id: UUID) -> Response:
    """Write in the log."""
    form = read(WriteEntry)
    wanted = casework.logs.WriteEntry(
        form.body,
        form.kind,
        **form.hidden(),
        version=form.version,
        key=form.key,
    )
    with begin() as tx:
        casework.logs.write(tx, case_id, wanted)
    return done(url_for(".details", case_id=case_id) + "#log", say="saved")


@pages.get("/cases/<uuid:case_id>/child-views/new")
def new_child_view(case_id: UUID) -> Response:
    """Where the child's view is written down, in the form that fits its age."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.WRITE_CHILD_VIEW)
        ask = asking(tx, case_id)
    return show("cases/child_view.html", case=head, form=entered(AsksChild, version=head.version), **ask)


@pages.post("/cases/<uuid:case_id>/child-views")
@again(new_child_view, result=".details")
def write_child_view(case_id: UUID) -> Response:
    """Write down what the child says or shows, or why not asked."""
    form = read(AsksChild)
    with begin() as tx, at_fields("child_"):
        casework.logs.write_child_view(tx, case_id, **said(form.view()), key=form.key)
    return done(url_for(".details", case_id=case_id), say="saved")


@pages.get("/cases/<uuid:case_id>/readers")
def readers(case_id: UUID) -> Response:
    """Who has read, newest first."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id)
        found = casework.audit.readings(tx, case_id)
    return show("cases/readers.html", case=head, readings=found)


@pages.get("/cases/<uuid:case_id>/archive.json")
def archive(case_id: UUID) -> Response:
    """The archive copy of a closed case."""
    with begin() as tx:
        digest, content = casework.cases.package(tx, case_id)
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = "attachment; filename=archive.json"
    answer.headers["Digest"] = f"sha-256={digest}"
    return answer
