"""A class as a case, page by page, without JavaScript; and a youth who is of age. Every page is checked."""

from datetime import date, timedelta
from uuid import UUID

from casework import children, signals
from tests.factories import Town
from tests.web.test_pages_story import links

NAMES = {
    "first_name",
    "last_name",
    "guardian_id",
    "identity_number",
    "guardians_told_on",
    "family_told_on",
    "family",
}


def _case(browse, town: Town) -> UUID:
    """From the search that finds nobody to a case, by the teacher's own forms."""
    teacher = browse("teacher")
    (way,) = links(teacher.get("/children?q=4A"), "/groups/new")
    page = teacher.submit(teacher.get(way), "group-new", name="4A")
    assert "Gruppa er registrert" in page.text
    assert "Skriv ikke navnet på noen" in page.text and "Foreldrene kan" not in page.text
    worry = teacher.submit(page, "signal-new", observation="Mye uro, og flere er redde i gangen.")
    raising = teacher.get(worry.path + "/raise")
    fields = {each.get("name") for each in raising.form("signal-raise").iter() if each.get("name")}
    assert not fields & {*NAMES, "agreed", "channel"} and "Skriv ikke navnet på noen" in raising.text
    outcome = next(
        each for each in raising.form("signal-raise").iter("input") if each.get("name") == "outcome"
    )
    opened = teacher.submit(raising, "signal-raise", outcome=outcome.get("value"), child_said="Vi vil ha ro.")
    return UUID(opened.path.split("/")[-1])


def test_no_form_about_a_group_asks_for_anybodys_name_or_for_consent(browse, town):
    case_id = _case(browse, town)
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}")
    assert page.title.startswith("4A") and "Gruppe · Fjordvik school" in page.text
    for hidden in ("consents/new", "family-codes/new", "siblings", "relocations", "plan"):
        assert not links(page, f"/cases/{case_id}/{hidden}"), hidden
    assert "La familien" not in page.text and "foreldre" not in page.text.replace(
        "verken barn eller foreldre", ""
    )
    ways = {one for one in links(page, f"/cases/{case_id}/") if "#" not in one and "report" not in one}
    assert len(ways) > 8
    for way in sorted(ways):
        shown = teacher.get(way)
        asked = {
            each.get("name") for each in shown.tree.iter() if each.tag in ("input", "select", "textarea")
        }
        assert not asked & NAMES, way
    said = teacher.submit(
        teacher.get(f"/cases/{case_id}/child-views/new"), "child-view", child_words="Vi vil ha ro."
    )
    assert "Barna sier" in said.text and "Vi vil ha ro." in said.text


def test_services_are_invited_at_once_and_read_that_it_is_a_group(browse, town):
    case_id = _case(browse, town)
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/services/new")
    teacher.submit(page, "services-invite", services=[town.services["ppt"]], needed="Råd om klassemiljøet")
    adviser = browse("adviser")
    (way,) = links(adviser.get("/invitations"), "/invitations/")
    asked = adviser.get(way)
    assert "4A, Gruppe" in asked.text
    adviser.submit(asked, "invitation-reply", answer="yes", contact_id=town.people["adviser"])
    assert adviser.get(f"/cases/{case_id}").title.startswith("4A")


def test_a_report_from_a_group_begins_with_which_child_it_is_about(browse, town):
    case_id, child = _case(browse, town), town.child(first="Ada")
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/report")
    assert "Hvilket barn gjelder det?" in page.title
    (way,) = links(teacher.get(f"/cases/{case_id}/report?q=Ada"), f"/children/{child}/report")
    sent = teacher.submit(teacher.get(way), "report-new", worry="Hun er redd for å gå hjem.")
    assert "Ada Solvang" in sent.title


def test_the_case_of_somebody_of_age_says_that_no_parent_is_asked_and_shows_none(browse, town):
    youth = town.child(first="Mio", born=date(2008, 11, 25))
    town.casework.clock.at += timedelta(days=2)
    signal_id = town.worry(youth)
    teacher = browse("teacher")
    raising = teacher.get(f"/signals/{signal_id}/raise")
    case_id = town.case(child_id=youth, agreed=(signals.Agreed(None),), guardians_told_on=None)
    pages = [raising, *(teacher.get(f"/cases/{case_id}{more}") for more in (
        "", "/meetings/new", "/meeting-proposals/new", "/consents/new", "/family-codes/new", "/close", "/report",
    ))]  # fmt: skip
    for page in pages:
        assert "Lena Myrvold" not in page.text, page.path
        assert not NAMES & {each.get("name") for each in page.tree.iter("input")} - {
            "guardian_id",
            "family",
        }, page.path
    assert "er myndig og svarer alene" in raising.text and "er myndig og svarer alene" in pages[1].text
    with town.begin("teacher") as tx:
        assert children.guardians(tx, youth) == []
