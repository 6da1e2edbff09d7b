"""A family that moves, as the holder meets it."""

import io
import re
import zipfile

import pytest

from casework import attachments, logs
from tests import papers
from tests.web.visitors import Visitor


def test_the_holder_offers_the_case_prints_the_pack_and_writes_down_who_took_it(browse, town):
    case_id = town.case()
    teacher = browse("teacher")
    none = teacher.get(f"/cases/{case_id}/relocations")
    assert "Hvilke dokumenter kan følge med?" not in none.text
    with town.begin("teacher") as tx:
        report = str(attachments.put(tx, case_id, attachments.PutAttachment("Rapport <i>", papers.PDF)))
    page = teacher.get(f"/cases/{case_id}/relocations")
    assert "Rapport <i>" in page.text and page.value("relocation-offer", "attachments") == "", (
        "nothing is chosen"
    )
    half = teacher.submit(
        page, "relocation-offer", status=422, receiver="Fjellvik kommune", attachments=[report]
    )
    assert "må ha sagt ja til overføringen" in half.text and "Fjellvik kommune" in half.html
    assert half.value("relocation-offer", "attachments") == report, "what was chosen stays chosen"
    people = re.findall(r'name="agreed"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="agreed"', page.html)
    everybody = [one or other for one, other in people]
    wrong = teacher.submit(
        page,
        "relocation-offer",
        status=422,
        receiver="Fjellvik kommune",
        agreed=everybody,
        attachments=[case_id],
    )
    assert "Et av dokumentene kan ikke følge med lenger" in wrong.text
    offered = teacher.submit(
        page, "relocation-offer", receiver="Fjellvik kommune", agreed=everybody, parts=["child_views"],
        attachments=[report],
    )  # fmt: skip
    assert "Fjellvik kommune" in offered.text
    [pack] = set(re.findall(r"/relocations/[0-9a-f-]{36}/pack(?=\")", offered.html))
    printed = teacher.get(pack)
    assert "Iben Solvang" in printed.text and "Det er kjedelig i friminuttet." in printed.text
    assert "Rapport <i>" in printed.text and f"/attachments/{report}/file" in printed.html
    whole = teacher.client.get(f"{pack}.zip")
    assert whole.headers["Content-Disposition"] == "attachment; filename=overforing.zip"
    with zipfile.ZipFile(io.BytesIO(whole.data)) as packed:
        assert packed.read("vedlegg-01.pdf") == papers.PDF
    for path in (pack, f"{pack}.zip"):
        assert browse("colleague").get(path, status=404)
    closed = teacher.submit(offered, "relocation-answer", taken="true", taken_by="Rektor Åse Vik")
    assert "Saken er avsluttet" in closed.text


@pytest.fixture
def away_site(casework, postgres, town):
    """Another municipality on the same site."""
    return type(town).build(casework, postgres.owner_url)


def test_the_leader_where_the_family_moves_finds_it_on_the_first_page_and_takes_the_case(
    browse, town, away_site, casework, site
):
    case_id = town.case()
    with town.begin("teacher") as tx:
        report = str(attachments.put(tx, case_id, attachments.PutAttachment("Rapport", papers.PDF)))
        logs.write(tx, case_id, logs.WriteEntry("Iben gleder seg til ny skole."))
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/relocations")
    people = re.findall(r'name="agreed"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="agreed"', page.html)
    everybody = [one or other for one, other in people]
    school = str(away_site.services["school"])
    assert school in page.html
    offered = teacher.submit(page, "relocation-offer", unit_id=school, agreed=everybody, parts=["log"],
                             attachments=[report])  # fmt: skip
    assert "Fjordvik school, Fjordvik kommune" in offered.text and "relocation-answer" not in offered.html
    leader = Visitor(site, casework).sign_in(away_site.people["principal"])
    first = leader.get("/cases")
    assert "En familie flytter til Fjordvik school" in first.text and "Iben" not in first.text
    [link] = set(re.findall(r"/moving-in/[0-9a-f-]{36}", first.html))
    assert browse("principal").get(link, status=404)
    seen = leader.get(link)
    assert "Iben gleder seg til ny skole." in seen.text and "Rapport" in seen.text
    assert "/file" not in seen.html, "what it holds is there when the case is"
    empty = leader.submit(seen, "relocation-refuse", status=422, reason=" ")
    assert "Ta imot saken" in empty.text
    taken = leader.submit(seen, "relocation-take", holder_id=str(away_site.people["teacher"]))
    assert "Familien kom fra Fjordvik kommune." in taken.text and "Teacher Test" in taken.text
    [arrival] = set(re.findall(r"/cases/[0-9a-f-]{36}/arrival", taken.html))
    assert "Fulgte med fra Fjordvik kommune" in taken.text
    came = leader.get(arrival)
    assert "Iben gleder seg til ny skole." in came.text
    [file] = set(re.findall(r"/attachments/[0-9a-f-]{36}/file", came.html))
    assert report not in file and leader.client.get(file).data == papers.PDF
    teacher.get(file, status=404)
    assert leader.get(link, status=404)
    assert "Saken er avsluttet" in teacher.get(f"/cases/{case_id}").text
    assert teacher.get(arrival, status=404)
