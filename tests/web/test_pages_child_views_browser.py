"""Asking a child, siblings, plans and moving families, in a real browser: axe, fingers and narrow screens."""

from datetime import date

import pytest

from casework import consents, relocations, sibling_links
from casework.relocations import OfferCase
from levels.relocations import Part
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit

pytestmark = pytest.mark.browser


@pytest.fixture
def places(town) -> tuple[str, ...]:
    """A small child nobody has asked, linked with an older sibling whose case is offered elsewhere."""
    small = town.case(child_id=town.child(born=date(2022, 1, 5)), child_said="")
    older = town.case(child_id=town.child(first="Noah", born=date(2015, 5, 5)))
    with town.begin("teacher") as tx:
        asked = sibling_links.consenters(tx, small, older)
        agreed = tuple(sibling_links.Agreed(one.case_id, one.guardian_id) for one in asked)
    with town.begin("teacher") as tx:
        link = sibling_links.link(tx, small, sibling_links.LinkSiblings(older, agreed))
    with town.begin("teacher") as tx:
        yes = tuple(consents.consenters(tx, older))
        offer = relocations.offer(tx, older, OfferCase("Fjellvik kommune", tuple(Part), yes))
    third = town.case(child_id=town.child(first="Fie"))
    return (
        f"/cases/{small}/child-views/new", f"/cases/{older}/child-views/new", f"/cases/{small}/measures/new",
        f"/cases/{small}/siblings", f"/cases/{small}/siblings?other_case_id={third}",
        f"/cases/{small}/siblings/{link}", f"/cases/{small}/plan", f"/cases/{small}/relocations",
        f"/cases/{older}/relocations", f"/relocations/{offer}/pack", f"/cases/{small}",
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
