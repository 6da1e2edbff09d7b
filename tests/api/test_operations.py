"""The operator's desk through the door for machines: figures and ids, and acts that need a reason."""

import pytest

from casework import operations
from casework.access import Actor


@pytest.fixture
def row(town, as_owner):
    """The one outbox row that waits."""
    as_owner("DELETE FROM outbox")
    with town.casework.begin(Actor.system()) as tx:
        tx.start_flow("send-notices")
        operations.reported(tx, [operations.Report("remind", scheduled=True)])
    with town.begin("operator") as tx:
        return str(operations.desk(tx).rows[0].id)


def test_an_operators_token_passes_a_row_by_once_and_the_desk_tells_why(call, row):
    operator = call("operator")
    assert row in [one["id"] for one in operator.get("/operations").json()["rows"]]
    path = f"/operations/rows/{row}/skip"
    first, again = (
        operator.post(path, {"reason": "Klokka gjør det samme"}, Idempotency_Key="k-skip") for _ in range(2)
    )
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    desk = operator.get("/operations").json()
    assert row not in [one["id"] for one in desk["rows"]]
    told = [(one["kind"], one["target"]) for one in desk["acts"] if one["reason"] == "Klokka gjør det samme"]
    assert told == [("skip", "send-notices")], "once, whatever was sent twice"


def test_without_a_reason_nothing_is_done_and_what_is_missing_is_said(call, row):
    refused = call("operator").post(f"/operations/rows/{row}/again", {"reason": " "})
    assert refused.status_code == 422 and "reason" in refused.text


def test_a_flow_asked_to_stand_still_is_shown_as_asked_and_an_unknown_one_is_not_found(call, row):
    operator = call("operator")
    assert operator.post("/operations/flows/remind/pause", {"reason": "Vedlikehold"}).status_code == 200
    flows = {one["name"]: one["asked"] for one in operator.get("/operations").json()["flows"]}
    assert flows["remind"] == "pause"
    assert operator.post("/operations/flows/nobody/pause", {"reason": "x"}).status_code == 404


def test_a_token_for_reading_does_not_act_and_others_find_no_desk(call, row):
    reading = call("operator", scopes=("operations:read",))
    assert reading.get("/operations").status_code == 200
    assert reading.post(f"/operations/rows/{row}/skip", {"reason": "x"}).status_code == 403
    assert call("administrator").get("/operations").status_code == 404
