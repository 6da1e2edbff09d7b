"""Siblings as their holder, a guest in one file, and their mother meet them."""

import re
from datetime import date, timedelta


def test_two_files_are_linked_met_about_together_and_parted(browse, town):
    noah = town.case(child_id=town.child(first="Noah", born=date(2012, 5, 5)))
    iben = town.case()
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{iben}/siblings?other_case_id={noah}")
    assert "Lena Myrvold (Noah)" in page.text and "Anders Solvang (Iben)" in page.text
    people = re.findall(r'name="agreed"[^>]*value="([^"]+)"', page.html)
    people = people or re.findall(r'value="([0-9a-f-]{36} [0-9a-f-]{36})"', page.html)
    few = teacher.submit(page, "siblings-link", status=422, agreed=people[:3])
    assert "må ha sagt ja" in few.text
    linked = teacher.submit(page, "siblings-link", agreed=people)
    assert "Sakene er koblet." in linked.text and "Noah Solvang" in linked.text
    [link] = set(re.findall(rf"/cases/{iben}/siblings/[0-9a-f-]{{36}}(?=\")", linked.html))
    both = teacher.get(link)
    plan = {"title": "Fast leggetid", "goal": "Opplagte", "responsible_id": town.people["teacher"]}
    named = teacher.submit(both, "together-plan", status=422, **{**plan, "title": "Noah legger seg"})
    assert "Skriv det uten navn på barna" in named.text
    case = teacher.submit(both, "together-plan", **plan)
    assert "Fast leggetid" in case.text and "også for Noah" in case.text
    assert "Fast leggetid" in teacher.get(f"/cases/{noah}").text
    day = (town.casework.clock.now() + timedelta(days=5)).date()
    both = teacher.get(link)
    [father] = re.findall(r'name="family"[^>]*value="([0-9a-f-]{36} [0-9a-f-]{36})"', both.html)[:1]
    met = teacher.submit(both, "together-meet", day=day, place="Rom 2", family=[father, "child"])
    assert "også om Noah" in met.text
    [meeting] = set(re.findall(r"/meetings/[0-9a-f-]{36}", met.html))
    listed = teacher.get("/meetings")
    assert listed.text.count("Rom 2") == 1 and "Samme møte i den andre saken" in listed.text
    both_files = set(re.findall(r"/meetings/[0-9a-f-]{36}", listed.html))
    assert len(both_files) == 2, "both files are one step away"
    [other] = both_files - {meeting}
    assert "Anders Solvang, for Iben" in teacher.get(other).text, "who came is marked for both at once"
    page = teacher.get(meeting)
    assert "Dette er også møtet til Noah" in page.text and "Anders Solvang" in page.text
    moved = teacher.submit(
        teacher.get(f"{meeting}/move"), "meeting-move", reason="Sykdom", starts="10:00", ends="11:00"
    )
    assert "10.00" in moved.text and "10.00" in teacher.get(f"/cases/{noah}").text
    leader = browse("principal")
    assert "også om Noah" in leader.get(f"/cases/{iben}").text
    assert browse("colleague").get(f"/cases/{iben}/siblings", status=404)
    listed = teacher.get(f"/cases/{iben}/siblings")
    form = re.search(rf'action="({link}/end)"', listed.html)
    assert form and "Noah" in listed.text
