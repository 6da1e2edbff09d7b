"""Messages to oneself, how one wants them, and how far each letter came."""

import contextlib
from typing import Literal
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from pydantic import Field

import casework.cases
import casework.notices
from casework.access import Permission, Role
from casework.refusals import Unavailable
from levels.notices import About, Way
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import has_word, word, words

pages = Blueprint("notices", __name__)
TONES = {
    "opened": "success",
    "delivered": "success",
    "bounced": "danger",
    "failed": "danger",
    "written": "warning",
}
WAYS_OUT = ("sent_again", "otherwise")
# What a page is about, for the pages notices lead to: whoever is shown one has opened what led there.
_OPENING = {
    "cases.details": ("case", "case_id"),
    "signals.details": ("signal", "signal_id"),
    "coordinations.seen": ("invitation", "invitation_id"),
    "relays.seen": ("handover", "handover_id"),
    "meetings.one": ("meeting", "meeting_id"),
    "measures.one": ("measure", "measure_id"),
    "concern_reports.seen": ("concern_report", "report_id"),
    "guides.one": ("guide", "guide_id"),
    "notices.of_case": ("case_letters", "case_id"),
    "staff.service": ("service", "service_id"),
    "staff.person": ("practitioner", "practitioner_id"),
    "readings.one": ("reading", "reading_id"),
    "relocations.seen": ("relocation", "moving_id"),
    "hidings.one": ("hiding", "hiding_id"),
}


class Settle(Entry):
    """What was done about a letter that came nowhere, and why that is enough."""

    how: Literal["sent_again", "otherwise"]
    reason: str = Field(min_length=1, max_length=500)


class Choose(Entry):
    """A way for each kind of event."""

    reports: Way | None = None
    batons: Way | None = None
    deliveries: Way | None = None
    meetings: Way | None = None
    deadlines: Way | None = None
    answers: Way | None = None
    cases: Way | None = None


@pages.after_app_request
def opened(response: Response) -> Response:
    """Note that the receiver has opened the page a notice led to: by being shown it, never by a picture in a mail."""
    about = _OPENING.get(request.endpoint or "")
    if g.get("unseen") == 0:
        return response
    if about is not None and request.method == "GET" and response.status_code == 200 and g.get("actor"):
        kind, name = about
        # The page is made already: a database that is gone just now must not take it away again.
        with contextlib.suppress(Unavailable), begin() as tx:
            casework.notices.opened(tx, kind, (request.view_args or {})[name])
    return response


@pages.get("/notices")
def mine() -> Response:
    """One's messages, newest first; looking at them marks them as seen."""
    with begin() as tx:
        found = casework.notices.mine(tx)
        casework.notices.see_all(tx)
    rows = [(one, casework.notices.link_of(one.subject_kind, one.subject_id)) for one in found]
    return show("notices/mine.html", messages=rows, tones=TONES)


@pages.get("/notices/choices")
def choosing() -> Response:
    """How one wants to be told of each kind of event."""
    belongs_to("notices.mine")
    with begin() as tx:
        found = casework.notices.choices(tx)
    form = entered(Choose, **{one.about: one.way for one in found.choices})
    rows = [
        (
            one.about,
            word("about", one.about),
            words("way", _possible(one, found.has_phone)),
            len(one.ways) == 2,
        )
        for one in found.choices
    ]
    return show("notices/choices.html", form=form, rows=rows, has_phone=found.has_phone)


def _possible(one: casework.notices.Choice, has_phone: bool) -> tuple[str, ...]:
    """The ways there are; a text message only to somebody with a phone."""
    return tuple(way for way in one.ways if has_phone or way != Way.SMS or one.way == Way.SMS)


@pages.post("/notices/choices")
@again(choosing, result=".choosing")
def choose() -> Response:
    """Keep one's choices."""
    form = read(Choose)
    chosen = tuple(
        casework.notices.Chosen(one.value, way.value)
        for one in About
        if (way := getattr(form, one.value)) is not None
    )
    with begin() as tx:
        casework.notices.choose(tx, casework.notices.Choose(chosen, key=form.key))
    return done(url_for(".choosing"), say="choices_kept")


@pages.get("/cases/<uuid:case_id>/notices")
def of_case(case_id: UUID) -> Response:
    """What went to whom about a case, by which channel, and how far it came."""
    belongs_to("cases.mine")
    with begin() as tx:
        head = casework.cases.head(tx, case_id, Permission.READ_CASE)
        found = casework.notices.of_case(tx, case_id)
    rows = [(one, _receiver(one)) for one in found]
    return show("notices/case.html", case=head, rows=rows, tones=TONES, named=named)


def named(kind: str) -> str:
    """What sort of letter it is, for somebody it was not sent to."""
    return word("letter_about" if has_word("letter_about", kind) else "notice", kind)


def _receiver(one: casework.notices.Sent) -> tuple[str, str]:
    """Who it went to, and a line below: a part in the case, never an address."""
    if one.to_kind == "service":
        return one.to, ""
    if one.to_kind == "guardian":
        return word("letter_to", "guardian"), word("choice", one.to, of="relation")
    return (word("role", one.to) if one.to else word("letter_to", "colleague")), one.service_name


@pages.get("/notices/<uuid:notice_id>/settle")
def settling(notice_id: UUID) -> Response:
    """A letter that came nowhere, and the two ways out."""
    belongs_to("notices.deliveries" if g.actor.has_role(*_LISTENERS) else "cases.mine")
    with begin() as tx:
        task = casework.notices.task(tx, notice_id)
    ways = WAYS_OUT if task.may_send_again else WAYS_OUT[1:]
    form = entered(Settle, how="" if task.may_send_again else "otherwise")
    return show(
        "notices/settle.html",
        form=form,
        task=task,
        back=_after(task),
        receiver=_receiver(task.letter) if task.letter else None,
        ways=words("settled", ways),
        named=named,
    )


def _after(task: casework.notices.Task) -> str:
    if task.case_id is not None:
        return url_for(".of_case", case_id=task.case_id)
    return url_for("concern_reports.listed") if task.may_send_again else url_for(".deliveries")


@pages.post("/notices/<uuid:notice_id>/settle")
@again(settling, result=".mine")
def settle(notice_id: UUID) -> Response:
    """Close the task, with a reason."""
    form = read(Settle)
    with begin() as tx:
        task = casework.notices.task(tx, notice_id)
        wanted = casework.notices.Settle(form.how, form.reason, key=form.key)
        casework.notices.settle(tx, notice_id, wanted)
    return done(_after(task), say="letter_sent_again" if form.how == "sent_again" else "letter_settled")


_LISTENERS = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.OPERATOR)


@pages.get("/deliveries")
def deliveries() -> Response:
    """Letters nobody can vouch for: ids, kinds and ages, no names. None leaves the list without a reason."""
    with begin() as tx:
        found = casework.notices.unmatched(tx)
        counts = casework.notices.inbox_counts(tx)
        today = tx.today
    return show("notices/deliveries.html", rows=found, counts=counts, today=today, named=named)
