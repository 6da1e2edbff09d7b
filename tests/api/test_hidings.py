"""What is kept from the family, for machines."""

from casework import logs


def test_a_machine_lists_reads_keeps_and_shows(call, town):
    case_id = town.case()
    teacher = call("teacher")
    body = {"body": "Iben alene.", "for_family": False, "hidden_reason": "Fare", "hidden_until": "2026-12-03"}
    entry = teacher.post(f"/cases/{case_id}/log", body).json()["id"]
    [listed] = teacher.get(f"/cases/{case_id}/hidings").json()
    assert (listed["id"], listed["reason"], listed["until"]) == (entry, "Fare", "2026-12-03")
    found = teacher.get(f"/hidings/{entry}")
    tag = found.headers["ETag"]
    assert found.json()["thing"]["body"] == "Iben alene." and found.json()["may_answer"]
    path = f"/hidings/{entry}"
    faults = teacher.post(path, {"answer": "keep"})
    assert faults.status_code == 422 and faults.json()["errors"].keys() == {"reason", "until"}
    keep = {"answer": "keep", "reason": "Ny grunn", "until": "2027-01-10"}
    with town.begin("principal") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Noe nytt."))
    assert teacher.post(path, keep, If_Match=tag).status_code == 412
    tag = teacher.get(path).headers["ETag"]
    for _ in range(2):
        assert teacher.post(path, keep, If_Match=tag, Idempotency_Key="k1").json() == {"id": str(case_id)}
    assert [one["former_reason"] for one in teacher.get(path).json()["looks"]] == ["Fare"]
    assert call("principal").get(path).json()["may_answer"] is False
    assert call("principal").post(path, {"answer": "show"}).status_code == 403
    for who in ("colleague", "worker", "coordinator"):
        assert call(who).get(path).status_code == call(who).post(path, keep).status_code == 404
        assert call(who).get(f"/cases/{case_id}/hidings").status_code == 404
    assert teacher.post(path, {"answer": "show"}).status_code == 200
    assert teacher.get(f"/cases/{case_id}/hidings").json() == []
