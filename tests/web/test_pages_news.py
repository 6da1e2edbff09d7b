"""Open pages tell when somebody else has changed something, and reading is never done on one's behalf."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework import consents, logs
from tests.factories import Town
from tests.web.browsers import served
from tests.web.pages import check_part
from tests.web.test_pages_browser import sit


def asked(page) -> str:  # type: ignore[no-untyped-def]
    """The address an open page asks."""
    found = re.search(r'data-hx-get="([^"]*/news[^"]*)"', page.html)
    assert found is not None
    return found[1].replace("&amp;", "&")


def write(town: Town, case_id, who: str = "teacher", body: str = "Snakket med mor.") -> None:  # type: ignore[no-untyped-def]
    with town.begin(who) as tx:
        logs.write(tx, case_id, logs.WriteEntry(body, "conversation"))


@pytest.fixture
def case_id(town: Town):  # type: ignore[no-untyped-def]
    return town.case(services=("ppt",))


def test_an_open_case_tells_who_changed_it_and_when(browse, town: Town, case_id, clock):
    principal = browse("principal").with_htmx("", "cases-news")
    page = browse("principal").get(f"/cases/{case_id}")
    clock.at += timedelta(minutes=20)
    write(town, case_id)
    part = principal.client.get(asked(page), headers=principal.headers)
    check_part(part.text, path="news", panel="cases-news")
    assert "endret saken kl. 12.20" in part.text.replace("\xa0", " ")


def test_ones_own_changes_are_no_news(browse, town: Town, case_id):
    page = browse("teacher").get(f"/cases/{case_id}")
    write(town, case_id)
    assert "endret saken" not in browse("teacher").get(asked(page)).text


def test_what_the_page_says_already_is_not_sent_again(browse, town: Town, case_id):
    teacher = browse("principal").with_htmx("", "cases-news")
    page = browse("principal").get(f"/cases/{case_id}")
    tag = re.search(r"data-hx-headers='\{\"If-None-Match\": \"\\\"(\w+)\\\"\"\}'", page.html)
    assert tag is not None, "the page knows what it says"
    known = {**teacher.headers, "If-None-Match": f'"{tag[1]}"'}
    assert teacher.client.get(asked(page), headers=known).status_code == 304
    write(town, case_id)
    assert teacher.client.get(asked(page), headers=known).status_code == 200


def test_asking_is_not_reading_and_keeps_no_session_awake(browse, town: Town, case_id, clock, as_owner):
    visitor = browse("principal")
    page = visitor.get(f"/cases/{case_id}")
    entries = as_owner("SELECT count(*) FROM audit WHERE file_id = :c", c=case_id)[0][0]
    for _ in range(40):
        clock.at += timedelta(minutes=1)
        answer = visitor.client.get(asked(page), headers={"HX-Request": "true"})
    assert answer.status_code == 204, "the session has ended although the page asked every minute"
    assert as_owner("SELECT count(*) FROM audit WHERE file_id = :c", c=case_id)[0][0] == entries


def test_one_sees_who_else_is_inside_for_five_minutes(browse, town: Town, case_id, clock):
    browse("principal").get(f"/cases/{case_id}")
    page = browse("teacher").get(f"/cases/{case_id}")
    assert "er også inne i saken" in page.text
    clock.at += timedelta(minutes=6)
    assert "er også inne i saken" not in browse("teacher").get(asked(page)).text


def test_whoever_no_longer_sees_the_case_is_told_so_and_nothing_more(browse, town: Town, case_id):
    from casework import coordinations

    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("teacher") as tx:
        [invited] = coordinations.of_case(tx, case_id)
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    adviser = browse("adviser")
    page = adviser.get(f"/cases/{case_id}")
    with town.begin("teacher") as tx:
        for one in consents.of_case(tx, case_id):
            if one.state == "given":
                consents.record(tx, one.id, consents.Answer("withdrawn", "oral"))
    answer = adviser.client.get(asked(page), headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 404
    assert "Du ser ikke denne saken lenger" in answer.text


def test_a_stranger_to_the_case_learns_nothing(browse, case_id):
    answer = browse("colleague").client.get(f"/cases/{case_id}/news?since=0", headers={"HX-Request": "true"})
    assert answer.status_code == 404


def test_the_worklist_tells_that_it_has_changed(browse, town: Town, case_id):
    visitor = browse("principal")
    page = visitor.get("/cases")
    assert "Lista er endret" not in visitor.get(asked(page)).text
    write(town, case_id)
    assert "Lista er endret" in visitor.get(asked(page)).text


@pytest.mark.browser
def test_news_is_spoken_and_the_focus_stays(chromium, make_site, town: Town, case_id):
    with served(make_site(faults_reach_the_test=False)) as base:
        page = sit(chromium, base, town, "principal", 1280).new_page()
        page.clock.install()
        page.goto(f"/cases/{case_id}")
        field = page.locator("#log-new textarea")
        field.fill("Jeg skriver")
        write(town, case_id)
        page.clock.run_for(46_000)
        expect(page.locator("#cases-news")).to_contain_text("endret saken")
        page.clock.run_for(1_000)
        expect(page.locator("#status")).to_contain_text("endret saken")
        expect(field).to_be_focused()
        expect(field).to_have_value("Jeg skriver")
