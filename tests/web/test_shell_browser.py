"""The shell in a real browser: what axe finds, and what happens between clicks."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from casework import sign_ins
from casework.access import Actor
from tests.web.browsers import PHONE, WIDTHS, axe, listen, served, stops

pytestmark = pytest.mark.browser
PAGES = ("", "/form", "/worklist", "/worklist?empty", "/case", "/refusal/500")


@pytest.fixture
def address(make_site):
    with served(make_site(faults_reach_the_test=False)) as base:
        yield base


@pytest.fixture
def page(chromium: Browser, address: str):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="nb-NO", base_url=address)
    page = context.new_page()
    page.heard = listen(page)
    yield page
    assert page.heard == []
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_no_component_stops_anybody(chromium, address, path):
    context = chromium.new_context(
        viewport={"width": PHONE, "height": 900}, color_scheme="light", locale="nb-NO", base_url=address
    )
    page = context.new_page()
    heard = listen(page)
    page.goto(f"/styleguide{path}")

    assert stops(page, f"component{path.replace('/', '-')}", nights=WIDTHS) == []
    assert heard == []
    context.close()


def test_the_validator_finds_nothing(validator, stranger):
    faults = {path: validator.faults(stranger.get(f"/styleguide{path}").html) for path in PAGES[:-1]}

    assert not any(faults.values()), faults


def _write(page: Page, text: str, outcome: str = "Lagret") -> None:
    page.goto("/styleguide/case")
    page.get_by_label("Skriv i loggen").fill(text)
    page.get_by_text("Hva skal skje?").click()
    page.get_by_label(outcome, exact=True).check()
    page.get_by_role("button", name="Lagre", exact=True).click()


def test_a_new_entry_appears_first_takes_the_focus_and_is_spoken(page):
    _write(page, "Ringte mor")

    entry = page.locator("#log-list > li").first
    expect(entry).to_contain_text("Ringte mor")
    expect(entry.get_by_role("heading")).to_be_focused()
    expect(page.locator("#status")).to_have_text("Lagret.")
    expect(page.get_by_label("Skriv i loggen")).to_have_value("")


def test_the_next_entry_can_be_written_at_once_with_the_new_version_and_a_new_key(page):
    _write(page, "Ringte mor")
    expect(page.locator("#log-new input[name=version]")).to_have_value("32")
    key = page.locator("#log-new input[name=key]").input_value()

    page.get_by_label("Skriv i loggen").fill("Ringte far")
    page.get_by_role("button", name="Lagre", exact=True).click()

    expect(page.locator("#log-list > li").first).to_contain_text("Ringte far")
    assert key != page.locator("#log-new input[name=key]").input_value()


def test_a_fault_takes_the_focus_to_the_summary_and_keeps_the_page(page):
    _write(page, "")

    expect(page.locator(".ds-error-summary")).to_be_focused()
    expect(page.locator(".ds-error-summary")).to_contain_text("Skriv i loggen: Fyll ut dette")
    expect(page.locator("#log-list > li")).to_have_count(5)
    page.locator(".ds-error-summary a").click()
    expect(page.get_by_label("Skriv i loggen")).to_be_focused()
    assert axe(page) == []


def test_a_conflict_takes_the_focus_and_both_texts_are_there(page):
    _write(page, "Samtalen holdes torsdag", "Konflikt")

    expect(page.locator(".conflict")).to_be_focused()
    expect(page.locator(".conflict")).to_contain_text("Iben sov hos mor i natt.")
    expect(page.get_by_label("Skriv i loggen")).to_have_value("Samtalen holdes torsdag")
    assert axe(page) == []


@pytest.mark.parametrize("outcome", ["Ikke lov", "Uten database", "Vår feil"])
def test_a_refusal_is_a_notice_with_focus_and_the_text_stays(page, outcome):
    _write(page, "Lang tekst", outcome)

    expect(page.locator("#notice .banner")).to_be_focused()
    expect(page.get_by_label("Skriv i loggen")).to_have_value("Lang tekst")
    assert axe(page) == []


def test_without_a_network_the_reader_is_told_and_the_text_stays(page):
    page.goto("/styleguide/case")
    page.get_by_label("Skriv i loggen").fill("Lang tekst")
    page.context.set_offline(True)
    page.get_by_role("button", name="Lagre", exact=True).click()

    expect(page.locator("#status")).to_have_text(
        "Ingen kontakt med tjeneren. Det du har skrevet, er ikke sendt."
    )
    expect(page.get_by_label("Skriv i loggen")).to_have_value("Lang tekst")
    page.context.set_offline(False)
    page.heard[:] = [said for said in page.heard if "Failed to fetch" not in said]


def test_two_quick_clicks_send_once(page):
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/styleguide/case")
    page.get_by_label("Skriv i loggen").fill("En gang")
    place = page.get_by_role("button", name="Lagre", exact=True).bounding_box()
    page.mouse.move(place["x"] + 9, place["y"] + 9)
    page.mouse.down(click_count=1)
    page.mouse.up(click_count=1)
    # However fast the first was answered: the second click of a double click is not another one.
    expect(page.locator("#log-list > li").first).to_contain_text("En gang")
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.wait_for_load_state("networkidle")

    assert len(sent) == 1


def test_a_whole_form_with_faults_comes_back_with_what_was_chosen_and_a_new_title(page):
    page.goto("/styleguide/form")
    page.get_by_label("Trivsel").check()
    page.get_by_role("button", name="Lagre undringen").click()

    expect(page.locator(".ds-error-summary")).to_be_focused()
    expect(page).to_have_title("Feil: Ny undring – Stafetten")
    expect(page.get_by_label("Trivsel")).to_be_checked()
    assert axe(page) == []


def test_a_good_form_ends_on_its_own_address_with_a_word_about_it(page):
    page.goto("/styleguide/form")
    page.get_by_label("Iben S.").check()
    page.get_by_label("Trivsel").check()
    page.get_by_label("Hva har du sett eller hørt?").fill("Satt alene.")
    page.get_by_role("button", name="Lagre undringen").click()

    expect(page.locator(".banner[data-tone=success]")).to_have_text("Lagret.")
    expect(page.locator("#status")).to_have_text("Lagret.")


def test_the_keyboard_alone_reaches_the_content_first(page):
    page.goto("/styleguide/case")
    page.keyboard.press("Tab")
    expect(page.locator(".ds-skip-link")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_escape_closes_a_menu_and_gives_the_focus_back(page):
    page.goto("/styleguide/case")
    page.get_by_text("Flere valg").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.locator("details.menu[open]")).to_have_count(0)
    expect(page.locator("summary", has_text="Flere valg")).to_be_focused()


def test_the_list_follows_the_search_and_back_leads_back(page):
    page.goto("/styleguide/worklist")
    page.get_by_label("Søk på navn eller saksnummer").fill("Theo")
    page.wait_for_url("**/worklist?q=Theo**")
    expect(page.get_by_label("Søk på navn eller saksnummer")).to_be_focused()
    page.go_back()

    page.wait_for_url("**/worklist")


def test_nothing_is_kept_in_the_browser(page):
    _write(page, "Iben gråt")
    expect(page.locator("#log-list > li").first).to_contain_text("Iben gråt")

    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]


def test_what_is_typed_is_kept_on_the_server_while_one_types(page, town, casework):
    _signed_in(page, town, casework)
    page.goto("/styleguide/draft")
    page.clock.install()
    page.get_by_label("Hva har du sett eller hørt?").fill("Satt alene")
    page.clock.run_for(5_500)

    expect(page.locator("[data-draft-status]")).to_have_text("Utkast lagret kl. 12.00")


def _signed_in(page: Page, town, casework) -> None:
    with casework.begin(Actor.stranger()) as tx:
        token = sign_ins.start(tx, town.people["teacher"], method="test")
    page.context.add_cookies([{"name": "stafetten", "value": token, "url": "http://127.0.0.1"}])


def test_the_page_itself_warns_before_the_session_ends(page, town, casework, clock):
    _signed_in(page, town, casework)
    page.clock.install()
    page.goto("/privacy")
    clock.at += timedelta(minutes=28, seconds=30)
    page.clock.run_for(61_000)

    expect(page.locator("#session")).to_contain_text("Du logges ut om 2 minutter.")
    page.get_by_role("button", name="Fortsett").click()
    expect(page.locator("#session")).to_be_empty()
