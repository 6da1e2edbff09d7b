"""The archivist's desk and the leader's hold, as browsers without JavaScript meet them."""

import io
import re
import zipfile

from casework import cases
from casework.access import Actor
from tests.casework.test_archives import delivery_of
from tests.casework.test_families import Family
from tests.web.visitors import Visitor
from workflows import wiring
from workflows.archives import pack_archive
from workflows.retention import sweep


def closed(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase("Målet er nådd.", child_words="Fint"))
    return case_id


def follow_up(casework, monkeypatch):
    class Wired:
        def begin(self):
            return casework.begin(Actor.system("worker"))

    monkeypatch.setattr(wiring, "_wired", [Wired()])


def test_the_archivist_hands_a_case_on_by_its_number_and_says_when_the_archive_has_it(
    browse, town, casework, as_owner, monkeypatch
):
    follow_up(casework, monkeypatch)
    case_id = closed(town)
    [(number,)] = as_owner("SELECT number FROM cases WHERE id = :case", case=case_id)
    archivist = browse("archivist")
    assert "Pakkes" in archivist.get("/archives").text
    pack_archive.fn(str(delivery_of(as_owner, case_id)))
    page = archivist.get("/archives")
    assert number in page.text and "Venter på arkivet" in page.text and "Iben" not in page.text
    [link] = set(re.findall(r"/archives/[0-9a-f-]{36}", page.html))
    one = archivist.get(link)
    package = archivist.client.get(f"{link}/package.zip")
    assert (
        package.headers["Content-Disposition"]
        == f"attachment; filename=arkivpakke-{link.rpartition('/')[2]}.zip"
    )
    assert "stafettlogg.pdf" in zipfile.ZipFile(io.BytesIO(package.data)).namelist()
    assert "Fyll ut dette" in archivist.submit(one, "archive-take-over", status=422, reference="").text
    after = archivist.submit(one, "archive-take-over", reference="2026/4711")
    assert "Overtatt av arkivet" in after.text and "2026/4711" in after.text
    archivist.get(f"{link}/package.zip", status=404)

    leader = browse("principal")
    assert "Arkivpakke" in leader.get(f"/cases/{case_id}").text
    shown = leader.get(f"/cases/{case_id}/package")
    assert "2026/4711" in shown.text and leader.client.get(f"{link}/package.zip").status_code == 200
    assert "Archivist Test" in leader.get(f"/cases/{case_id}/readers").text
    for who in ("colleague", "coordinator", "manager", "administrator"):
        browse(who).get(link, status=404)
        browse(who).get("/archives", status=404)


def test_holds_terms_and_the_forecast_on_the_archivists_desk(browse, town, casework, as_owner, monkeypatch):
    follow_up(casework, monkeypatch)
    case_id = closed(town)
    [(number,)] = as_owner("SELECT number FROM cases WHERE id = :case", case=case_id)
    leader, archivist = browse("principal"), browse("archivist")
    page = leader.get(f"/cases/{case_id}/hold")
    again = leader.submit(page, "hold-set", status=422, reason="Klagen er sendt")
    assert again.value("hold-set", "reason") == "Klagen er sendt"
    held = leader.submit(page, "hold-set", ground="complaint", reason="Klagen er sendt")
    assert "Saken holdes tilbake" in held.text and "Holdes tilbake nå" in held.text

    desk = archivist.get("/retention")
    assert number in desk.text and "Klage" in desk.text and "Iben" not in desk.text
    [link] = set(re.findall(r"/holds/[0-9a-f-]{36}", desk.html))
    lifted = archivist.submit(archivist.get(link), "hold-lift", reason="Klagen er avgjort")
    assert "Ingenting holdes tilbake" in lifted.text
    page = archivist.get(f"/retention/{town.id}/holds/new")
    wrong = archivist.submit(page, "hold-set", status=422, number="2020-1", ground="court", reason="Rett")
    assert "Vi finner ingen sak med dette nummeret" in wrong.text
    assert number in archivist.submit(page, "hold-set", number=number, ground="court", reason="Rett").text

    term = archivist.get(f"/retention/{town.id}/terms/signal")
    assert (
        "Velg et antall måneder innenfor grensene"
        in archivist.submit(term, "term-choose", status=422, months="2").text
    )
    assert "4 måneder" in archivist.submit(term, "term-choose", months="4").text
    archivist.get(f"/retention/{town.id}/terms/draft", status=404)
    sweep.fn()
    for who in ("principal", "manager", "administrator", "teacher"):
        browse(who).get("/retention", status=404)
    browse("teacher").get(f"/cases/{case_id}/hold", status=403)
    browse("colleague").get(f"/cases/{case_id}/hold", status=404)


def test_a_parent_downloads_ones_own_log_as_a_pdf(site, casework, town):
    case_id = closed(town)
    mother = Visitor(site, casework)
    code = Family(town, casework).code(case_id, "mother").code
    mother.submit(mother.get("/family/sign-in"), "code-use", code=code, born_on="2017-03-14")
    page = mother.get(f"/family/cases/{case_id}/copy")
    assert f"/family/cases/{case_id}/copy.pdf" in page.html
    got = mother.client.get(f"/family/cases/{case_id}/copy.pdf")
    assert got.data.startswith(b"%PDF-1.7") and got.headers["Content-Type"] == "application/pdf"
    other = town.case(child_id=town.child(first="Nora"))
    mother.get(f"/family/cases/{other}/copy.pdf", status=404)


def test_a_leader_keeps_a_worry_and_lets_it_go_again(browse, town):
    worry = town.worry(town.child(first="Even"))
    leader = browse("principal")
    assert "Behold den uansett frist" not in browse("teacher").get(f"/signals/{worry}").text
    assert "Behold den uansett frist" in leader.get(f"/signals/{worry}").text
    page = leader.get(f"/signals/{worry}/hold")
    faulty = leader.submit(page, "hold-set", status=422, ground="complaint", reason="")
    assert "Fyll ut dette" in faulty.text
    kept = leader.submit(page, "hold-set", ground="complaint", reason="Klage.")
    assert "Undringen holdes tilbake" in kept.text and "Principal Test" in kept.text
    [there] = set(re.findall(r"/signal-holds/[0-9a-f-]{36}", kept.html))
    desk = browse("archivist").get("/retention")
    assert "Undringer som lederen har bedt om å beholde" in desk.text and there not in desk.html
    assert browse("archivist").get(there, status=404)
    gone = leader.submit(leader.get(there), "hold-lift", reason="Ferdig.")
    assert "Undringen følger fristen sin igjen" in gone.text
