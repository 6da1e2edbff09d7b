"""Every component in every state, with invented content: for looking at, for screenshots and for axe."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, current_app, request, url_for
from pydantic import Field

from casework import refusals
from web.forms import Entry, Fault, Form, again, entered, read
from web.htmx import done, panel, show
from web.identity import public
from web.refusals import Expired, answer

pages = Blueprint("styleguide", __name__, url_prefix="/styleguide")

PLACES = (
    ("Mine saker", "Tasklist", True, 17, False),
    ("Undringer", "Chat", False, 2, True),
    ("Meldinger", "EnvelopeClosed", False, 4, False),
    ("Handlingsveileder", "OpenBook", False, 0, False),
    ("Kalender", "Calendar", False, 0, False),
)
KIDS = [("1", "Iben S."), ("2", "Jonas V."), ("3", "Elida Á. B."), ("4", "Mathias K.")]
THEMES = "Trivsel,Venner og mobbing,Fravær,Læring og språk,Konsentrasjon,Mat og søvn,Hjemmesituasjon,Annet"
STRENGTHS = [
    ("wonder", "Jeg undrer meg", "Noe er annerledes. Jeg vil følge med."),
    ("worried", "Jeg er bekymret", "Noen bør gjøre noe i løpet av uken."),
    ("very", "Jeg er svært bekymret", "Du får hjelp til å vurdere melding til barnevernet i neste steg."),
]


class Sample(Entry):
    """A worry as in the real form."""

    child: str
    themes: list[str] = Field(min_length=1)
    observation: str = Field(min_length=1, max_length=4000)
    strength: str = "wonder"
    told: list[str] = []
    seen_on: date | None = None


class Line(Entry):
    """One line in the sample log, and what should become of it."""

    text: str = Field(min_length=1, max_length=400)
    outcome: str = "saved"
    shown: bool = False


def _now() -> datetime:
    clock = getattr(current_app.extensions["casework"], "clock", None)
    return clock.now() if clock else datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


def _visit() -> Any:
    home = SimpleNamespace(role="coordinator", service_name="Oppvekst", assignment_id=UUID(int=1))
    other = SimpleNamespace(role="educator", service_name="Fjordvik skole", assignment_id=UUID(int=2))
    actor = SimpleNamespace(name="Kari Lunde", membership=home, memberships=(home, other))
    return SimpleNamespace(actor=actor, municipality_name="Fjordvik kommune")


def _frame() -> dict[str, Any]:
    keys = ("label", "icon", "current", "count", "hot")
    places = [{**dict(zip(keys, each, strict=True)), "href": "#main"} for each in PLACES]
    return {"sample_menu": places, "sample_visit": _visit(), "now": _now(), "day_of": _day_of}


def _day_of(days: int) -> date:
    return (_now() + timedelta(days=days)).date()


@pages.get("")
@public
def overview() -> Response:
    """Every component, one after the other."""
    wrong = Form(
        values={"observation": ["x" * 20], "themes": ["1"]},
        errors={"child": Fault("required"), "observation": Fault("too_long", {"limit": 4000})},
        order=("child", "observation"),
    )
    return show(
        "styleguide/overview.html", plain=Form(), wrong=wrong, kids=KIDS, strengths=STRENGTHS, **_frame()
    )


@pages.get("/form")
@public
def form() -> Response:
    """The form for a phone."""
    themes = [(str(number), text) for number, text in enumerate(THEMES.split(","))]
    return show(
        "styleguide/form.html",
        form=entered(Sample, strength="wonder"),
        kids=KIDS,
        themes=themes,
        strengths=STRENGTHS,
    )


@pages.post("/form")
@public
@again(form, result=".form")
def save() -> Response:
    """Save the sample: a receipt, or what is wrong."""
    read(Sample)
    return done(url_for(".form"), say="sample_saved")


@pages.get("/draft")
def draft() -> Response:
    """The form again, kept while one types: for somebody signed in."""
    return show("styleguide/draft.html", form=entered(Sample))


@pages.get("/worklist")
@public
def worklist() -> Response:
    """A coordinator's list; `empty` shows it without anything in it."""
    return show("styleguide/worklist.html", empty="empty" in request.args, **_frame())


@pages.get("/case")
@public
def case() -> Response:
    """A case."""
    return show("styleguide/case.html", line=entered(Line, version=31, of="sample", shown=True), **_frame())


@pages.post("/case/log")
@public
@again(case)
def write() -> Response:
    """A line in the sample log, or any refusal one asks for."""
    form = read(Line)
    _refuse(form.outcome)
    entry = {"title": "Samtale", "text": form.text, "when": _now(), "id": f"entry-{uuid4().hex[:8]}"}
    return panel(
        "styleguide/_entry.html",
        page=url_for(".case"),
        say="sample_saved",
        version=32,
        of="sample",
        entry=entry,
    )


def _refuse(outcome: str) -> None:
    changes = (refusals.Change("log_written", "Tone Vik", _now(), "Iben sov hos mor i natt."),)
    table: dict[str, Exception] = {
        "stale": refusals.Stale(32, changes),
        "refused": refusals.Refused(
            "SampleChart", "level_1", "raise_to_2", ("holder_named", "guide_permits")
        ),
        "expired": Expired(),
        "not_permitted": refusals.NotPermitted("write_log"),
        "not_found": refusals.NotFound(),
        "unavailable": refusals.Unavailable(),
        "fault": RuntimeError("asked for"),
    }
    if outcome in table:
        raise table[outcome]


@pages.get("/refusal/<int:status>")
@public
def refusal(status: int) -> Response:
    """The page for a status."""
    return answer(status, reference="A1B2C3D4" if status == 500 else None)
