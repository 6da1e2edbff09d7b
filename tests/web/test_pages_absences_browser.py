"""The pages about being away and what is left lying, in a real browser: axe, fingers and narrow screens."""

from datetime import timedelta

import pytest

from casework import absences, cases, drifts
from casework.access import Actor
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit

pytestmark = pytest.mark.browser


@pytest.fixture
def places(town, clock) -> dict[str, tuple[str, ...]]:
    """Two quiet cases, their holder away with a substitute, one of them put off."""
    held = [town.case(child_id=town.child(first=name)) for name in ("Ada", "Bo")]
    clock.at += timedelta(days=31)
    with town.casework.begin(Actor.system()) as tx:
        drifts.hunt(tx)
    with town.begin("teacher") as tx:
        first, second = drifts.mine(tx)
        drifts.snooze(tx, second.id, drifts.Snooze(tx.today + timedelta(days=9), "Venter på skolestart"))
    who = town.people["teacher"]
    with town.begin("teacher") as tx:
        away = absences.SetAbsence(
            tx.today, tx.today + timedelta(days=9), town.people["colleague"], "Ring kontoret"
        )
        absence_id = absences.register(tx, who, away)
    with town.begin("colleague") as tx:
        assert cases.mine(tx).total == 2
    return {
        "teacher": (
            "/absences/mine", f"/absences/{absence_id}", "/drifts", "/drifts?snoozed=1",
            f"/drifts/{first.id}/snooze", "/cases", f"/cases/{held[0]}", f"/cases/{held[0]}/baton",
        ),
        "colleague": ("/drifts", "/absences/mine"),
        "principal": ("/units/batons", f"/units/batons/{who}", f"/absences/of/{who}"),
        "coordinator": ("/drifts",),
        "administrator": (f"/staff/{who}/leave",),
    }  # fmt: skip


def test_no_page_stops_anybody(chromium, town, make_site, places):
    found = []
    with served(make_site(faults_reach_the_test=False)) as base:
        for name, paths in places.items():
            context = sit(chromium, base, town, name, PHONE)
            page = context.new_page()
            for path in paths:
                found += faults_of(page, path)
            context.close()
    assert found == []


def test_the_validator_finds_nothing(validator, browse, places):
    found = {
        path: validator.faults(browse(name).get(path).html)
        for name, paths in places.items()
        for path in paths
    }
    assert not any(found.values()), {path: faults for path, faults in found.items() if faults}


@pytest.mark.parametrize("code", ["nb", "nn", "en"])
def test_every_page_is_whole_in_every_language(browse, places, code):
    for name, paths in places.items():
        visitor = browse(name)
        visitor.client.set_cookie("stafetten-language", code)
        for path in paths:
            assert f'lang="{code}"' in visitor.get(path).html[:200]
