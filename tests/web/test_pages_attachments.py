"""Attachments as browsers meet them: added without JavaScript, kept when refused, downloaded and never shown inside."""

import io
import re

import pytest
from playwright.sync_api import expect

from casework import attachments
from casework.access import Actor
from casework.attachments import PutAttachment, Verdict
from tests import papers
from tests.casework.test_archives import close as closed
from tests.casework.test_families import Family
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit
from tests.web.visitors import Visitor


def chosen(content, name="epikrise Iben Solvang <b>.pdf"):
    """A file as a browser sends it."""
    return io.BytesIO(content), name


def add(visitor, case_id, content=papers.PDF, *, status=200, **typed):
    """Fill in the form as it stands, with a file."""
    page = visitor.get(f"/cases/{case_id}/attachments/new")
    standing = {name: page.value("attachment-put", name) for name in ("csrf", "key", "version")}
    file = {"content": chosen(content)} if content is not None else {}
    return visitor.send(f"/cases/{case_id}/attachments", {**standing, **file, **typed}, status=status)


def marked(town, attachment_id, infected):
    with town.casework.begin(Actor.system()) as tx:
        attachments.scanned(tx, attachment_id, Verdict(infected, "ClamAV 1.4.1"))


def test_a_document_is_added_marked_opened_as_a_download_and_taken_away(browse, town):
    case_id = town.case()
    teacher = browse("teacher")
    empty = teacher.get(f"/cases/{case_id}")
    assert "Ingen dokumenter ennå" in empty.text
    refused = add(teacher, case_id, b"<script>x()</script>", status=422, title="Rapport <i>fra</i> PPT")
    assert "Denne filen kan ikke legges ved" in refused.text
    assert refused.value("attachment-put", "title") == "Rapport <i>fra</i> PPT", "what was typed stays"
    assert "Velg en fil" in add(teacher, case_id, None, status=422, title="Rapport").text
    page = add(teacher, case_id, title="Rapport <i>fra</i> PPT")
    assert "Dokumentet er lagt ved" in page.text and "Rapport <i>fra</i> PPT" in page.text
    assert "Ikke sjekket for virus" in page.text and "Iben Solvang <b>" not in page.text
    [link] = set(re.findall(r"/attachments/[0-9a-f-]{36}/file", page.html))
    got = teacher.client.get(link)
    attachment_id = link.split("/")[2]
    assert (got.data, got.headers["Content-Type"]) == (papers.PDF, "application/pdf")
    assert got.headers["Content-Disposition"] == f"attachment; filename=vedlegg-{attachment_id}.pdf"
    assert got.headers["X-Content-Type-Options"] == "nosniff" and got.headers["Cache-Control"] == "no-store"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert "Åpnet et dokument" in teacher.get(f"/cases/{case_id}/readers").text
    marked(town, attachment_id, infected=False)
    assert "Sjekket for virus" in teacher.get(f"/cases/{case_id}").text
    marked(town, attachment_id, infected=True)
    infected = teacher.get(f"/cases/{case_id}")
    assert "Virus funnet, kan ikke åpnes" in infected.text and link not in infected.html
    assert "Det er funnet virus i dette dokumentet" in teacher.get(link, status=422).text
    ask = teacher.get(f"/attachments/{attachment_id}/take-away")
    assert "Fyll ut dette" in teacher.submit(ask, "attachment-take-away", status=422, reason="").text
    gone = teacher.submit(ask, "attachment-take-away", reason="Feil barn")
    assert "Feil barn" in gone.text and "Dokumentet er tatt bort" in gone.text
    teacher.get(link, status=404)
    for who in ("colleague", "coordinator", "administrator"):
        browse(who).get(link, status=404)
        browse(who).get(f"/cases/{case_id}/attachments/new", status=404)


def test_a_file_too_big_for_the_house_gets_the_page_that_says_so(browse, town):
    case_id = town.case()
    page = add(browse("teacher"), case_id, papers.PDF + bytes(11 * 1024 * 1024), status=413, title="Stor")
    assert "Dette er for stort" in page.text


@pytest.fixture
def mother(site, casework, town):
    """The mother of a case, at a browser."""

    def come(case_id):
        visitor = Visitor(site, casework)
        code = Family(town, casework).code(case_id, "mother").code
        visitor.submit(visitor.get("/family/sign-in"), "code-use", code=code, born_on="2017-03-14")
        return visitor

    return come


def test_both_forms_that_keep_something_from_the_family_ask_why_where_one_sees_it(browse, town):
    case_id = town.case()
    teacher = browse("teacher")
    entry = teacher.submit(
        teacher.get(f"/cases/{case_id}"), "log-new", status=422, body="Uro hjemme.", hide="true"
    )
    document = add(teacher, case_id, status=422, title="Rapport", hide="true")
    for page, form in ((entry, "log-new"), (document, "attachment-put")):
        [opened] = [each for each in page.form(form).iter("details") if each.get("open") is not None]
        wrong = [each.get("name") for each in opened.iter("input") if each.get("aria-invalid") == "true"]
        assert wrong[0] == "hidden_reason", "not shut away with its fault inside"
    wrong = add(teacher, case_id, status=422, title="", hide="true", hidden_until="snart")
    listed = re.findall(r'href="#attachment-put-(title|hidden-until)', wrong.html)
    assert listed == ["title", "hidden-until"], "the faults stand in the order of the page"


