"""What every caller may rely on."""

import uuid

import pytest

ROUTES_BY_SCOPE = {"cases:read": "/cases", "signals:read": "/signals", "guides:read": "/guides"}


def test_without_a_token_nothing_is_told(client):
    answer = client.get("/api/v1/cases")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scope", ROUTES_BY_SCOPE)
def test_a_token_reaches_no_further_than_its_scopes(call, scope):
    others = tuple(other for other in ROUTES_BY_SCOPE if other != scope)
    assert call("teacher", scopes=others).get(ROUTES_BY_SCOPE[scope]).status_code == 403
    assert call("teacher", scopes=(scope,)).get(ROUTES_BY_SCOPE[scope]).status_code == 200


def test_somebody_elses_case_looks_like_no_case(call, town):
    case_id = town.case()
    theirs, nobodys = (call("colleague").get(f"/cases/{one}") for one in (case_id, uuid.uuid4()))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json() == nobodys.json()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_refusal_lists_everything_that_is_missing_in_the_callers_language(call, town, language):
    case_id = town.case()
    answer = call("teacher", language=language).post(
        f"/cases/{case_id}/level", {"to": "2", "when": "flere_tjenester"}
    )
    unmet = answer.json()["unmet"]
    assert answer.status_code == 422
    assert {"sharing_settled", "consent_to_share"} <= {one["code"] for one in unmet}
    assert all(one["text"] and "_" not in one["text"] for one in unmet)
    assert answer.headers["content-language"] == language


def test_the_same_key_is_done_once_and_answers_the_same(call, town, as_owner):
    case_id = town.case()
    teacher, key = call("teacher"), str(uuid.uuid4())
    first, second = (
        teacher.post(f"/cases/{case_id}/log", {"body": "Snakket med mor."}, Idempotency_Key=key)
        for _ in range(2)
    )
    rows = as_owner(
        "SELECT 1 FROM log_entries WHERE case_id = :case AND body = 'Snakket med mor.'", case=case_id
    )
    assert first.status_code == 201 and second.status_code == 200
    assert first.json()["id"] == second.json()["id"]
    assert len(rows) == 1


def test_a_key_used_for_something_else_is_refused(call, town):
    case_id = town.case()
    teacher, key = call("teacher"), str(uuid.uuid4())
    teacher.post(f"/cases/{case_id}/log", {"body": "Ett."}, Idempotency_Key=key)
    answer = teacher.post(f"/cases/{case_id}/log", {"body": "To."}, Idempotency_Key=key)
    assert answer.status_code == 422 and answer.json()["type"] == "urn:stafetten:key_reused"


def test_a_stale_version_is_refused_with_who_changed_it(call, town):
    case_id = town.case()
    teacher, leader = call("teacher"), call("principal")
    tag = teacher.get(f"/cases/{case_id}").headers["etag"]
    leader.post(f"/cases/{case_id}/log", {"body": "Fra rektor."})
    answer = teacher.post(f"/cases/{case_id}/log", {"body": "Min."}, If_Match=tag)
    assert answer.status_code == 412
    assert [change["by"] for change in answer.json()["changes"]] == ["Principal Test"]


@pytest.mark.parametrize(
    "body", [{"body": "x\x00y"}, {"body": "x", "colour": "red"}, {"body": ["x"]}, {}, {"body": "x" * 30_000}]
)
def test_bad_input_is_refused_and_nothing_is_written(call, town, as_owner, body):
    case_id = town.case()
    before = as_owner("SELECT count(*) FROM log_entries WHERE case_id = :case", case=case_id)
    answer = call("teacher").post(f"/cases/{case_id}/log", body)
    assert answer.status_code == 422 and answer.json()["errors"]
    assert as_owner("SELECT count(*) FROM log_entries WHERE case_id = :case", case=case_id) == before


def test_a_list_is_read_a_page_at_a_time_without_gaps_or_doubles(call, town):
    wanted = {str(town.case(child_id=town.child(first=f"Barn{n}"))) for n in range(5)}
    teacher, seen, after = call("teacher"), [], ""
    while True:
        page = teacher.get(f"/cases?limit=2{after}").json()
        seen += [one["id"] for one in page["cases"]]
        if not page["next_cursor"]:
            break
        after = f"&after={page['next_cursor']}"
    assert sorted(seen) == sorted(wanted)


def test_a_guide_is_checked_without_being_kept(call):
    answer = call("administrator").post("/guides/check", {"source": "levels: nowhere"})
    assert answer.status_code == 200 and answer.json()[0]["line"] == 1
