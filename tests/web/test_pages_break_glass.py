"""An emergency at night as people meet it: on a phone, with a loud banner, and the leader's desk the day after."""

import re
from datetime import timedelta


def test_a_night_on_duty_and_the_morning_after(browse, town, clock):
    town.case()
    worker = browse("worker")
    assert "/emergency-reads" in worker.get("/concern-reports").html
    page = worker.get("/emergency-reads/new")
    asked = {
        "first_name": "Iben",
        "last_name": "Solvang",
        "born_on": "2017-03-14",
        "emergency": "found_alone",
    }
    empty = worker.submit(page, "glass-break", status=422, **asked)
    assert empty.value("glass-break", "last_name") == "Solvang"
    wrong = worker.submit(
        page, "glass-break", status=422, **{**asked, "born_on": "2016-03-14"}, reason="Ved kaia."
    )
    assert "Vi finner ikke dette barnet" in wrong.text and "Ved kaia." in wrong.html
    shown = worker.submit(page, "glass-break", **asked, reason="Funnet ved kaia.")
    for words in ("Nødinnsyn. Det lukkes", "Iben Solvang", "Lena Myrvold", "Teacher Test", "Fjordvik school"):
        assert words in shown.text, words
    clock.at += timedelta(hours=5)
    worker = browse("worker")
    closed = worker.get(shown.path)
    assert "Iben" not in closed.text and "Funnet ved kaia." in closed.text

    leader = browse("welfare_leader")
    [link] = set(re.findall(r"/emergency-reads/[0-9a-f-]{36}", leader.get("/emergency-reads").html))
    reviewing = leader.get(link)
    assert "Iben" not in reviewing.text and "Funnet ved kaia." in reviewing.text
    leader.submit(reviewing, "glass-review", verdict="justified", review="Barnet var alene.")
    assert "Ja, det var grunn til det" in worker.get(link).text


def test_others_do_not_find_the_page(browse, town):
    for who in ("teacher", "nurse", "coordinator"):
        page = browse(who).get("/emergency-reads/new", status=404)
        assert "Vi finner ikke dette" in page.text and "glass-break" not in page.html, who
