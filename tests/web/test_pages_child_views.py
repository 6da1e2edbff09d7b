"""How a child is asked, as the adult meets it: by age, and on the page where a measure is planned."""

from datetime import date


def test_a_small_child_shows_and_a_plan_asks_for_it_on_the_same_page(browse, town):
    small = town.case(child_id=town.child(born=date(2022, 1, 5)), child_said="")
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{small}/measures/new")
    assert "Hva viste Iben?" in page.text and "Hvilket ansikt pekte Iben på?" in page.text
    plan = {"title": "Lesegruppe", "goal": "Leser", "responsible_id": town.people["teacher"]}
    refused = teacher.submit(page, "measure-new", status=422, **plan)
    assert "Barnets syn er ikke kjent" in refused.text or "barnet" in refused.text
    assert refused.value("measure-new", "title") == "Lesegruppe"
    half = teacher.submit(page, "measure-new", status=422, **plan, child_mood="3")
    assert "Skriv hva barnet viste" in half.text
    done = teacher.submit(
        page, "measure-new", **plan, child_mood="3", child_shown="Pekte på det sinte ansiktet."
    )
    assert "Pekte på det sinte ansiktet." in done.text and "Lesegruppe" in done.text
    assert "Hva viste Iben?" not in teacher.get(f"/cases/{small}/measures/new").text


def test_a_youth_is_asked_for_own_words_and_why_not_names_who_brings_them(browse, town):
    youth = town.case(child_id=town.child(born=date(2012, 5, 5)))
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{youth}/child-views/new")
    assert "Hvilket ansikt" not in page.text and "familiens egen side" in page.text
    why = {"child_not_asked": "declined", "child_why_not": "Vil ikke snakke i dag."}
    assert "Skriv hvem som henter fram" in teacher.submit(page, "child-view", status=422, **why).text
    done = teacher.submit(page, "child-view", **why, child_brought_by="Farmor")
    assert "Farmor henter fram barnets syn." in done.text
