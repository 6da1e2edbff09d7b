"""Refusals and repeats: sent twice is done once, signed out loses nothing, a page that fails has its own answer."""

from datetime import timedelta

import pytest
from flask import Blueprint
from pydantic import Field

from casework import refusals
from tests.web.visitors import Visitor
from web.forms import Entry, again, entered, read
from web.htmx import show
from web.identity import public


class Note(Entry):
    text: str = Field(min_length=1)


def _feature(refusal: Exception) -> Blueprint:
    """A feature with one form whose act is refused."""
    pages = Blueprint("sample", __name__)

    @pages.get("/sample/new")
    @public
    def new():
        return show("styleguide/draft.html", form=entered(Note))

    @pages.get("/sample/<int:number>")
    @public
    def one(number: int):
        return show("start/privacy.html", number=number)

    @pages.post("/sample")
    @public
    @again(new, result=".one")
    def write():
        read(Note)
        raise refusal

    @pages.post("/bare")
    @public
    def bare():
        read(Note)
        raise refusal

    return pages


@pytest.fixture
def with_refusal(make_site, casework):
    def make(refusal: Exception) -> Visitor:
        site = make_site()
        site.register_blueprint(_feature(refusal))
        return Visitor(site, casework)

    return make


def _send(visitor: Visitor, path: str, *, status: int, **values: str):
    token = visitor.get("/sample/new").value("kept", "csrf")
    return visitor.send(path, {"csrf": token, "_form": "Note", **values}, status=status)


def test_a_form_sent_twice_leads_to_what_it_came_to_and_says_that_it_was_done_once(with_refusal):
    visitor = with_refusal(refusals.AlreadyDone({"number": "7"}))

    page = _send(visitor, "/sample", status=200, text="Ringte mor")

    assert page.path == "/sample/7"
    assert "Ingenting er gjort to ganger." in page.text


def test_a_form_sent_twice_at_the_same_moment_ends_somewhere_safe(with_refusal):
    visitor = with_refusal(refusals.AlreadyDone({}))

    token = visitor.get("/sample/new").value("kept", "csrf")
    answer = visitor.client.post("/sample", data={"csrf": token, "text": "Ringte mor"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_form_one_went_back_to_and_changed_gets_a_new_key_and_keeps_its_text(with_refusal):
    visitor = with_refusal(refusals.KeyReused())

    page = _send(visitor, "/sample", status=409, text="Ringte far", key="old")

    assert "alt sendt med annet innhold" in page.text
    assert page.form("kept") is not None and page.value("kept", "key") != "old"


def test_the_database_saying_what_is_wrong_with_a_field_is_shown_at_the_field(with_refusal):
    visitor = with_refusal(refusals.Invalid({"text": "write_something"}))

    page = _send(visitor, "/sample", status=422, text="x")

    assert "Skriv noe her" in page.text


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (refusals.Invalid({"text": "write_something"}), 422, "Skriv noe her"),
        (refusals.Refused("X", "a", "b", ("reason_given",)), 422, "Skriv en begrunnelse."),
        (refusals.Stale(2), 409, "Noen endret dette mens du skrev"),
        (refusals.NotPermitted("write_log"), 403, "Du har ikke tilgang"),
        (refusals.NotFound(), 404, "Vi finner ikke dette"),
        (refusals.Unavailable(), 503, "Vi får ikke kontakt med databasen"),
    ],
)
def test_an_act_without_a_form_page_still_says_what_is_wrong_and_shows_what_was_typed(
    with_refusal, refusal, status, words
):
    page = _send(with_refusal(refusal), "/bare", status=status, text="En lang tekst om Iben")

    assert words in page.text
    if status in {409, 422}:
        assert "En lang tekst om Iben" in page.text


def test_htmx_signed_out_while_writing_is_told_beside_the_text(browse, clock):
    teacher = browse("teacher")
    page = teacher.get("/session")
    clock.at += timedelta(hours=1)

    part = teacher.with_htmx("note", "log-list").submit(page, "/session", status=401)

    assert part.response.headers["HX-Retarget"] == "#notice"
    assert "HX-Redirect" not in part.response.headers
    assert "Logg inn i en ny fane" in part.text
