"""The pages that ask about a tie, in a real browser at a phone's width."""

import pytest

from casework import concern_reports, coordinations, relays
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit

pytestmark = pytest.mark.browser


@pytest.fixture
def places(town) -> dict[str, str]:
    """Who meets which page, about a child whose last name they share."""
    child_id = town.child(last="Test")
    case_id = town.case(child_id=child_id, services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
        report = concern_reports.about_child(tx, child_id, concern_reports.SendReport("Blåmerker."))
        wanted = relays.OfferBaton(town.people["colleague"], family_told_on=tx.today)
        baton = relays.offer(tx, case_id, wanted)
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
    return {
        "colleague": f"/batons/{baton}",
        "adviser": f"/invitations/{invited.id}",
        "worker": f"/concern-reports/{report}",
        "principal": f"/cases/{case_id}/baton/take-over",
        "teacher": f"/cases/{case_id}/disqualification",
    }


def test_no_question_about_a_tie_stops_anybody(chromium, town, make_site, places):
    found = []
    with served(make_site(faults_reach_the_test=False)) as base:
        for who, path in places.items():
            context = sit(chromium, base, town, who, PHONE)
            found += faults_of(context.new_page(), path)
            context.close()
    assert found == []
