"""The operator's desk: how the machinery stands, and setting it going again. No child, no case, no text."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for
from pydantic import Field

from casework import operations
from casework.refusals import NotFound
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin
from web.texts import has_word, word

pages = Blueprint("operations", __name__)
ON_ROWS = {"again": operations.try_again, "skip": operations.skip}
ON_FLOWS = {"pause": operations.pause, "resume": operations.resume}


class Reason(Entry):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


@pages.get("/operations")
def state() -> Response:
    """Everything that runs, waits and failed."""
    with begin() as tx:
        desk = operations.desk(tx)
    return show(
        "operations/state.html",
        desk=desk,
        backup=_backup(),
        flow_name=flow_name,
        sign_name=sign_name,
        code_name=code_name,
    )


def _backup() -> datetime | None:
    """When the backup last told that it succeeded; None when it never has."""
    stamp: Path | None = current_app.config.get("BACKUP_STAMP")
    try:
        return datetime.fromtimestamp(stamp.stat().st_mtime, UTC) if stamp else None
    except OSError:
        return None


def flow_name(name: str) -> str:
    """A flow in words; one that nobody has worded yet keeps its own name."""
    return _worded("flow", name)


def sign_name(name: str) -> str:
    """What was reached, in words."""
    return _worded("connector", name)


def code_name(code: str | None) -> str:
    """Why something failed, in words where there are some."""
    return _worded("failure", code) if code else "–"


def _worded(context: str, name: str) -> str:
    code = name.replace("-", "_")
    return word(context, code) if has_word(context, code) else name


@pages.get("/operations/act")
def asking() -> Response:
    """Asks why, before the machinery is touched."""
    belongs_to("operations.state")
    if _about_nothing():
        return done(url_for(".state"))
    kind, asked = _asked()
    with begin() as tx:
        if kind in ON_ROWS:
            about = flow_name(operations.row(tx, UUID(asked)).flow)
        elif kind in ON_FLOWS:
            about = flow_name(operations.flow(tx, asked).name)
        else:
            about = word("notice", operations.letter(tx, UUID(asked)).kind)
    return show(
        "operations/act.html",
        form=entered(Reason),
        kind=kind,
        about=about,
        asked=asked,
        address=url_for(".act", kind=kind, of=asked),
    )


@pages.post("/operations/act")
@again(asking, result=".state")
def act() -> Response:
    """Do it: at once for rows and letters, by the courier for a flow's clock."""
    if _about_nothing():
        return done(url_for(".state"))
    kind, asked = _asked()
    form = read(Reason)
    with begin() as tx:
        if kind in ON_ROWS:
            ON_ROWS[kind](tx, UUID(asked), reason=form.reason, key=form.key)
        elif kind in ON_FLOWS:
            ON_FLOWS[kind](tx, asked, reason=form.reason, key=form.key)
        else:
            operations.send_again(tx, UUID(asked), reason=form.reason, key=form.key)
    return done(url_for(".state"), say=f"operations_{kind}")


def _about_nothing() -> bool:
    """Whether an operator asked for nothing in particular; raises NotFound for anybody else."""
    with begin() as tx:
        operations.operator(tx)
    return not request.args


def _asked() -> tuple[str, str]:
    """What is to be done, and to which row, letter or flow; raises NotFound for anything else."""
    kind, of = request.args.get("kind", ""), request.args.get("of", "")
    if kind not in {*ON_ROWS, *ON_FLOWS, "resend"}:
        raise NotFound
    if kind not in ON_FLOWS:
        try:
            UUID(of)
        except ValueError:
            raise NotFound from None
    return kind, of
