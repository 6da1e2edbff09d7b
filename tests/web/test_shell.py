"""The shell around every page: headers, languages, refusals, and what a reader meets when something fails."""

import re

import pytest
from flask import Flask

from casework import sign_ins
from tests.web.visitors import Visitor

STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.mark.parametrize("page", ["", "/form", "/worklist", "/worklist?empty", "/case"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_component_is_sound_in_every_language(stranger, page, language):
    stranger.get(f"/language/{language}?next=/accessibility")

    shown = stranger.get(f"/styleguide{page}")

    assert f'lang="{language}"' in shown.html


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/sign-in", "/signed-out", "/session"])
def test_what_a_public_service_must_show_is_there_without_signing_in(stranger, path):
    stranger.get(path)


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_page_says_what_happened_and_where_to_go(stranger, status):
    page = stranger.get(f"/styleguide/refusal/{status}", status=status)

    ways = {each.get("href") for each in page.tree.iter("a")}
    assert "/" in ways or "/sign-in" in ways
    assert len(page.text) > 80


def test_pages_are_never_kept_by_browsers_or_caches(stranger):
    answer = stranger.get("/accessibility").response

    assert answer.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "Cookie"} >= set(answer.vary)


def test_the_browser_is_told_to_run_nothing_that_is_not_ours(stranger):
    answer = stranger.get("/accessibility").response

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_an_encrypted_site_is_never_visited_plainly_again_and_its_cookies_are_bound_to_it(
    make_site, casework
):
    site = make_site(public_url="https://stafetten.example", environment="production")
    client = site.test_client()

    answer = client.get("/styleguide/form", base_url="https://stafetten.example")
    assert answer.status_code == 404, "the style guide is not for production"

    answer = client.get("/accessibility", base_url="https://stafetten.example")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert site.config["VISIT_COOKIE"].startswith("__Host-")


def test_styles_and_scripts_are_kept_for_a_year_because_their_names_follow_their_content(stranger):
    page = stranger.get("/accessibility")
    style = next(e.get("href") for e in page.tree.iter("link") if e.get("rel") == "stylesheet")

    with stranger.client.get(style) as answer:
        assert len(answer.data) > 100_000

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert re.search(r"\.[0-9a-f]{12}\.css$", style)


@pytest.mark.parametrize("name", ["../app.py", "manifest.json", "stamp", "app.css"])
def test_nothing_but_listed_assets_can_be_fetched(stranger, name):
    assert stranger.client.get(f"/static/{name}").status_code == 404


def test_the_language_one_chooses_stays_and_leads_back_to_where_one_was(stranger):
    page = stranger.get("/language/nn?next=/privacy")

    assert page.path == "/privacy"
    assert "Kommunen avgjer" in page.text
    assert "Spørsmål kan du stille til personvernombodet" in stranger.get("/privacy").text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_nobody_is_led_off_the_site_by_a_link_to_us(stranger, elsewhere):
    answer = stranger.client.get("/language/en", query_string={"next": elsewhere})

    assert answer.headers["Location"] == "/"


def test_the_browsers_own_language_is_used_until_one_chooses(site, casework):
    visitor = Visitor(site, casework)
    visitor.headers = {"Accept-Language": "nn,en;q=0.5"}

    assert 'lang="nn"' in visitor.get("/privacy").html


def test_somebody_at_work_reads_in_the_language_their_work_has_for_them(browse, town, as_owner):
    as_owner("UPDATE practitioners SET language = 'nn' WHERE id = :id", id=town.people["teacher"])

    assert "Tilgjenge" in browse("teacher").get("/privacy").text


def test_a_fault_of_ours_gives_a_reference_and_no_personal_data_in_the_log(make_site, casework, caplog):
    visitor = Visitor(make_site(faults_reach_the_test=False), casework)
    form = visitor.get("/styleguide/case")

    page = visitor.submit(form, "log-new", text="Iben Solvang gråt i dag", outcome="fault", status=500)

    reference = re.search(r"Referanse: ([0-9A-F]{8})", page.text)
    assert reference and reference[1] in caplog.text
    assert "Iben" not in caplog.text and "asked for" not in caplog.text


def test_without_a_database_the_page_says_so_honestly(stranger, casework, monkeypatch):
    form = stranger.get("/styleguide/case")

    page = stranger.submit(form, "log-new", text="Ring mor", outcome="unavailable", status=503)

    assert "Vi får ikke kontakt med databasen" in page.text
    assert "Ingenting ble lagret nå" in page.text


def test_even_signing_in_says_honestly_that_the_database_is_away(site, casework, town, monkeypatch):
    from casework.refusals import Unavailable

    visitor = Visitor(site, casework).sign_in(town.people["teacher"])

    def away(*_args: object, **_more: object) -> None:
        raise Unavailable

    monkeypatch.setattr(sign_ins, "visit", away)
    assert "Vi får ikke kontakt med databasen" in visitor.get("/", status=503).text


def test_too_much_at_once_is_refused_with_advice(stranger):
    form = stranger.get("/styleguide/form")
    token = form.value("sample", "csrf")

    page = stranger.send("/styleguide/form", {"csrf": token, "observation": "a" * 3_000_000}, status=413)

    assert "Dette er for stort" in page.text


def test_what_does_not_exist_and_what_is_not_yours_look_the_same(browse):
    teacher = browse("teacher")
    nowhere = teacher.get("/nothing-here", status=404)
    form = teacher.get("/styleguide/case")

    hidden = teacher.submit(form, "log-new", text="x", outcome="not_found", status=404)

    assert hidden.text.replace("/styleguide/case/log", "") == nowhere.text.replace("/nothing-here", "")


def test_every_role_has_a_start_page(browse, site: Flask):
    browse("operator").get("/")
