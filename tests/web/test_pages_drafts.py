"""Every form with free text is kept on the server: for its writer, about its thing, until it is saved."""

from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from playwright.sync_api import expect

from casework import drafts, sign_ins
from casework.access import Actor
from tests.factories import Town
from tests.web.browsers import served
from tests.web.test_pages_browser import OTHERS, furnish, sit

WORDS = "Iben sier at hun gruer seg til mandag."


def with_free_text(tree: Element) -> list[Element]:
    """The forms in which one can write."""
    return [form for form in tree.iter("form") if form.find(".//textarea") is not None]


def everywhere(browse, town: Town):  # type: ignore[no-untyped-def]
    """Every form with free text of every page the browser tests know: who meets it, where, and the form."""
    for name, paths in {"teacher": tuple(furnish(town).values()), **OTHERS}.items():
        visitor = browse(name)
        for path in paths:
            for form in with_free_text(visitor.get(path).tree):
                yield visitor, path, form


def test_every_form_with_free_text_is_kept_and_given_back(browse, town: Town):
    met, lost = 0, []
    for visitor, path, form in everywhere(browse, town):
        met += 1
        address = form.get("data-draft-url")
        assert address, f"{path}: {form.get('id')} has no draft"
        field = next(form.iter("textarea")).get("name")
        token = next(each.get("value") for each in form.iter("input") if each.get("name") == "csrf")
        assert visitor.client.put(address, data={"csrf": token, field: WORDS}).status_code == 200
        again = visitor.get(path)
        if again.value(form.get("id", ""), field).strip() != WORDS or "Kast utkastet" not in again.text:
            lost.append(f"{path}: {form.get('id')}")
    assert met > 15, "the walk meets them"
    assert lost == []


def begun(visitor, path: str, form_id: str, **typed: str):  # type: ignore[no-untyped-def]
    """Somebody has typed and gone away; answers the page as it was."""
    page = visitor.get(path)
    form = page.form(form_id)
    token = page.value(form_id, "csrf")
    assert visitor.client.put(form.get("data-draft-url"), data={"csrf": token, **typed}).status_code == 200
    return page


def test_a_draft_belongs_to_one_person_and_one_thing(browse, town: Town):
    first, second = town.case(), town.case(child_id=town.child(first="Ada"))
    teacher = browse("teacher")
    begun(teacher, f"/cases/{first}/close", "case-close", reason=WORDS)
    assert WORDS in teacher.get(f"/cases/{first}/close").html
    assert WORDS not in teacher.get(f"/cases/{second}/close").html
    assert WORDS not in teacher.get(f"/cases/{first}/child-views/new").html
    assert (
        WORDS
        not in browse("teacher2" if "teacher2" in town.people else "principal").get(f"/cases/{first}").html
    )


def test_what_is_saved_is_no_longer_a_draft(browse, town: Town):
    case_id = town.case()
    teacher = browse("teacher")
    begun(teacher, f"/cases/{case_id}", "log-new", body=WORDS)
    page = teacher.get(f"/cases/{case_id}")
    assert page.value("log-new", "body").strip() == WORDS
    teacher.submit(page, "log-new")
    after = teacher.get(f"/cases/{case_id}")
    assert after.value("log-new", "body").strip() == ""
    with town.begin("teacher") as tx:
        assert drafts.kept(tx, f"cases:{case_id}:log") is None


def test_what_is_refused_is_still_a_draft(browse, town: Town):
    case_id = town.case()
    teacher = browse("teacher")
    begun(teacher, f"/cases/{case_id}", "log-new", body=WORDS)
    page = teacher.get(f"/cases/{case_id}")
    refused = teacher.submit(page, "log-new", status=422, body="")
    assert refused.value("log-new", "body").strip() == "", "what was just sent goes before what was kept"
    assert WORDS in teacher.get(f"/cases/{case_id}").html


