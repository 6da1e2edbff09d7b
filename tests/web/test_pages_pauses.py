"""A case that stands still, as those at work, the family and the archive read of it."""

from datetime import date

import pytest

from casework import cases
from tests import pdfs
from tests.casework.test_archives import close, fetched, files, packed
from tests.casework.test_families import Family
from tests.web.visitors import Visitor


@pytest.fixture
def resting(town):
    """A case that stands still until the day before Christmas Eve."""
    case_id = town.case()
    with town.begin("teacher") as tx:
        cases.pause(tx, case_id, cases.PauseCase(date(2026, 12, 23), "Ferie"))
    return case_id


def test_the_log_says_the_day_as_people_do(browse, resting):
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{resting}")
    assert "Saken hviler til og med 23. desember 2026" in page.text and "2026-12-23" not in page.text


def test_so_does_the_familys_page(site, casework, town, resting):
    mother = Visitor(site, casework)
    code = Family(town, casework).code(resting, "mother").code
    mother.submit(mother.get("/family/sign-in"), "code-use", code=code, born_on="2017-03-14")
    assert "Saken hviler til og med 23. desember 2026" in mother.get(f"/family/cases/{resting}").text


def test_so_does_the_archives_print(town, as_owner, resting):
    with town.begin("teacher") as tx:
        cases.go_on(tx, resting)
    close(town, resting)
    package = fetched(town, packed(town, resting, as_owner))
    printed = " ".join(pdfs.text(files(package.content)["stafettlogg.pdf"]).split())
    assert "Saken hviler til og med 23. desember 2026" in printed
