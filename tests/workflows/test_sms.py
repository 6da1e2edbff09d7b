"""The contract with a text message gateway: what it is told, and what its answers mean."""

import base64

import pytest

from tests.workflows.servers import Gateway, free, gateway
from workflows.connectors import sms


def send(url: str, **more: object) -> str:
    settings = sms.SmsSettings(url, timeout=0.5, **more)  # type: ignore[arg-type]
    return sms.send(
        settings, message_id="n-1", to="+4790000000", text="Du har en melding fra Fjordvik kommune."
    )


def test_a_message_is_handed_over_once_under_its_own_id():
    told = Gateway(answer={"id": "gw-7"})
    with gateway(told) as url:
        assert send(url, token="hemmelig", sender="Fjordvik") == "gw-7"
    [(headers, body)] = told.asked
    assert headers["authorization"] == "Bearer hemmelig"
    assert headers["idempotency-key"] == "n-1"
    assert body == {
        "id": "n-1",
        "from": "Fjordvik",
        "to": "+4790000000",
        "text": "Du har en melding fra Fjordvik kommune.",
    }


def test_a_gateway_may_ask_for_user_and_password():
    told = Gateway(status=202)
    with gateway(told) as url:
        send(url, token="kommune:hemmelig")
    expected = base64.b64encode(b"kommune:hemmelig").decode()
    assert told.asked[0][0]["authorization"] == f"Basic {expected}"


@pytest.mark.parametrize("answer", [{}, [], "ok", {"id": None}, {"id": {"x": 1}}])
def test_a_gateway_without_ids_of_its_own_answers_under_ours(answer):
    with gateway(Gateway(answer=answer)) as url:
        assert send(url) == "n-1"


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (422, True), (401, False), (429, False), (500, False), (503, False)],
)
def test_refused_for_good_and_refused_for_now_are_told_apart(status, permanent):
    with gateway(Gateway(status=status)) as url, pytest.raises(sms.SmsRefused) as refused:
        send(url)
    assert (refused.value.code, refused.value.permanent) == (f"sms_{status}", permanent)


def test_a_gateway_that_stalls_does_not_hold_the_sender():
    with gateway(Gateway(stall=1.5)) as url, pytest.raises(sms.SmsRefused) as refused:
        send(url)
    assert (refused.value.code, refused.value.permanent) == ("ReadTimeout", False)


def test_a_gateway_that_is_not_there_is_tried_again():
    with pytest.raises(sms.SmsRefused) as refused:
        send(f"http://127.0.0.1:{free()}/messages")
    assert (refused.value.code, refused.value.permanent) == ("ConnectError", False)
