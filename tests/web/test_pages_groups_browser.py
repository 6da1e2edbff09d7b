"""Pregnancies and groups in a real browser: axe, fingers and narrow screens."""

from datetime import date

import pytest

from casework import children
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit

pytestmark = pytest.mark.browser


@pytest.fixture
def places(town) -> tuple[str, ...]:
    """A class and a pregnancy the teacher holds the cases of."""
    school = town.services["school"]
    with town.begin("teacher") as tx:
        group = children.register_group(tx, children.RegisterGroup(school, "4A"))
        wanted = children.RegisterPregnancy(school, "Kari", "Nes", date(2027, 3, 3))
        child = children.register_pregnancy(tx, wanted)
    worry = town.worry(group)
    about_group = town.case(child_id=group, child_said="Vi vil ha ro.")
    expecting = town.case(child_id=child, child_said="")
    return (
        "/groups/new", "/pregnancies/new", f"/cases/{about_group}", f"/cases/{expecting}", "/cases",
        f"/signals/{worry}/raise", f"/cases/{about_group}/report?q=4", f"/cases/{about_group}/child-views/new",
        f"/pregnancies/{child}/birth", f"/pregnancies/{child}/end", f"/cases/{expecting}/report",
    )  # fmt: skip


def test_no_page_stops_anybody(chromium, town, make_site, places):
    found = []
    with served(make_site(faults_reach_the_test=False)) as base:
        context = sit(chromium, base, town, "teacher", PHONE)
        page = context.new_page()
        for path in places:
            found += faults_of(page, path)
        context.close()
    assert found == []
