"""Forms: bad input is explained at its field, nothing typed is lost, htmx gets only its part."""

from datetime import date

import pytest
from flask import Flask
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from tests.web.pages import check_part
from web.forms import Entry, Invalid, entered, read


class Everything(Entry):
    name: str = Field(min_length=1, max_length=10)
    themes: list[str] = Field(min_length=1)
    on: date
    count: int | None = None
    told: bool = False


def _read(site: Flask, data: dict, model: type[Entry] = Everything) -> Entry:
    with site.test_request_context("/", method="POST", data=data):
        return read(model)


GOOD = {"name": "Iben", "themes": ["home", "friends"], "on": "2026-11-24"}


def test_what_is_typed_becomes_what_it_means(site):
    form = _read(
        site, {**GOOD, "name": "  Iben\r\nS ", "count": "3", "told": "true", "key": "k1", "version": "7"}
    )

    assert form.typed() == {
        "name": "Iben\nS",
        "themes": ["home", "friends"],
        "on": date(2026, 11, 24),
        "count": 3,
        "told": True,
    }
    assert (form.key, form.version) == ("k1", 7)


@pytest.mark.parametrize("written", ["24.11.2026", "24. 11. 2026", " 24.11.2026 ", "2026-11-24"])
def test_a_date_may_be_written_the_norwegian_way(site, written):
    assert _read(site, {**GOOD, "on": written}).on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("name", "", "required"),
        ("name", "   ", "required"),
        ("name", "a" * 11, "too_long"),
        ("name", "a\x00b", "not_text"),
        ("themes", [], "required"),
        ("on", "31.02.2026", "not_a_date"),
        ("on", "i morgen", "not_a_date"),
        ("count", "mange", "not_a_number"),
    ],
)
def test_every_fault_is_named_at_its_field_and_everything_typed_is_kept(site, field, typed, code):
    with pytest.raises(Invalid) as refusal:
        _read(site, {**GOOD, field: typed})

    assert {name: fault.code for name, fault in refusal.value.errors.items()} == {field: code}
    kept = [typed] if isinstance(typed, str) else typed
    assert refusal.value.values.get(field, []) == kept
    assert refusal.value.values["themes" if field != "themes" else "name"]


def test_a_rule_of_ones_own_has_a_word_of_its_own(site):
    class Past(Entry):
        on: date

        @field_validator("on")
        @classmethod
        def not_ahead(cls, value: date) -> date:
            if value > date(2026, 11, 24):
                raise PydanticCustomError("not_in_the_future", "ahead of time")
            return value

    with pytest.raises(Invalid) as refusal:
        _read(site, {"on": "2027-01-01"}, Past)

    assert refusal.value.errors["on"].code == "not_in_the_future"


def test_a_draft_fills_the_form_until_it_is_saved(site):
    with site.test_request_context("/"):
        form = entered(Everything, draft={"name": ["Iben"], "themes": ["home"]}, told=True)

    assert form.value("name") == "Iben"
    assert form.chosen("themes") == {"home"}
    assert form.value("told") == "true"


def test_a_form_with_faults_comes_back_with_a_summary_that_leads_to_the_fields(stranger):
    page = stranger.submit(
        stranger.get("/styleguide/form"), "sample", status=422, observation=None, told=["child"]
    )

    assert page.title.startswith("Feil:")
    links = [each.get("href") for each in page.tree.iter("a") if each.get("href", "").startswith("#sample")]
    assert links == ["#sample-child", "#sample-themes", "#sample-observation"]
    told = [
        e for e in page.form("sample").iter("input") if e.get("value") == "child" and e.get("name") == "told"
    ]
    assert told[0].get("checked") is not None


def test_a_good_form_leads_to_its_result_and_says_once_that_it_was_done(stranger):
    form = stranger.get("/styleguide/form")

    page = stranger.submit(form, "sample", child="1", themes=["0"], observation="Satt alene.")

    assert "Lagret." in page.text
    assert "Lagret." not in stranger.get("/styleguide/form").text


def test_what_is_missing_is_listed_in_words_and_the_text_stays(stranger):
    form = stranger.get("/styleguide/case")

    page = stranger.submit(form, "log-new", text="Vi løfter saken", outcome="refused", status=422)

    assert "Velg hvem som er stafettholder." in page.text
    assert "Handlingsveilederen sier ikke ja til dette." in page.text
    assert page.value("log-new", "text") == "Vi løfter saken"


def test_when_somebody_was_faster_both_texts_are_there(stranger):
    form = stranger.get("/styleguide/case")

    page = stranger.submit(form, "log-new", text="Samtalen holdes torsdag", outcome="stale", status=409)

    assert "Tone Vik endret dette mens du skrev" in page.text
    assert "Iben sov hos mor i natt." in page.text
    assert page.value("log-new", "text") == "Samtalen holdes torsdag"


def test_a_page_that_was_open_too_long_asks_for_one_more_save_and_loses_nothing(stranger):
    form = stranger.get("/styleguide/case")

    page = stranger.submit(form, "log-new", text="Lang tekst om Iben", csrf="", status=403)

    assert page.value("log-new", "text") == "Lang tekst om Iben"
    assert "lagre en gang til" in page.text
    stranger.submit(page, "log-new", text="Lang tekst om Iben")


def test_htmx_gets_the_new_entry_and_a_word_for_the_screen_reader(stranger):
    form = stranger.get("/styleguide/case")

    part = stranger.with_htmx("log-new", "log-list").submit(form, "log-new", text="Ringte mor")

    check_part(part.html, path=part.path)
    assert "<html" not in part.html and "Ringte mor" in part.html
    assert 'data-say="Lagret."' in part.html


def test_htmx_replaces_only_the_form_when_it_has_faults_so_text_beside_it_stays(stranger):
    form = stranger.get("/styleguide/case")

    page = stranger.with_htmx("log-new", "log-list").submit(form, "log-new", text="", status=422)

    assert page.response.headers["HX-Retarget"] == "#log-new"
    assert page.response.headers["HX-Reselect"] == "#log-new"
    assert page.response.headers["HX-Reswap"] == "outerHTML"


@pytest.mark.parametrize(
    ("outcome", "status"), [("not_permitted", 403), ("not_found", 404), ("unavailable", 503)]
)
def test_htmx_shows_a_refusal_as_a_notice_and_leaves_the_form_alone(stranger, outcome, status):
    form = stranger.get("/styleguide/case")

    part = stranger.with_htmx("log-new", "log-list").submit(
        form, "log-new", text="x", outcome=outcome, status=status
    )

    assert part.response.headers["HX-Retarget"] == "#notice"
    assert "<main" not in part.html


def test_htmx_is_sent_to_the_result_of_an_act_with_a_page_of_its_own(stranger):
    form = stranger.get("/styleguide/form")

    answer = stranger.with_htmx("sample").submit(
        form, "sample", child="1", themes=["0"], observation="Satt alene."
    )

    assert answer.response.headers["HX-Redirect"] == "/styleguide/form"
