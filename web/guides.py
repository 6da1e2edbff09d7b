"""Guides: read by everybody, uploaded, checked and published by the administrator."""

import collections
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from pydantic import Field

import casework.guides
from casework.access import Role
from web.desks import belongs_to
from web.forms import Entry, again, entered, read
from web.htmx import done, show
from web.identity import begin, proven
from web.texts import word, words

pages = Blueprint("guides", __name__)
SECTORS = ("all", "school", "kindergarten", "health_station", "culture")
LARGEST = 400_000  # characters


class UploadGuide(Entry):
    """A guide as text, for a sector."""

    sector: str = "all"
    source: str = Field(default="", max_length=LARGEST)


@pages.get("/guides")
def listed() -> Response:
    """Every version of the municipality's guides."""
    with begin() as tx:
        found = casework.guides.versions(tx)
    return show("guides/list.html", guides=found, keeps=g.actor.has_role(Role.ADMINISTRATOR))


@pages.get("/guides/<uuid:guide_id>")
def one(guide_id: UUID) -> Response:
    """A guide as people read it: levels, steps, who, how, tools, outcomes, clocks, gaps."""
    belongs_to("guides.listed")
    with begin() as tx:
        row, guide, _source = casework.guides.one(tx, guide_id)
    keeps = row.municipality_id in g.actor.municipalities_as(Role.ADMINISTRATOR)
    tools = {tool.id: tool for tool in guide.tools}
    return show(
        "guides/one.html",
        row=row,
        guide=guide,
        tools=tools,
        keeps=keeps,
        form=entered(Entry, version=row.version),
    )


@pages.get("/guides/<uuid:guide_id>/source")
def source(guide_id: UUID) -> Response:
    """The guide as text, to change and upload as a new version."""
    with begin() as tx:
        row, _guide, text = casework.guides.one(tx, guide_id)
    answer = Response(text, mimetype="text/yaml")
    answer.headers["Content-Disposition"] = f"attachment; filename=guide-{row.sector}-{row.number}.yaml"
    return answer


@pages.get("/guides/new")
def new() -> Response:
    """Where a version is written or pasted; `based_on` starts from an existing one."""
    belongs_to("guides.listed")
    base = request.args.get("based_on", type=UUID)
    with begin() as tx:
        casework.guides.require_keeper(tx)
        row, _guide, text = casework.guides.one(tx, base) if base else (None, None, "")
    form = entered(UploadGuide, sector=row.sector if row else "all", source=text)
    return _page(form)


def _page(form: Any, faults: tuple[Any, ...] = (), *, checked: bool = False) -> Response:
    source = form.value("source")
    found = faults or (casework.guides.faults(source) if form.errors.get("source") and source.strip() else ())
    return show(
        "guides/new.html",
        form=form,
        faults=[(fault.line, fault.path, _told(fault)) for fault in found],
        checked=checked,
        sectors=words("sector", SECTORS),
    )


def _told(fault: Any) -> str:
    """What is wrong and how to mend it, in the reader's language."""
    values = collections.defaultdict(lambda: "…", fault.values)
    return " ".join(word(context, fault.code) % values for context in ("fault", "remedy"))


@pages.post("/guides")
@again(new, result=".one")
def upload() -> Response:
    """Check it, or take it in as a draft; with faults nothing is kept and the text stands as typed."""
    form = read(UploadGuide)
    text = _sent_file() or form.source
    if request.form.get("only_check"):
        belongs_to("guides.listed")
        with begin() as tx:
            casework.guides.require_keeper(tx)
        shown = entered(UploadGuide, sector=form.sector, source=text)
        return _page(shown, casework.guides.faults(text), checked=True)
    with begin() as tx:
        town = casework.guides.require_keeper(tx)
        guide_id = casework.guides.upload(tx, casework.guides.Upload(town, form.sector, text, key=form.key))
    return done(url_for(".one", guide_id=guide_id), say="guide_uploaded")


def _sent_file() -> str:
    sent = request.files.get("file")
    return (
        sent.read(4 * LARGEST).decode("utf-8", "replace").lstrip("\ufeff") if sent and sent.filename else ""
    )


@pages.post("/guides/<uuid:guide_id>/publish")
@proven
@again(one, result=".one")
def publish(guide_id: UUID) -> Response:
    """Let it hold for new worries; open cases keep theirs."""
    form = read(Entry)
    with begin() as tx:
        casework.guides.publish(tx, guide_id, version=form.version, key=form.key)
    return done(url_for(".one", guide_id=guide_id), say="guide_published")
