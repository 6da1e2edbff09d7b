"""Children and their families over the API."""

import uuid

import pytest

from casework import children
from tests.casework.test_children import synthetic

SIV = {"name": "Siv Berg", "relation": "co_parent"}


def ada(town, **more):
    unit = str(town.services["school"])
    return {"unit_id": unit, "first_name": "Ada", "last_name": "Berg", "born_on": "2016-05-02", **more}


def guardians(teacher, child_id):
    return teacher.get(f"/children/{child_id}/guardians").json()


def test_a_child_and_its_parents_are_registered_and_the_worry_is_about_it(call, town):
    teacher = call("teacher")
    child = teacher.post("/children", ada(town))
    assert child.status_code == 201
    child_id = child.json()["id"]
    assert [one["id"] for one in teacher.get("/children?q=ada").json()] == [child_id]
    added = teacher.post(f"/children/{child_id}/guardians", {**SIV, "phone": "00 00 00 01"})
    assert added.status_code == 201
    assert teacher.post("/signals", {"child_id": child_id, "observation": "Alene."}).status_code == 201
    (one,) = guardians(teacher, child_id)
    assert (one["id"], one["name"], one["responsible"], one["version"]) == (
        added.json()["id"],
        "Siv Berg",
        True,
        1,
    )


def test_the_same_key_registers_one_child_and_one_guardian(call, town, as_owner):
    teacher, keys = call("teacher"), [str(uuid.uuid4()) for _ in range(2)]
    first, second = (teacher.post("/children", ada(town), Idempotency_Key=keys[0]) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    path = f"/children/{first.json()['id']}/guardians"
    one, again = (teacher.post(path, SIV, Idempotency_Key=keys[1]) for _ in range(2))
    assert (one.status_code, again.status_code) == (201, 200)
    assert one.json()["id"] == again.json()["id"]
    rows = as_owner("SELECT count(*) FROM guardians WHERE child_id = :child", child=first.json()["id"])
    assert rows[0][0] == 1


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_child_that_is_there_already_is_told_of_in_the_callers_language(call, town, language):
    teacher = call("teacher", language=language)
    assert teacher.post("/children", ada(town)).status_code == 201
    refused = teacher.post("/children", ada(town))
    fault = refused.json()["errors"]["another"]
    assert refused.status_code == 422 and fault["code"] == "child_is_there"
    assert fault["text"] != "child is there"
    assert teacher.post("/children", ada(town, another=True)).status_code == 201


def test_an_identity_number_that_is_wrong_or_taken_is_a_fault_at_its_field(call, town):
    teacher, number = call("teacher"), synthetic(500)
    assert teacher.post("/children", ada(town, identity_number=number)).status_code == 201
    for given, code in ((number, "identity_number_taken"), ("²" * 11, "identity_number_wrong")):
        answer = teacher.post("/children", ada(town, first_name="Eva", identity_number=given))
        assert answer.status_code == 422
        assert {name: one["code"] for name, one in answer.json()["errors"].items()} == {
            "identity_number": code
        }


@pytest.mark.parametrize("who", ["carer", "coordinator", "administrator"])
def test_a_unit_one_does_not_work_in_is_not_found(call, town, who):
    assert call(who).post("/children", ada(town)).status_code == 404


def test_a_token_for_reading_registers_nobody(call, town):
    reader = call("teacher", scopes=("signals:read",))
    child_id = town.child()
    town.worry(child_id)
    guardian_id = guardians(reader, child_id)[0]["id"]
    assert reader.post("/children", ada(town)).status_code == 403
    assert reader.post(f"/children/{child_id}/guardians", SIV).status_code == 403
    assert reader.put(f"/guardians/{guardian_id}", SIV).status_code == 403


def test_a_guardian_is_changed_once_from_the_version_that_was_read(call, town):
    child_id = town.child(guardians=1)
    town.worry(child_id)
    teacher, key = call("teacher"), str(uuid.uuid4())
    (mother,) = guardians(teacher, child_id)
    path, new = f"/guardians/{mother['id']}", {**SIV, "email": "siv@example.test", "language": "se"}
    first, second = (teacher.put(path, new, If_Match='"1"', Idempotency_Key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    (now,) = guardians(teacher, child_id)
    assert (now["name"], now["email"], now["language"], now["version"]) == (
        "Siv Berg",
        "siv@example.test",
        "se",
        2,
    )
    home = f"/children/{child_id}/home"
    half = teacher.put(home, {"street": "Storgata 1", "postal_code": "90"}).json()["errors"]
    assert half["postal_code"]["code"] == "postal_code_wrong"
    told = teacher.put(home, {"street": "Storgata 1", "postal_code": "9008"})
    assert told.status_code == 200 and "Storgata" not in f"{told.json()}{guardians(teacher, child_id)}"
    late = teacher.put(path, {**SIV, "name": "Sen"}, If_Match='"1"')
    assert (late.status_code, late.json()["version"]) == (412, 2)
    bad = teacher.put(path, {**SIV, "email": "siv", "relation": "aunt"})
    assert {name: one["code"] for name, one in bad.json()["errors"].items()} == {
        "email": "email_wrong",
        "relation": "choose_one",
    }


def test_a_family_is_not_found_by_somebody_who_does_not_meet_the_child(call, town):
    child_id = town.child()
    town.worry(child_id)
    with town.begin("teacher") as tx:
        guardian_id = children.guardians(tx, child_id)[0].id
    for who in ("colleague", "carer", "adviser"):
        caller = call(who)
        answers = (
            caller.get(f"/children/{child_id}/guardians"),
            caller.put(f"/guardians/{guardian_id}", SIV),
            caller.put(f"/children/{child_id}/home", {"street": "Storgata 1", "postal_code": "9008"}),
            caller.get(f"/children/{uuid.uuid4()}/guardians"),
        )
        assert {answer.status_code for answer in answers} == {404}
    assert call("carer").post(f"/children/{child_id}/guardians", SIV).status_code == 404


def test_reading_the_guardians_is_in_the_trail(call, town, as_owner):
    child_id = town.child()
    town.worry(child_id)
    guardians(call("teacher"), child_id)
    acts = as_owner("SELECT act FROM audit WHERE file_id = :child ORDER BY seq DESC LIMIT 1", child=child_id)
    assert [row.act for row in acts] == ["read_family"]
