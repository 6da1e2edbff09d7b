"""A pregnancy page by page, without JavaScript: registered, followed, and what became of it. Every page is checked."""

from uuid import UUID

from casework import children, families
from tests.factories import Town
from tests.web.test_pages_story import links

KARI = {"first_name": "Kari", "last_name": "Nes", "expected_on": "03.03.2027", "phone": "900 00 000"}


def _case(browse, town: Town) -> tuple[UUID, UUID]:
    """From the search that finds nobody to a case, by the nurse's own forms."""
    nurse = browse("nurse")
    (way,) = links(nurse.get("/children?q=Kari"), "/pregnancies/new")
    page = nurse.submit(nurse.get(way), "pregnancy-new", **KARI)
    assert "Svangerskapet er registrert" in page.text
    worry = nurse.submit(page, "signal-new", observation="Bor alene og er redd.")
    raising = nurse.get(worry.path + "/raise")
    assert "Hun fikk vite det" in raising.text and "Hva sier barnet?" not in raising.text
    assert [each for each in raising.form("signal-raise").iter("input") if each.get("value") == "child"] == []
    outcome = next(
        each for each in raising.form("signal-raise").iter("input") if each.get("name") == "outcome"
    )
    with town.begin("nurse") as tx:
        [found] = children.search(tx, "Kari")
        [woman] = children.guardians(tx, found.id)
    opened = nurse.submit(
        raising,
        "signal-raise",
        outcome=outcome.get("value"),
        agreed=[woman.id],
        holder_id=town.people["nurse"],
    )
    return UUID(opened.path.split("/")[-1]), found.id


SAID = {"nb": "Termin 3. mars 2027", "nn": "Termin 3. mars 2027", "en": "Expected 3 March 2027"}


def test_the_day_a_child_is_expected_is_shown_in_three_languages_and_never_an_age(browse, town):
    case_id, _child = _case(browse, town)
    nurse = browse("nurse")
    for language, said in SAID.items():
        nurse.client.set_cookie("stafetten-language", language)
        page = nurse.get(f"/cases/{case_id}")
        assert f"{said} · Fjordvik health ·" in page.text, language
        assert said.lower() in nurse.get("/cases").text.lower()


def test_the_case_asks_nothing_of_a_child_that_is_not_born_and_she_looks_in_by_the_familys_door(
    browse, town, stranger
):
    case_id, child_id = _case(browse, town)
    nurse = browse("nurse")
    page = nurse.get(f"/cases/{case_id}")
    assert "svarer kvinnen alene" in page.text and not links(page, f"/cases/{case_id}/child-views/new")
    for form, path in (("measure-new", "measures/new"), ("case-close", "close")):
        shown = nurse.get(f"/cases/{case_id}/{path}")
        assert not [each for each in shown.form(form).iter() if each.get("name", "").startswith("child_")]
    report = nurse.get(f"/cases/{case_id}/report")
    assert "Må kontrolleres" in report.text and "Har hun fått vite det?" in report.text
    sent = nurse.submit(report, "report-new", worry="Rus i svangerskapet.")
    assert "Melding om Kari Nes" in sent.title
    with town.begin("nurse") as tx:
        [woman] = children.guardians(tx, child_id)
        code = families.hand_out(tx, case_id, woman.id).code
    inside = stranger.submit(stranger.get("/family/sign-in"), "code-use", code=code, born_on="03.03.2027")
    assert "Hjelpen rundt deg" in inside.text


def test_a_birth_is_written_down_and_the_other_parent_decides_from_then_on(browse, town):
    case_id, child_id = _case(browse, town)
    nurse = browse("nurse")
    (way, *_more) = links(nurse.get(f"/cases/{case_id}"), f"/pregnancies/{child_id}/birth")
    page = nurse.get(way)
    wrong = nurse.submit(
        page, "birth-new", status=422, first_name="Ask", born_on="24.11.2025", other_name="Ola Vik"
    )
    assert (
        "Datoen er før svangerskapet begynte" in wrong.text
        and wrong.value("birth-new", "other_name") == "Ola Vik"
    )
    after = nurse.submit(wrong, "birth-new", born_on="24.11.2026")
    assert after.path == f"/cases/{case_id}" and after.title.startswith("Ask Nes")
    assert "Fødselen er lagret" in after.text and "0 år" in after.text
    nurse.get(way, status=404)
    asking = nurse.get(f"/cases/{case_id}/consents/new")
    assert "Kari Nes" in asking.text and "Ola Vik" in asking.text
    assert nurse.submit(page, "birth-new", first_name="Ask", born_on="24.11.2026", status=404)


def test_the_end_of_a_pregnancy_asks_once_more_and_for_nothing_else(browse, town):
    case_id, child_id = _case(browse, town)
    nurse = browse("nurse")
    (way,) = links(nurse.get(f"/cases/{case_id}"), f"/pregnancies/{child_id}/end")
    page = nurse.get(way)
    asked = [
        each for each in page.form("pregnancy-end").iter() if each.tag in ("textarea", "select", "input")
    ]
    assert {each.get("type") for each in asked} == {"hidden"} and "Snakk med henne selv" in page.text
    after = nurse.submit(page, "pregnancy-end")
    assert "Familien har ikke fått noe fra oss" in after.text and "2027" not in after.text
    browse("teacher").get(way, status=404)
    page = nurse.get(f"/cases/{case_id}/reopen")
    assert "står det som i gang, med termindagen" in page.text
    level = next(each for each in page.form("case-reopen").iter("input") if each.get("name") == "to")
    again = nurse.submit(page, "case-reopen", to=level.get("value"), reason="Det var en feil.")
    assert SAID["nb"] in again.text and "Svangerskapet står som i gang igjen." in again.text


def test_a_mistyped_year_is_told_at_its_field(browse, town):
    nurse = browse("nurse")
    page = nurse.submit(
        nurse.get("/pregnancies/new"), "pregnancy-new", status=422, **{**KARI, "expected_on": "2028-03-03"}
    )
    assert "utenfor et svangerskap" in page.text and page.value("pregnancy-new", "first_name") == "Kari"
    page = nurse.get("/children/new")
    old = nurse.submit(
        page, "child-new", status=422, first_name="Ada", last_name="Berg", born_on="2001-05-02"
    )
    assert "til og med 23 år" in old.text and old.value("child-new", "last_name") == "Berg"