def test_the_family_reads_what_is_shown_and_sends_a_document_with_its_words(browse, town, mother):
    case_id = town.case()
    add(browse("teacher"), case_id, papers.PNG, title="Tegning")
    until = "2026-12-24"
    add(browse("teacher"), case_id, title="Hemmelig", hide="true", hidden_reason="Fare", hidden_until=until)
    parent = mother(case_id)
    page = parent.get(f"/family/cases/{case_id}")
    assert "Tegning" in page.text and "Hemmelig" not in page.text
    [link] = set(re.findall(r"/family/attachments/[0-9a-f-]{36}/file", page.html))
    got = parent.client.get(link)
    assert got.data == papers.PNG and got.headers["Content-Security-Policy"].startswith("sandbox")
    ask = parent.get(f"/family/cases/{case_id}/say?kind=question")
    typed = {name: ask.value("words-say", name) for name in ("csrf", "key", "kind")}
    typed |= {"body": "Her er brevet.", "title": "Brev fra BUP"}
    again = parent.send(f"/family/cases/{case_id}/say", {**typed, "content": chosen(b"MZ\x90\0")}, status=422)
    assert again.value("words-say", "body") == "Her er brevet."
    sent = parent.send(f"/family/cases/{case_id}/say", {**typed, "content": chosen(papers.JPEG)})
    assert "Brev fra BUP" in sent.text
    shown = browse("teacher").get(f"/cases/{case_id}")
    assert "Brev fra BUP" in shown.text and "Lena Myrvold, familien" in shown.text
    secret = next(
        one for one in re.findall(r"/attachments/([0-9a-f-]{36})/file", shown.html) if one not in sent.html
    )
    parent.get(f"/family/attachments/{secret}/file", status=404)
    own = re.search(r"/family/attachments/[0-9a-f-]{36}/take-back", sent.html)[0]
    ask = parent.get(own)
    assert "Dokumentet blir slettet" in ask.text and "Brev fra BUP" in ask.text
    back = parent.submit(ask, "attachment-take-back")
    assert "Lena Myrvold tok tilbake et dokument: Brev fra BUP" in back.text and "Tatt bort" in back.text
    parent.get(own, status=404)
    parent.get(f"/family/attachments/{secret}/take-back", status=404)
    shown = browse("teacher").get(f"/cases/{case_id}")
    assert "Tatt bort" in shown.text and "av Lena Myrvold" in shown.text
    parent.send(f"/family/cases/{case_id}/say", {**typed, "key": "", "content": chosen(papers.JPEG)})
    closed(town, case_id)
    page = parent.get(f"/family/cases/{case_id}")
    assert "Det er en del av kommunens arkiv" in page.text and "take-back" not in page.html
    [kept] = set(re.findall(r"/family/attachments/([0-9a-f-]{36})/file", page.html.replace(link, "")))
    assert "Saken har vært avsluttet" in parent.get(f"/family/attachments/{kept}/take-back").text
    late = {"csrf": ask.value("attachment-take-back", "csrf"), "key": "late"}
    late_answer = parent.send(f"/family/attachments/{kept}/take-back", late, status=422)
    assert "Saken har vært avsluttet" in late_answer.text


@pytest.mark.browser
def test_on_a_phone_a_document_is_chosen_added_and_listed_and_no_page_stops_anybody(
    chromium, town, make_site, tmp_path
):
    case_id = town.case()
    with town.begin("teacher") as tx:
        put_id = attachments.put(tx, case_id, PutAttachment("Rapport fra PPT", papers.PDF))
    marked(town, put_id, infected=True)
    file = tmp_path / "tegning.png"
    file.write_bytes(papers.PNG)
    with served(make_site(faults_reach_the_test=False)) as base:
        context = sit(chromium, base, town, "teacher", PHONE)
        page = context.new_page()
        page.goto(f"/cases/{case_id}/attachments/new")
        page.get_by_label("Hva er det?").fill("Tegning")
        page.get_by_label("Filen").set_input_files(file)
        page.get_by_role("button", name="Legg det ved").click()
        listed = page.locator("section", has=page.locator("#attachments"))
        expect(listed).to_contain_text("Tegning")
        expect(listed).to_contain_text("Ikke sjekket for virus")
        with page.expect_download() as download:
            page.get_by_role("link", name="Tegning", exact=True).click()
        assert download.value.suggested_filename.startswith("vedlegg-")
        found = []
        for path in (
            f"/cases/{case_id}",
            f"/cases/{case_id}/attachments/new",
            f"/attachments/{put_id}/take-away",
        ):
            found += faults_of(page, path)
        context.close()
    assert found == []
