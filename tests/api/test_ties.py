"""A tie the registers show, for machines."""

from casework import concern_reports, relays


def test_a_machine_says_that_the_tie_is_considered_or_is_told_that_it_must(call, town):
    child_id = town.child(last="Test")
    case_id = town.case(child_id=child_id)
    with town.begin("teacher") as tx:
        wanted = relays.OfferBaton(town.people["colleague"], family_told_on=tx.today)
        baton = relays.offer(tx, case_id, wanted)
    with town.begin("teacher") as tx:
        report = concern_reports.about_child(tx, child_id, concern_reports.SendReport("Blåmerker."))
    colleague, worker = call("colleague"), call("worker")
    assert colleague.get(f"/batons/{baton}").json()["signs"] == ["same_name"]
    for refused in (colleague.post(f"/batons/{baton}/accept"), worker.get(f"/concern-reports/{report}")):
        assert refused.status_code == 422
        assert refused.json()["errors"]["considered"]["code"] == "consider_tie"
        assert refused.json()["errors"]["considered"]["text"].startswith("Det kan være en tilknytning")
    assert colleague.post(f"/batons/{baton}/accept", {"considered": True}).status_code == 200
    assert worker.get(f"/concern-reports/{report}?considered=true").json()["state"] == "opened"
    moved = {"to_id": str(town.people["teacher"]), "reason": "Byttet tilbake."}
    path = f"/cases/{case_id}/baton/take-over"
    assert call("principal").post(path, moved).json()["errors"].keys() == {"considered"}
    assert call("principal").post(path, {**moved, "considered": True}).status_code == 200


def test_a_machine_that_opens_a_case_is_told_that_the_tie_must_be_considered(call, town):
    path = f"/signals/{town.worry(town.child(last='Test'))}/raise"
    wanted = {
        "to": "1", "when": "innsats_egen_enhet", "holder_id": str(town.people["teacher"]),
        "guardians_told_on": "2026-11-24", "child_said": "Det er kjedelig.",
    }  # fmt: skip
    assert call("teacher").post(path, wanted).json()["errors"].keys() == {"considered"}
    assert call("teacher").post(path, {**wanted, "considered": True}).status_code in (200, 201)
