"""Pregnancies and groups over the API: made once, refused at the field, and not found by whoever they are not for."""

import uuid

import pytest

from casework import children

EXPECTED = "2027-03-03"
BIRTH = {"first_name": "Ask", "last_name": "Nes", "born_on": "2026-11-24", "other_name": "Ola Vik"}


def kari(town, **more):
    unit = str(town.services["health"])
    return {"unit_id": unit, "first_name": "Kari", "last_name": "Nes", "expected_on": EXPECTED, **more}


@pytest.fixture
def expecting(call, town):
    """A pregnancy the nurse has registered, her caller, and its case."""
    nurse = call("nurse")
    made = nurse.post("/pregnancies", kari(town)).json()["id"]
    return nurse, made, town.case(by="nurse", child_id=uuid.UUID(made), child_said="")


def faults(answer):
    assert answer.status_code == 422, answer.text
    return {name: one["code"] for name, one in answer.json()["errors"].items()}


def test_a_pregnancy_is_registered_once_and_only_in_ones_own_unit(call, town, as_owner):
    nurse, key = call("nurse"), str(uuid.uuid4())
    made, again = (nurse.post("/pregnancies", kari(town), Idempotency_Key=key) for _ in range(2))
    assert (made.status_code, again.status_code) == (201, 200) and made.json() == again.json()
    [child] = nurse.get("/children?q=kari").json()
    assert (child["id"], child["kind"], child["born_on"]) == (made.json()["id"], "unborn", EXPECTED)
    other = nurse.post("/pregnancies", kari(town, last_name="Vik"), Idempotency_Key=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:stafetten:key_reused")
    wrong = faults(nurse.post("/pregnancies", kari(town, last_name=" ", expected_on="2028-03-03")))
    assert wrong == {"last_name": "write_something", "expected_on": "not_of_a_pregnancy"}
    assert faults(nurse.post("/pregnancies", kari(town, unit_id="school"))) == {
        "body.unit_id": "uuid_parsing"
    }
    assert call("teacher").post("/pregnancies", kari(town)).status_code == 404
    assert call("nurse", scopes=("signals:read",)).post("/pregnancies", kari(town)).status_code == 403
    assert as_owner("SELECT count(*) FROM children WHERE municipality_id = :t", t=town.id) == [(1,)]


def test_a_group_is_registered_once_by_name_and_only_in_ones_own_unit(call, town):
    teacher, key = call("teacher"), str(uuid.uuid4())
    wanted = {"unit_id": str(town.services["school"]), "name": "4A"}
    made, again = (teacher.post("/groups", wanted, Idempotency_Key=key) for _ in range(2))
    assert (made.status_code, again.status_code) == (201, 200) and made.json() == again.json()
    assert [one["kind"] for one in teacher.get("/children?q=4a").json()] == ["group"]
    assert faults(teacher.post("/groups", wanted)) == {"name": "group_is_there"}
    assert faults(teacher.post("/groups", {**wanted, "name": " "})) == {"name": "write_something"}
    assert call("carer").post("/groups", {**wanted, "name": "4B"}).status_code == 404


def test_a_birth_is_recorded_once_from_the_version_that_was_read(call, town, expecting):
    nurse, pregnancy, case_id = expecting
    path, key = f"/pregnancies/{pregnancy}/birth", str(uuid.uuid4())
    assert call("teacher").post(path, BIRTH).status_code == 404
    assert nurse.post(path, BIRTH, If_Match='"7"').status_code == 412, "somebody has changed it"
    early = faults(nurse.post(path, {**BIRTH, "born_on": "2025-11-24", "other_relation": "aunt"}))
    assert early == {"born_on": "before_the_pregnancy", "other_relation": "choose_one"}
    born, again = (nurse.post(path, BIRTH, If_Match='"1"', Idempotency_Key=key) for _ in range(2))
    assert (born.status_code, again.status_code) == (200, 200)
    assert born.json()["id"] == again.json()["id"] == pregnancy
    [child] = nurse.get("/children?q=ask").json()
    assert (child["kind"], child["born_on"]) == ("child", "2026-11-24")
    family = [one["name"] for one in nurse.get(f"/children/{pregnancy}/guardians").json()]
    assert sorted(family) == ["Kari Nes", "Ola Vik"]
    assert nurse.post(path, BIRTH).status_code == 404, "there is no pregnancy any more"
    assert nurse.post(f"/pregnancies/{pregnancy}/end").status_code == 404
    assert nurse.get(f"/cases/{case_id}").json()["head"]["state"] == "level_1"


def test_the_end_of_a_pregnancy_closes_its_case_once_and_sends_the_family_nothing(
    call, town, expecting, as_owner
):
    nurse, pregnancy, case_id = expecting
    path, key = f"/pregnancies/{pregnancy}/end", str(uuid.uuid4())
    assert call("principal").post(path).status_code == 404
    assert nurse.post(path, If_Match='"7"').status_code == 412
    ended, again = (nurse.post(path, If_Match='"1"', Idempotency_Key=key) for _ in range(2))
    assert (ended.status_code, again.status_code) == (200, 200)
    assert nurse.get(f"/cases/{case_id}").json()["head"]["state"] == "closed"
    assert nurse.post(path).status_code == 404, "it has ended"
    letters = (
        "SELECT count(*) FROM notices WHERE case_id = :c AND guardian_id IS NOT NULL AND state <> 'dropped'"
    )
    assert as_owner(letters, c=case_id) == [(0,)]
    with town.begin("nurse") as tx:
        assert children.search(tx, "Kari") == []
