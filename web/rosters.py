"""School and staff rolls: a file is read, what it would change is shown, and it is taken in when confirmed."""

from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for

import casework.rosters
import casework.staff
from levels.rosters import HEADERS, LARGEST, Fault, Unreadable
from levels.rosters import read as read_roster
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.identity import casework as house
from web.texts import word

pages = Blueprint("rosters", __name__)
MOST_SHOWN = 300  # of one kind
KINDS = (
    "left_child",
    "left_colleague",
    "new_child",
    "moved_unit",
    "moved_class",
    "changed_child",
    "new_guardian",
    "changed_guardian",
    "new_colleague",
    "new_role",
)
ROOM = 20_000  # bytes of a form around its file


class UploadRoster(Entry):
    """How a file is to be taken."""

    unit_id: UUID | None = None
    whole: bool = False


class ConfirmRoster(Entry):
    """What was shown, and that so many may leave."""

    shown: str = ""
    really: bool = False


@pages.url_value_preprocessor
def _room_for_a_file(_endpoint: str | None, _values: object) -> None:
    """A whole school is larger than other forms may be; said before anybody reads the form."""
    request.max_content_length = LARGEST + ROOM


@pages.get("/rosters")
def listed() -> Response:
    """Where a file is chosen, and what the last ones came to."""
    return _listed()


def _listed(faults: tuple[Fault, ...] = (), status: int = 200) -> Response:
    with begin() as tx:
        receipts = casework.rosters.receipts(tx)
        services = casework.staff.services(tx)
    open_ = [one for one in services if one.closed_on is None and one.kind != "administration"]
    return show(
        "rosters/listed.html",
        status=status,
        receipts=receipts,
        units=[(one.id, one.name) for one in open_],
        faults=_told(faults),
        form=entered(UploadRoster),
    )


def _told(faults: tuple[Fault, ...] | list[Fault]) -> list[tuple[int, str, str, str]]:
    """Where, about whom, what is wrong, and what mends it."""
    return [
        (
            fault.line,
            fault.name,
            word("fault", fault.code, of="rosters") + (f" ({fault.column})" if fault.column else ""),
            word("remedy", fault.code, of="rosters"),
        )
        for fault in faults
    ]


@pages.post("/rosters")
@again(listed, result=".preview")
def upload() -> Response:
    """Read the file. What cannot be read at all is said with its line, and nothing is kept."""
    form = read(UploadRoster)
    sent = request.files.get("file")
    try:
        roster = read_roster(sent.read(LARGEST + 1) if sent and sent.filename else b"")
    except Unreadable as wrong:
        with begin() as tx:
            casework.staff.home(tx)
        return _listed(wrong.faults, 422)
    wanted = casework.rosters.Reading(
        roster,
        form.unit_id,
        form.whole,
        synthetic_only=current_app.config["ENVIRONMENT"] != "production",
        key=form.key,
    )
    with begin() as tx:
        draft_id = casework.rosters.upload(tx, wanted, keys=house().keys)
    return done(url_for(".preview", draft_id=draft_id))


@pages.get("/rosters/<uuid:draft_id>")
def preview(draft_id: UUID) -> Response:
    """Everything that would change, by kind, and every row that is left out."""
    belongs_to("rosters.listed")
    with begin() as tx:
        draft, found = casework.rosters.preview(tx, draft_id, keys=house().keys)
    groups = [(kind, [one for one in found.changes if one.kind == kind]) for kind in KINDS]
    return show(
        "rosters/preview.html",
        draft=draft,
        found=found,
        groups=[(kind, changes[:MOST_SHOWN], len(changes)) for kind, changes in groups if changes],
        faults=_told(found.faults),
        left=found.counts.get(casework.rosters.LEFT, 0),
        form=entered(ConfirmRoster),
    )


@pages.post("/rosters/<uuid:draft_id>/confirm")
@again(preview, result=".receipt")
def confirm(draft_id: UUID) -> Response:
    """Take it in, all or nothing."""
    form = read(ConfirmRoster)
    with begin() as tx:
        casework.rosters.confirm(tx, draft_id, **form.typed(), keys=house().keys, key=form.key)
    return done(url_for(".receipt", draft_id=draft_id), say="roster_confirmed")


@pages.post("/rosters/<uuid:draft_id>/cancel")
@again(preview, result=".listed")
def cancel(draft_id: UUID) -> Response:
    """Keep nothing of it."""
    with begin() as tx:
        casework.rosters.cancel(tx, draft_id)
    return done(url_for(".listed"), say="roster_cancelled")


@pages.get("/rosters/<uuid:draft_id>/receipt")
def receipt(draft_id: UUID) -> Response:
    """What it came to, in numbers."""
    belongs_to("rosters.listed")
    with begin() as tx:
        found = casework.rosters.receipt(tx, draft_id)
    counts = [(word("roster", kind), found.counts[kind]) for kind in KINDS if kind in found.counts]
    return show("rosters/receipt.html", receipt=found, counts=counts)


@pages.get("/rosters/pupils.csv")
def pupils_sheet() -> Response:
    """An empty sheet for pupils."""
    return _sheet("pupils")


@pages.get("/rosters/staff.csv")
def staff_sheet() -> Response:
    """An empty sheet for staff."""
    return _sheet("staff")


def _sheet(kind: str) -> Response:
    with begin() as tx:
        casework.staff.home(tx)
    answer = Response("\ufeff" + ";".join(HEADERS[kind]) + "\r\n", mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={kind}.csv"
    return answer