def test_a_draft_can_be_thrown_away(browse, town: Town):
    case_id = town.case()
    path = f"/cases/{case_id}/close"
    teacher = browse("teacher")
    begun(teacher, path, "case-close", reason=WORDS)
    page = teacher.get(path)
    drop = next(
        each.get("formaction") for each in page.form("case-close").iter("button") if each.get("formaction")
    )
    teacher.headers = {"Referer": f"http://localhost{path}"}
    told = teacher.send(drop, {"csrf": page.value("case-close", "csrf")})
    assert "Utkastet er kastet" in told.text
    assert WORDS not in told.html


def test_a_draft_of_yesterday_says_which_day(browse, town: Town, clock):
    case_id = town.case()
    teacher = browse("teacher")
    begun(teacher, f"/cases/{case_id}/close", "case-close", reason=WORDS)
    assert "Utkast lagret kl. 12.00" in teacher.get(f"/cases/{case_id}/close").text
    clock.at += timedelta(days=1)
    later = browse("teacher")
    assert "Utkast lagret 24. nov. kl. 12.00" in later.get(f"/cases/{case_id}/close").text


@pytest.mark.browser
def test_the_session_ends_while_one_writes_and_the_text_is_there_after_signing_in(
    chromium, make_site, town: Town, clock
):
    case_id = town.case()
    with served(make_site(faults_reach_the_test=False)) as base:
        page = sit(chromium, base, town, "teacher", 390).new_page()
        page.clock.install()
        page.goto(f"/cases/{case_id}/close")
        page.get_by_label("Hvorfor avsluttes den?").fill(WORDS)
        page.clock.fast_forward(6_000)
        expect(page.locator("[data-draft-status]")).to_have_text("Utkast lagret kl. 12.00")
        clock.at += timedelta(hours=13)
        page.get_by_role("button", name="Avslutt saken").click()
        expect(page.locator("#notice")).to_contain_text("Du er logget ut")
        expect(page.locator("textarea")).to_have_value(WORDS)
        away = page.context.request.get(f"{base}/cases/{case_id}/close", max_redirects=0)
        assert away.headers["location"].endswith(f"/sign-in?next=/cases/{case_id}/close")
        # Signed in again by a session of one's own: the picker names everybody of every town the tests have made.
        with town.casework.begin(Actor.stranger()) as tx:
            token = sign_ins.start(tx, town.people["teacher"], method="test")
        page.context.add_cookies([{"name": "stafetten", "value": token, "url": base}])
        fresh = page.context.new_page()
        fresh.goto(f"/cases/{case_id}/close")
        expect(fresh.locator("textarea")).to_have_value(WORDS)
        assert fresh.evaluate("() => localStorage.length + sessionStorage.length") == 0
        page.get_by_role("button", name="Avslutt saken").click()
        expect(page.locator("#main")).to_contain_text("Ingenting er gått tapt")
        expect(page.locator("textarea").first).to_have_value(WORDS)
        page.get_by_role("button", name="Avslutt saken").click()
        expect(page).to_have_url(f"{base}/cases/{case_id}")
        expect(page.locator("#main")).to_contain_text("Saken er avsluttet")
        expect(page.locator("#main")).to_contain_text(WORDS)


@pytest.mark.browser
def test_throwing_away_goes_to_the_draft_and_not_to_the_act(chromium, make_site, town: Town):
    case_id = town.case()
    with served(make_site(faults_reach_the_test=False)) as base:
        page = sit(chromium, base, town, "teacher", 1280).new_page()
        page.clock.install()
        page.goto(f"/cases/{case_id}/close")
        page.locator("textarea").fill(WORDS)
        page.clock.fast_forward(6_000)
        expect(page.locator("[data-draft-status]")).to_have_text("Utkast lagret kl. 12.00")
        page.reload()
        page.get_by_role("button", name="Kast utkastet").click()
        expect(page.locator("#main").get_by_text("Utkastet er kastet")).to_be_visible()
        expect(page.locator("textarea")).to_have_value("")
    with town.begin("teacher") as tx:
        from casework import cases

        assert cases.details(tx, case_id).head.state != "closed"
