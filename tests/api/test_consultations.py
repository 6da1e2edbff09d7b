"""Questions without a child over the API."""


def test_a_question_goes_all_the_way_to_knowledge_and_to_the_case_over_the_api(call, town):
    teacher, adviser = call("teacher"), call("adviser")
    [ppt] = [one for one in teacher.get("/consultations/services").json() if one["name"] == "Fjordvik ppt"]
    body = {
        "service_id": ppt["id"],
        "age_band": "middle",
        "sector": "school",
        "theme": "learning",
        "question": "En elev leser lite. Ring 912 34 567.",
    }
    refused = teacher.post("/consultations", body)
    assert refused.status_code == 422 and "telefonnummer" in refused.text
    made = teacher.post("/consultations", {**body, "question": "En elev leser lite."}, Idempotency_Key="k1")
    path = f"/consultations/{made.json()['id']}"
    assert made.status_code == 201 and call("colleague").get(path).status_code == 404
    [seen] = adviser.get("/consultations/received").json()
    assert (seen["asker"], seen["answer_by"]) == ("", "2026-12-01")
    assert adviser.post(f"{path}/answer", {"body": "Les sammen."}).status_code == 422, "nobody has taken it"
    assert adviser.post(f"{path}/take", If_Match='"1"').status_code == 200
    assert adviser.post(f"{path}/put-back", If_Match='"1"').status_code == 412
    assert adviser.post(f"{path}/answer", {"body": "Les sammen."}).status_code == 200
    assert (
        adviser.post(f"{path}/knowledge", {"question": "Leser lite", "answer": "Les sammen."}).status_code
        == 200
    )
    assert teacher.post(f"{path}/knowledge/agree").status_code == 200
    assert teacher.post(f"{path}/follow-up", {"body": "Hvor lenge?"}).status_code == 200
    assert adviser.post(f"{path}/answer", {"body": "Ti minutter."}).status_code == 200
    assert teacher.post(f"{path}/close", {}).status_code == 200
    found = teacher.get(path)
    assert found.headers["ETag"] == f'"{found.json()["question"]["version"]}"'
    assert len(found.json()["lines"]) == 4 and found.json()["question"]["state"] == "closed"
    [kept] = call("manager").get("/knowledge?q=les").json()
    assert call("manager").get(f"/knowledge/{kept['id']}").json()["answer"] == "Les sammen."
    shared, unshared = town.case(services=("ppt",)), town.case(child_id=town.child(first="Ada"))
    assert {one["id"]: one["reached"] for one in teacher.get(f"{path}/cases").json()} == {
        str(shared): True,
        str(unshared): False,
    }
    assert teacher.post(f"{path}/attach", {"case_id": str(unshared)}).status_code == 422
    assert teacher.post(f"{path}/attach", {"case_id": str(shared)}).json() == {"id": str(shared)}
    assert "Les sammen." in teacher.get(f"/cases/{shared}/log").text


def test_a_token_without_the_scope_asks_nothing(call):
    assert call("teacher", scopes=("cases:read",)).get("/consultations").status_code == 403
