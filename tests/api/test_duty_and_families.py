"""What duty in child welfare and those around a family do, over the API."""

from datetime import date

from casework import families
from casework.access import Actor

ADA = {"first_name": "Ada", "last_name": "Solvang", "born_on": "2016-03-04", "emergency": "in_danger"}


def test_duty_reads_in_an_emergency_and_its_leader_reviews_it(call, town, clock):
    town.case(child_id=town.child(first="Ada", born=date(2016, 3, 4)))
    duty, leader = call("worker"), call("welfare_leader")
    assert call("teacher").post("/emergency-reads", {**ADA, "reason": "Vil vite."}).status_code == 404
    faults = duty.post("/emergency-reads", {**ADA, "reason": ""}).json()["errors"]
    assert list(faults) == ["reason"]
    made = duty.post("/emergency-reads", {**ADA, "reason": "Naboen ringte."}, Idempotency_Key="e1")
    path = f"/emergency-reads/{made.json()['id']}"
    again = duty.post("/emergency-reads", {**ADA, "reason": "Naboen ringte."}, Idempotency_Key="e1")
    assert (made.status_code, again.json()) == (201, made.json())
    behind = duty.get(f"{path}/behind").json()
    assert (behind["child_name"], behind["holder_name"]) == ("Ada Solvang", "Teacher Test")
    assert leader.get(f"{path}/behind").status_code == 404, "that it was done, not what was seen"
    seen = leader.get(path)
    assert seen.json()["may_review"] and seen.headers["ETag"] == '"1"'
    verdict = {"verdict": "justified", "review": "Det hastet."}
    assert duty.post(f"{path}/review", verdict).status_code == 404, "nobody reviews their own"
    assert leader.post(f"{path}/review", verdict, If_Match='"1"').status_code == 200
    assert leader.post(f"{path}/review", verdict, If_Match='"1"').status_code == 412
    assert duty.get("/emergency-reads").json()[0]["verdict"] == "justified"
    reader = call("worker", scopes=("reports:read", "reports:write"))
    assert reader.get("/emergency-reads").status_code == 403, "a key for reports opens no glass"
    clock.at = clock.at.replace(hour=20)
    assert duty.get(f"{path}/behind").status_code == 404, "closed after four hours"


def test_a_concern_is_reported_from_a_worry_or_a_case_and_the_sender_hears_who_opened_it(call, town):
    teacher, duty = call("teacher"), call("worker")
    worry, case = town.worry(town.child(first="Even")), town.case()
    for path in (f"/signals/{worry}", f"/cases/{case}"):
        assert call("colleague").post(f"{path}/concern-reports", {"worry": "Redd."}).status_code == 404
        made = teacher.post(f"{path}/concern-reports", {"worry": "Redd for å gå hjem."})
        assert made.status_code == 201
        assert duty.get(f"/concern-reports/{made.json()['id']}").json()["worry"] == "Redd for å gå hjem."
        opened = teacher.get(f"/concern-reports/{made.json()['id']}").json()
        assert (opened["state"], opened["opened_by"]) == ("opened", "Worker Test")


def test_a_parent_is_let_in_and_answered_and_the_childs_view_is_read(call, town, casework):
    case = town.case()
    teacher = call("teacher")
    child = teacher.get(f"/cases/{case}").json()["head"]["child"]
    guardians = teacher.get(f"/children/{child['id']}/guardians").json()
    mother = next(one["id"] for one in guardians if one["relation"] == "mother")
    asked = {"guardian_id": mother}
    assert call("colleague").post(f"/cases/{case}/family-codes", asked).status_code == 404
    code = teacher.post(f"/cases/{case}/family-codes", asked, Idempotency_Key="c1")
    assert code.status_code == 201 and code.json()["to"] == "Lena Myrvold"
    again = teacher.post(f"/cases/{case}/family-codes", asked, Idempotency_Key="c1")
    assert code.json()["code"] not in again.text, "a code is told once"
    with casework.begin(Actor.stranger()) as tx:
        member = families.by_code(tx, code.json()["code"], date(2017, 3, 14))
    with casework.begin(Actor.of_family(member)) as tx:
        families.say(tx, case, families.Say("question", "Når er møtet?"))
    [word] = teacher.get(f"/cases/{case}/family-words").json()
    assert word["body"] == "Når er møtet?" and word["answer_by"]
    path = f"/family-words/{word['id']}"
    assert call("nurse").get(path).status_code == 404
    assert teacher.post(f"{path}/answer", {"body": " "}).status_code == 422
    assert teacher.post(f"{path}/answer", {"body": "Torsdag."}, If_Match='"1"').json()["id"] == str(case)
    assert teacher.post(f"{path}/answer", {"body": "Fredag."}, If_Match='"1"').status_code == 412
    assert teacher.get(path).json()["answer"] == "Torsdag."
    [view] = teacher.get(f"/cases/{case}/child-views").json()
    assert view["words"] == "Det er kjedelig i friminuttet."
    assert call("colleague").get(f"/cases/{case}/child-views").status_code == 404


def test_one_steps_aside_and_the_leader_decides(call, town):
    case = town.case()
    teacher, leader = call("teacher"), call("principal")
    aside = {"tie": "friend", "reason": "Vi er naboer.", "stand_in_id": str(town.people["colleague"])}
    assert teacher.post(f"/cases/{case}/disqualifications", {**aside, "tie": "x"}).status_code == 422
    made = teacher.post(f"/cases/{case}/disqualifications", aside)
    assert made.status_code == 201 and teacher.get(f"/cases/{case}").status_code == 404
    path = f"/disqualifications/{made.json()['id']}"
    assert teacher.get("/disqualifications").json()[0]["mine"]
    assert teacher.post(f"{path}/assess", {"decision": "clear", "reason": "Nei."}).status_code == 404
    seen = leader.get(path)
    decided = {"decision": "clear", "reason": "Bor langt unna."}
    assert leader.post(f"{path}/assess", decided, If_Match=seen.headers["ETag"]).status_code == 200
    assert leader.get(path).json()["state"] == "cleared"


def test_the_officer_finds_a_child_has_the_trail_checked_and_asks_why(call, town):
    case = town.case()
    officer, teacher = call("officer"), call("teacher")
    number = teacher.get(f"/cases/{case}").json()["head"]["number"]
    assert teacher.post("/access-log/child", {"case_number": number}).status_code == 404
    child = officer.post("/access-log/child", {"case_number": number}).json()["id"]
    reads = officer.get(f"/access-log?child_id={child}").json()["lines"]
    assert reads and "Iben" not in str(reads)
    assert "Teacher Test" in str(officer.get("/access-log/people").json())
    assert officer.post("/access-log/check").status_code == 202
    assert officer.post("/access-log/child", {"case_number": "1999-0001"}).status_code == 422
    found = officer.get(f"/reasons/case?number={number}").json()["id"]
    assert found == str(case)
    assert officer.get(f"/cases/{found}/reasons/{town.people['colleague']}").status_code == 200
    assert "Colleague Test" in str(officer.get("/reasons/people").json())
