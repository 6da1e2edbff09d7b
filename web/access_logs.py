"""The access log: searched, exported and verified by the data protection officer."""

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from pydantic import Field

import casework.access_logs
from casework.access_logs import KINDS, Wanted
from casework.transactions import Transaction
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.identity import casework as house
from web.texts import words

pages = Blueprint("access_logs", __name__)
USUAL = timedelta(days=30)


class SearchLog(Entry):
    """What is looked for; the child by the opaque id that finding it gave."""

    since: date
    until: date
    person_id: UUID | None = None
    child_id: UUID | None = None
    kind: str = ""


class FindChild(Entry):
    """A child by a case's number, by national number, or by names and date of birth."""

    case_number: str = Field(default="", max_length=40)
    identity_number: str = Field(default="", max_length=20)
    first_name: str = Field(default="", max_length=100)
    last_name: str = Field(default="", max_length=100)
    born_on: date | None = None


def _asked(tx: Transaction) -> Wanted:
    """What the address asks for; whatever cannot be read is as usual: everybody, the last month."""
    until = request.args.get("until", tx.today, type=date.fromisoformat)
    return Wanted(
        since=request.args.get("since", until - USUAL, type=date.fromisoformat),
        until=until,
        person_id=request.args.get("person_id", type=UUID),
        child_id=request.args.get("child_id", type=UUID),
        kind=request.args.get("kind", "") if request.args.get("kind") in KINDS else "",
    )


def _address(wanted: Wanted) -> dict[str, object]:
    values = {name: getattr(wanted, name) for name in ("since", "until", "person_id", "child_id", "kind")}
    return {name: value for name, value in values.items() if value}


@pages.get("/access-log")
def listed() -> Response:
    """A page of the log with the search above it."""
    with begin() as tx:
        wanted = _asked(tx)
        found = casework.access_logs.search(tx, wanted, after=request.args.get("after", type=UUID))
        people = casework.access_logs.people(tx)
        child = casework.access_logs.child_name(tx, wanted.child_id) if wanted.child_id else ""
        trail = casework.access_logs.trail_state(tx)
    return show(
        "access_logs/listed.html",
        found=found,
        asked=_address(wanted),
        people=people,
        kinds=words("log_kind", KINDS),
        child=child,
        trail=trail,
        form=entered(SearchLog, **_address(wanted)),
    )


@pages.post("/access-log")
@again(listed, result=".listed")
def search() -> Response:
    """Look for something else: what was typed becomes an address with opaque ids only."""
    form = read(SearchLog)
    wanted = Wanted(**form.typed())
    with begin() as tx:
        casework.access_logs.checked_period(tx, wanted)
    return done(url_for(".listed", **_address(wanted)))


@pages.get("/access-log/export")
def export() -> Response:
    """The same lines as a file for a spreadsheet."""
    with begin() as tx:
        written = casework.access_logs.export(tx, _asked(tx))
    answer = Response("\ufeff" + written, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=innsynslogg.csv"
    return answer


@pages.get("/access-log/child")
def finding() -> Response:
    """Which child somebody asks about."""
    belongs_to("access_logs.listed")
    with begin() as tx:
        casework.access_logs.officer_of(tx)
    return show("access_logs/child.html", form=entered(FindChild))


@pages.post("/access-log/child")
@again(finding, result=".listed")
def find() -> Response:
    """Find it, and search the log by its opaque id."""
    form = read(FindChild)
    with begin() as tx:
        wanted = casework.access_logs.FindChild(**form.typed())
        child_id = casework.access_logs.find_child(tx, wanted, keys=house().keys)
    return done(url_for(".listed", child_id=child_id))


@pages.post("/access-log/check")
@again(listed, result=".listed")
def check() -> Response:
    """Have the trail verified now."""
    with begin() as tx:
        casework.access_logs.ask_for_check(tx, key=request.form.get("key"))
    return done(url_for(".listed"), say="check_asked")
