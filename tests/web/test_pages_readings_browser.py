"""The officer's pages in a real browser: axe, fingers and narrow screens."""

from datetime import timedelta

import pytest

from casework import audit, cases, readings
from casework.access import Actor
from tests.casework.test_readings import in_emergency
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit

pytestmark = pytest.mark.browser


@pytest.fixture
def places(town, clock) -> tuple[str, ...]:
    """An emergency read that has been found, a verified trail, and a case one asks about."""
    case_id = town.case(services=("ppt",))
    in_emergency(town)
    with town.begin("principal") as tx:
        cases.details(tx, case_id)
    clock.at += timedelta(days=1)
    with town.casework.begin(Actor.system()) as tx:
        readings.hunt(tx)
        audit.check(tx, secret=b"s" * 32)
    with town.begin("officer") as tx:
        found = readings.listed(tx)[0].id
    teacher = town.people["teacher"]
    return (
        "/readings", f"/readings/{found}", "/readings/limits", "/access-log", "/access-log/child", "/reasons",
        f"/cases/{case_id}/reasons/{teacher}", f"/cases/{case_id}/reasons/{town.people['worker']}", "/roles",
        "/roles/unit_leader",
    )  # fmt: skip


def test_no_page_stops_the_officer_and_the_validator_finds_nothing(
    chromium, town, make_site, places, validator
):
    found, source = [], {}
    with served(make_site(faults_reach_the_test=False)) as base:
        context = sit(chromium, base, town, "officer", PHONE)
        page = context.new_page()
        for path in places:
            found += faults_of(page, path)
            source[path] = page.request.get(base + path).text()
        context.close()
    found += [fault for html in source.values() for fault in validator.faults(html)]
    assert found == []
