"""Pages about meetings in a real browser: axe, fingers and narrow screens, and minutes kept while typing."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from casework import measures, meetings
from tests.factories import Town
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit
from tests.web.test_pages_meetings import MONDAY, called, case_id

pytestmark = pytest.mark.browser
__all__ = ["case_id"]


@pytest.fixture
def places(town: Town, case_id):
    """Every page about meetings, with something on it, by what it is."""
    with town.begin("teacher") as tx:
        for title, until in (("Lesegruppe", date(2026, 11, 25)), ("Søvnsamtale", date(2026, 12, 10))):
            plan = measures.PlanMeasure(title, "Mål", town.people["teacher"], evaluate_on=until)
            measures.plan(tx, case_id, plan)
    asked = (town.people["teacher"], town.people["adviser"])
    with town.begin("teacher") as tx:
        times = tuple(
            meetings.Slot(MONDAY + timedelta(days=n), MONDAY + timedelta(days=n, hours=1)) for n in (0, 5, 25)
        )
        wanted = meetings.ProposeTimes("joint", times, asked, date(2026, 11, 27), the_child=True)
        proposal = meetings.propose(tx, case_id, wanted)
    with town.begin("adviser") as tx:
        found = meetings.proposal(tx, proposal)
    said = tuple(
        meetings.SlotAnswer(s.id, a) for s, a in zip(found.slots, ("yes", "maybe", "no"), strict=True)
    )
    with town.begin("adviser") as tx:
        meetings.answer_times(tx, proposal, said)
    held = called(town, case_id, kind="evaluation")
    with town.begin("teacher") as tx:
        tried = meetings.DecidedMeasure("Tur i skogen", "Er ute hver dag", town.people["adviser"])
        meetings.hold(tx, held, meetings.HoldMeeting("Iben vil tegne.", ("Møtes igjen.",), measures=(tried,)))
    child = next(one.id for one in found.asked if one.the_child)
    return {
        "live": f"/meetings/{called(town, case_id)}",
        "held": f"/meetings/{held}",
        "propose": f"/cases/{case_id}/meeting-proposals/new",
        "times": f"/meeting-proposals/{proposal}",
        "family": f"/meeting-proposals/{proposal}/family/{child}",
        "withdraw": f"/meeting-proposals/{proposal}/withdraw",
        "mine": "/meetings",
        "calendar": "/calendar",
        "case": f"/cases/{case_id}",
    }


def test_no_page_about_meetings_stops_anybody(chromium, make_site, town: Town, places):
    found: list[str] = []
    with served(make_site(faults_reach_the_test=False)) as base:
        context = sit(chromium, base, town, "teacher", PHONE)
        page = context.new_page()
        for path in places.values():
            found += faults_of(page, path)
        context.close()
    assert found == []


def test_minutes_are_kept_while_typing_and_a_row_is_added_without_losing_them(
    chromium, make_site, town: Town, places
):
    with served(make_site(faults_reach_the_test=False)) as base:
        context = sit(chromium, base, town, "teacher", 390)
        page = context.new_page()
        page.goto(places["live"])
        page.fill("#meeting-hold-minutes", "Iben vil tegne.")
        page.fill("#meeting-hold-title-0", "Lesegruppe")
        expect(page.locator("[data-draft-status]")).to_contain_text("Utkast lagret", timeout=15_000)
        page.click("button[value=row]")
        expect(page.locator("#meeting-hold-title-3")).to_be_visible()
        expect(page.locator("#meeting-hold-minutes")).to_have_value("Iben vil tegne.")
        page.close()

        page = context.new_page()
        page.goto(places["live"])
        expect(page.locator("#meeting-hold-minutes")).to_have_value("Iben vil tegne.")
        expect(page.locator("#meeting-hold-title-0")).to_have_value("Lesegruppe")
        context.close()
