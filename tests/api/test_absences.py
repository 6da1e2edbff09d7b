"""Days away, all batons at once, and what is left lying, over the API."""

from datetime import timedelta

from casework import drifts
from casework.access import Actor


def test_days_away_are_registered_changed_and_ended(call, town):
    teacher = call("teacher")
    away = {"from_on": "2026-11-24", "until_on": "2026-12-01", "substitute_id": str(town.people["colleague"])}
    made = teacher.post("/absences", away)
    assert made.status_code == 201
    [row] = teacher.get("/absences").json()
    assert (row["state"], row["substitute_name"]) == ("now", "Colleague Test")
    path = f"/absences/{made.json()['id']}"
    assert teacher.get(path).headers["ETag"] == '"1"'
    assert call("adviser").get(path).status_code == 404
    assert teacher.post(f"{path}/end", {}).status_code == 200
    assert teacher.get("/absences").json() == []


def test_a_leader_registers_for_a_colleague_and_moves_every_baton(call, town):
    town.case()
    leader, who = call("principal"), town.people["teacher"]
    day = {"from_on": "2026-11-24", "until_on": "2027-01-24"}
    assert leader.post(f"/people/{who}/absences", day).status_code == 201
    assert call("adviser").post(f"/people/{who}/absences", day).status_code == 404
    assert [one["batons"] for one in leader.get("/units/batons").json()] == [1]
    wanted = {"reason": "Permisjon", "to_id": str(town.people["colleague"])}
    assert call("colleague").post(f"/people/{who}/batons", wanted).status_code == 404
    assert leader.post(f"/people/{who}/batons", wanted).json() == {"moved": 1}
    assert [one["name"] for one in leader.get("/units/batons").json()] == ["Colleague Test"]


def test_what_is_left_lying_is_listed_and_put_off(call, town, clock):
    town.case()
    clock.at += timedelta(days=31)
    with town.casework.begin(Actor.system()) as tx:
        drifts.hunt(tx)
    teacher = call("teacher")
    [found] = teacher.get("/drifts").json()
    assert found["kind"] == "no_activity"
    off = {"until": "2027-01-10", "reason": "Ferie"}
    assert call("principal").post(f"/drifts/{found['id']}/snooze", off).status_code == 404
    assert teacher.post(f"/drifts/{found['id']}/snooze", off).status_code == 200
    assert teacher.get("/drifts").json() == []
    assert len(teacher.get("/drifts?snoozed=true").json()) == 1
    assert "child_name" not in call("coordinator").get("/drifts/overview").text
