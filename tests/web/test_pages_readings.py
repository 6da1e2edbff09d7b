"""Odd readings, the access log and «why can they see it» as people meet them."""

import ast
import re
from datetime import timedelta
from pathlib import Path

from casework import cases, readings
from casework.access import Actor, Role
from tests.casework.test_readings import in_emergency

ROOT = Path(__file__).parents[2]
SECRETS = ("Iben", "Solvang", "Myrvold")


def kept(page):
    """No child, no guardian."""
    assert not [one for one in SECRETS if one in page.text]
    return page


def test_an_odd_reading_goes_from_the_officer_to_the_reader_and_back(browse, town, clock):
    town.case()
    in_emergency(town)
    clock.at += timedelta(days=1)
    with town.casework.begin(Actor.system()) as tx:
        readings.hunt(tx)
    officer = browse("officer")
    listed = kept(officer.get("/"))
    assert listed.path == "/readings" and "Uten rolle i saken" in listed.text and "Worker Test" in listed.text
    [link] = set(re.findall(r"/readings/[0-9a-f-]{36}", listed.html))
    page = kept(officer.get(link))
    assert "Nødinnsyn" in page.text and "Ansatt i barnevernstjenesten" in page.text
    unsure = officer.submit(page, "reading-decide", status=422, reason="Hva var grunnen?")
    assert "Hva var grunnen?" in unsure.html
    officer.submit(page, "reading-decide", decision="ask", reason="Hva var grunnen?")
    reader = browse("worker")
    assert "Personvernombudet spør deg" in kept(reader.get("/notices")).text
    asked = kept(reader.get(link))
    assert "Hva var grunnen?" in asked.text
    reader.submit(asked, "reading-answer", answer="Politiet ringte.")
    judged = officer.submit(officer.get(link), "reading-decide", decision="explain", reason="Vakt.")
    assert "Politiet ringte." in judged.text and "Forklart" in judged.text
    browse("teacher").get(link, status=404)
    limits = officer.get("/readings/limits")
    assert "Velg et tall" in officer.submit(limits, "readings-limits", status=422, misses_in_day="1").text
    officer.submit(limits, "readings-limits", misses_in_day="5")
    assert officer.get("/readings/limits").value("readings-limits", "misses_in_day") == "5"


def test_the_officer_searches_the_log_for_a_child_nobody_names(browse, town, clock):
    case_id = town.case()
    with town.begin("principal") as tx:
        number = cases.details(tx, case_id).head.number
    officer = browse("officer")
    log = kept(officer.get("/access-log"))
    assert "Principal Test" in log.text and number in log.text and "ikke kontrollert" in log.text
    finding = officer.get("/access-log/child")
    born = {"first_name": "Iben", "last_name": "Solvang"}
    missed = officer.submit(finding, "log-child", status=422, **born, born_on="2010-01-01")
    assert "Vi finner ikke dette barnet" in missed.text
    found = kept(officer.submit(finding, "log-child", **born, born_on="2017-03-14"))
    assert "Solvang" not in found.path and number in found.text
    only = officer.submit(found, "log-search", person_id=town.people["principal"], kind="reads")
    assert (
        "Principal Test" in only.text
        and "child_id=" in only.path
        and "Teacher Test, educator" not in only.html.split("log-lines")[1]
    )
    wrong = officer.submit(found, "log-search", status=422, since="2026-11-24", until="2026-11-01")
    assert "Sluttdagen er før" in wrong.text
    exported = officer.client.get("/access-log/export")
    assert exported.mimetype == "text/csv" and "Solvang" not in exported.text and number in exported.text
    assert "blir kontrollert" in officer.submit(log, "log-check").text
    for who in ("teacher", "principal", "administrator"):
        browse(who).get("/access-log", status=404)


def test_every_act_the_log_can_show_is_in_words():
    told = (ROOT / "locale/nb/LC_MESSAGES").glob("*.po")
    words = set(
        re.findall(r'msgctxt "audit"\nmsgid "(\w+)"', "".join(each.read_text("utf-8") for each in told))
    )
    acts = set()
    for path in (ROOT / "casework").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("note", "note_attempt"):
                named = call.args[2:3] if getattr(call.func, "attr", "") == "note" else call.args[:1]
                acts |= {one.value for one in named if isinstance(one, ast.Constant)}
    assert len(acts) > 50 and acts - words == set()


def test_a_leader_asks_why_and_sees_each_rule(browse, town):
    case_id = town.case(services=("ppt",))
    leader = browse("principal")
    with town.begin("principal") as tx:
        number = cases.details(tx, case_id).head.number
    asking = leader.get("/reasons")
    lost = leader.submit(asking, "why-ask", status=422, person_id=town.people["colleague"], number="0-0")
    assert "ingen sak med dette nummeret" in lost.text
    answer = kept(leader.submit(asking, "why-ask", person_id=town.people["colleague"], number=number))
    for words in (
        "Ser ikke saken",
        "Har ingen del i saken",
        "Er ikke sperret ute",
        "Databasen viser ikke saken",
    ):
        assert words in answer.text, words
    holder = kept(leader.submit(asking, "why-ask", person_id=town.people["teacher"], number=number))
    assert (
        "Leser saken" in holder.text
        and "Holder stafettpinnen" in holder.text
        and "Skrive i loggen" in holder.text
    )
    browse("colleague").get(holder.path, status=404)


def test_what_each_role_may_do_is_shown_without_data_to_those_who_answer_for_it(browse, town):
    town.case()
    for who in ("principal", "coordinator", "administrator", "officer"):
        page = kept(browse(who).get("/roles"))
        assert "Stafettholder" in page.text
    visitor = browse("administrator")
    for role in Role:
        kept(visitor.get(f"/roles/{role.value}"))
    assert "Mine saker" in visitor.get("/roles/educator").text
    assert "leser derfor ingen" in visitor.get("/roles/manager").text
    visitor.get("/roles/king", status=404)
    browse("teacher").get("/roles", status=404)
