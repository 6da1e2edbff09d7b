"""Looking again at what is kept from the family: from the list, the log and the notice, without JavaScript."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework import attachments, coordinations, followups, logs
from casework.access import Actor
from casework.attachments import PutAttachment
from tests import papers
from tests.casework.test_archives import close
from tests.casework.test_families import Family
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit
from tests.web.visitors import Visitor


@pytest.fixture
def hidden(town):
    """Hides an entry, and a document that belongs to it, until the third of December."""

    def act(case_id):
        with town.begin("teacher") as tx:
            kept = {
                "for_family": False,
                "hidden_reason": "Fare",
                "hidden_until": tx.today + timedelta(days=9),
            }
            entry = logs.write(tx, case_id, logs.WriteEntry("Iben alene.", **kept))
        with town.begin("teacher") as tx:
            document = attachments.put(tx, case_id, PutAttachment("Tegning", papers.PNG, entry))
        return entry, document

    return act


@pytest.fixture
def mother(site, casework, town):
    """The mother of a case, at a browser."""

    def come(case_id):
        visitor = Visitor(site, casework)
        code = Family(town, casework).code(case_id, "mother").code
        visitor.submit(visitor.get("/family/sign-in"), "code-use", code=code, born_on="2017-03-14")
        return visitor

    return come


def test_the_holder_keeps_it_with_a_new_day_then_shows_it_and_the_family_reads_it_everywhere(
    browse, town, hidden, mother, clock
):
    case_id = town.case()
    entry, document = hidden(case_id)
    teacher, parent = browse("teacher"), mother(case_id)
    page = teacher.get(f"/cases/{case_id}")
    assert "2 ting er skjult for familien" in page.text and "Skal ses på igjen innen 3." in page.text
    assert page.html.count(f"/hidings/{entry}") == page.html.count(f"/hidings/{document}") == 1
    listed = teacher.get(f"/cases/{case_id}/hidings")
    assert "Tegning" in listed.text and f"/hidings/{entry}" in listed.html
    ask = teacher.get(f"/hidings/{entry}")
    assert "Iben alene." in ask.text and ask.value("hiding-review", "reason") == "Fare"
    refused = teacher.submit(
        ask, "hiding-review", status=422, answer="keep", reason="Ny <b>grunn</b>", until="2026-11-01"
    )
    assert "Velg en senere dag" in refused.text
    assert refused.value("hiding-review", "reason") == "Ny <b>grunn</b>", "what was typed stays"
    assert refused.value("hiding-review", "until") == "2026-11-01"
    kept = teacher.submit(
        refused, "hiding-review", answer="keep", until="2026-12-20", with_attachments="true"
    )
    assert "Det er fortsatt skjult for familien." in kept.text and "Ny <b>grunn</b>" in kept.text
    for path in ("", "/copy", "/copy.json"):
        told = parent.get(f"/family/cases/{case_id}{path}") if path != "/copy.json" else None
        words = told.text if told else parent.client.get(f"/family/cases/{case_id}{path}").text
        assert "Iben alene." not in words and "Tegning" not in words and "Ny <b>grunn</b>" in words
    clock.at += timedelta(days=27)
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_due(tx)
    teacher, parent = browse("teacher"), mother(case_id)  # a month later nobody is signed in any more
    assert "Se igjen på noe som er skjult for familien" in teacher.get("/cases").text
    assert f'href="/hidings/{entry}"' in browse("principal").get("/notices").html
    late = teacher.get(f"/hidings/{document}")
    assert "Vis først innlegget" in teacher.submit(late, "hiding-review", status=422, answer="show").text
    stale = teacher.get(f"/hidings/{entry}")
    with town.begin("principal") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Noe nytt."))
    assert "Noe nytt." in teacher.submit(stale, "hiding-review", status=409, answer="show").text
    again = teacher.get(f"/hidings/{entry}")
    shown = teacher.submit(again, "hiding-review", answer="show", with_attachments="true")
    assert (
        "Familien ser det fra nå av." in shown.text
        and "skjult for familien" not in shown.text.split("Stafettlogg")[0]
    )
    for path in ("", "/copy"):
        assert "Iben alene." in parent.get(f"/family/cases/{case_id}{path}").text
    machine = parent.client.get(f"/family/cases/{case_id}/copy.json").json
    assert machine["hidden"] == {} and "Iben alene." in {one["text"] for one in machine["log"]}
    assert parent.client.get(f"/family/attachments/{document}/file").data == papers.PNG
    history = teacher.get(f"/hidings/{entry}")
    assert "Grunnen fram til da: Fare" in history.text and "hiding-review" not in history.html
    assert "Ingenting er skjult" in teacher.get(f"/cases/{case_id}/hidings").text


def test_the_leader_reads_without_answering_and_others_find_nothing(browse, town, hidden):
    case_id = town.case(services=("welfare",))
    entry, _document = hidden(case_id)
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["welfare"], "Råd."),))
    with town.begin("teacher") as tx:
        [asked] = [one.id for one in coordinations.of_case(tx, case_id)]
    with town.begin("worker") as tx:
        coordinations.reply(tx, asked, coordinations.Reply("yes"))
    inside = browse("worker")
    assert "hiding-review" in inside.get(f"/hidings/{entry}").html, "child welfare, from inside the case"
    for path in (f"/cases/{case_id}", f"/cases/{case_id}/attachments/new"):
        assert "Skjul for familien" in inside.get(path).text
        assert "Skjul for familien" not in browse("principal").get(path).text
    seen = browse("principal").get(f"/hidings/{entry}")
    assert "Stafettholder bestemmer" in seen.text and "hiding-review" not in seen.html
    form = browse("teacher").get(f"/hidings/{entry}")
    sent = {"answer": "show", "version": form.value("hiding-review", "version")}
    leader = browse("principal")
    token = {"csrf": leader.get(f"/cases/{case_id}").value("log-new", "csrf")}
    leader.send(f"/hidings/{entry}", {**sent, **token}, status=403)
    close(town, case_id)
    closed = browse("teacher").get(f"/hidings/{entry}")
    assert "Den må åpnes igjen" in closed.text and "hiding-review" not in closed.html
    assert "Skal ses på igjen" not in browse("teacher").get(f"/cases/{case_id}").text, "nothing runs here"
    for who in ("colleague", "nurse", "adviser", "coordinator"):
        visitor = browse(who)
        visitor.get(f"/hidings/{entry}", status=404)
        visitor.get(f"/cases/{case_id}/hidings", status=404)


@pytest.mark.browser
def test_on_a_phone_the_holder_keeps_it_hidden_and_no_page_stops_anybody(chromium, town, make_site, hidden):
    case_id = town.case()
    entry, document = hidden(case_id)
    with served(make_site(faults_reach_the_test=False)) as base:
        context = sit(chromium, base, town, "teacher", PHONE)
        page = context.new_page()
        page.goto(f"/hidings/{entry}")
        page.get_by_role("radio", name="Ja, hold det skjult").check()
        page.get_by_label("Se på det igjen den").fill("2027-01-10")
        page.get_by_role("button", name="Lagre").click()
        expect(page.locator("main")).to_contain_text("Skal ses på igjen innen 10. jan.")
        paths = (f"/hidings/{entry}", f"/hidings/{document}", f"/cases/{case_id}/hidings")
        found = [fault for path in paths for fault in faults_of(page, path)]
        context.close()
    assert found == []
