"""Letters through the door for machines: receipts under a shared secret, choices, and what came nowhere."""

from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from api.app import create_api
from casework import notices, relays
from casework.access import Actor

SECRET = "a secret shared with the gateway 0123456789"


@pytest.fixture
def gateway(casework):
    """The gateway's calls; answers the status."""
    client = TestClient(create_api(casework, SimpleNamespace(sms_receipt_secret=SECRET)), root_path="/api")

    def tell(body, secret=SECRET):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return client.post("/api/v1/sms/receipts", json=body, headers=headers).status_code

    return tell


@pytest.fixture
def texted(town, as_owner):
    """A baton offered by text message, handed over as `gw-1`; answers how far it has come."""
    as_owner("UPDATE practitioners SET phone = '+4790000002' WHERE id = :p", p=town.people["colleague"])
    with town.begin("colleague") as tx:
        notices.choose(tx, notices.Choose((notices.Chosen("batons", "sms"),)))
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))

    def letter():
        with town.begin("teacher") as tx:
            return next(one for one in notices.of_case(tx, case_id) if one.kind == "baton_offered")

    with town.casework.begin(Actor.system()) as tx:
        notices.to_send(tx, letter().id, sms=True)
    with town.casework.begin(Actor.system()) as tx:
        notices.mark_sent(tx, letter().id, transport_id=f"gw-{letter().id}")
    return letter


def test_a_receipt_under_the_secret_marks_the_message_once(gateway, texted):
    receipt = {"id": f"gw-{texted().id}", "status": "delivered"}
    assert [gateway(receipt), gateway(receipt)] == [204, 204]
    assert texted().step == "delivered"


def test_a_message_that_did_not_arrive_is_a_task(gateway, texted, call):
    assert gateway({"id": f"gw-{texted().id}", "status": "failed", "code": "absent"}) == 204
    assert (texted().step, texted().bounce_code, texted().open_task) == ("bounced", "absent", True)
    assert "letter_bounced" in [one["kind"] for one in call("teacher").get("/notices").json()]


def test_without_the_secret_no_receipt_is_taken(gateway, texted, client, call):
    receipt = {"id": f"gw-{texted().id}", "status": "failed"}
    assert [gateway(receipt, "wrong"), gateway(receipt, "")] == [404, 404]
    assert client.post("/api/v1/sms/receipts", json=receipt).status_code == 404
    assert call("teacher").post("/sms/receipts", receipt).status_code == 404
    assert texted().step == "texted"


def test_a_receipt_for_nothing_of_ours_changes_nothing(gateway):
    assert gateway({"id": "nobody knows", "status": "delivered"}) == 204
    assert gateway({"id": "x", "status": "perhaps"}) == 422


def test_a_machine_may_choose_close_and_list_for_its_person(call, town, texted):
    teacher = call("teacher")
    assert (
        teacher.put("/notices/choices", {"choices": [{"about": "meetings", "way": "digest"}]}).status_code
        == 200
    )
    ways = {one["about"]: one["way"] for one in teacher.get("/notices/choices").json()["choices"]}
    assert (ways["meetings"], ways["batons"]) == ("digest", "mail")
    refused = teacher.put("/notices/choices", {"choices": [{"about": "batons", "way": "inside"}]})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["batons"])
    with town.casework.begin(Actor.system()) as tx:
        notices.texted(tx, f"gw-{texted().id}", arrived=False)
    path = f"/notices/{texted().id}/settle"
    assert teacher.post(path, {"how": "otherwise", "reason": ""}).status_code == 422
    [listed] = call("coordinator").get("/deliveries").json()
    assert listed["unmatched"] == "bounced"
    body = {"how": "otherwise", "reason": "Ga den over i møtet"}
    assert teacher.post(path, body, idempotency_key="k1").status_code == 200
    assert teacher.post(path, body, idempotency_key="k1").headers["idempotency-replayed"] == "true"
    assert call("coordinator").get("/deliveries").json() == []
    assert call("colleague").post(path, body).status_code == 404
    assert teacher.get("/deliveries").status_code == 404
