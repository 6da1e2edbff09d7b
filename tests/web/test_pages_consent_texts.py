"""The texts as families and staff meet them: chosen language, Norwegian beside, what was answered, and the town's own."""

import re

import pytest

from tests.web.test_pages_families import ask
from tests.web.test_pages_families import parent as parent  # noqa: PLC0414 - a fixture


def test_a_parent_chooses_a_language_reads_it_with_the_norwegian_beside_and_answers_in_n_plus_one_taps(
    town, parent, browse
):
    case_id = town.case()
    ask(town, case_id, "ppt")
    mother = parent(case_id)
    page = mother.get(f"/family/cases/{case_id}/consents")
    assert "Kan vi dele med Fjordvik ppt?" in page.text and "العربية" in page.text
    arabic = mother.get(f"/family/cases/{case_id}/consents?language=ar")
    assert 'lang="ar" dir="rtl"' in arabic.html and "اطلب مترجم" in arabic.text
    assert "Be om tolk" in arabic.text and "Kan vi dele med Fjordvik ppt?" in arabic.text
    [field] = set(re.findall(r'name="(answer_[0-9a-f-]{36})"', arabic.html))
    after = mother.submit(arabic, "consents-answer", **{field: "yes"})
    assert "Dette leste du før du svarte" in after.text
    listed = browse("teacher").get(f"/cases/{case_id}/consents")
    assert "Lest på arabisk" in listed.text
    [link] = set(re.findall(r'href="(/consents/[0-9a-f-]{36}/text)"', listed.html)) - _of_the_log(
        browse, listed
    )
    read = browse("teacher").get(link)
    assert "السجل" in read.text and "2026-1" in read.text and "Underskrift" in read.text.title()


def _of_the_log(browse, page):
    links = set(re.findall(r'href="(/consents/[0-9a-f-]{36}/text)"', page.html))
    return {one for one in links if "Kan vi skrive en logg sammen?" in browse("teacher").get(one).text}


def test_who_writes_an_answer_down_reads_the_text_aloud_and_names_the_interpreter(town, browse):
    case_id = town.case()
    ask(town, case_id, "ppt")
    teacher = browse("teacher")
    listed = teacher.get(f"/cases/{case_id}/consents")
    record = next(one for one in re.findall(r'href="(/consents/[0-9a-f-]{36})"', listed.html)
                  if "Fjordvik ppt" in (page := teacher.get(one)).text and "Les dette for" in page.text)  # fmt: skip
    page = teacher.get(record)
    again = teacher.submit(page, "consent-record", status=422, answer="yes", channel="oral", language="pl")
    assert "Skriv hvem som tolket" in again.text and again.value("consent-record", "answered_on")
    teacher.submit(
        page, "consent-record", answer="yes", channel="oral", language="pl", interpreter="Tolk 4711"
    )
    assert "Lest på polsk" in teacher.get(f"/cases/{case_id}/consents").text


def test_the_coordinator_writes_the_text_in_the_towns_own_words_and_is_told_what_must_stand(town, browse):
    coordinator = browse("coordinator")
    assert "Laget av maskin" in coordinator.get("/consent-texts").text
    page = coordinator.get("/consent-texts/service/nb/new")
    again = coordinator.submit(page, "consent-text-write", status=422, take_back="Bare i år.", what="Alt.")
    assert "ord om denne rettigheten må stå" in again.text and "Alt." in again.html
    after = coordinator.submit(page, "consent-text-write", what="De får lese loggen og planen.")
    assert "De får lese loggen og planen." in after.text
    teacher = browse("teacher")
    assert "Kommunens egen, nummer 1" in teacher.get("/consent-texts").text
    teacher.get("/consent-texts/service/nb/new", status=404)
    teacher.get("/consent-texts/service/xx", status=404)


@pytest.mark.parametrize("path", ["/consent-texts", "/consent-texts/log/se"])
def test_a_family_finds_no_page_for_keeping_texts(town, parent, path):
    parent(town.case()).get(path, status=404)
