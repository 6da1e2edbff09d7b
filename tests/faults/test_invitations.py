"""Processes are killed at every point of an invitation; afterwards each thing has happened once."""

import threading
import uuid
from collections import Counter
from datetime import date

import httpx
import pytest

from casework import audit
from casework.access import Actor
from tests.machinery import Machinery, invited, standing, wait_until
from workflows.connectors.prefect_api import PrefectApi, PrefectSettings

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("faults")]
MOMENTS = {
    "before": None,
    "as it is asked": 0.0,
    "as it is carried": 0.3,
    "as it is sent": 0.8,
}  # seconds after
# Each is struck where it has most in its hands, Prefect while it has nothing yet and believes that every place at the
# mail server is taken. `test_chaos` strikes at random.
BLOWS = (
    ("prefect", "before"),
    ("web", "as it is asked"),
    ("database", "as it is asked"),
    ("database", "as it is sent"),
    ("courier", "as it is carried"),
    ("worker", "as it is sent"),
)


@pytest.fixture(scope="module")
def machinery():
    with standing() as made:
        yield made


def test_whatever_dies_every_invitation_arrives_and_nothing_is_done_twice(machinery: Machinery):
    town, rounds = machinery.town, []
    caller = machinery.caller("teacher")
    for number, (victim, moment) in enumerate(BLOWS):
        child = town.child(first=f"Barn{number}", born=date(2016, 1, 1 + number))
        case_id = town.case(
            child_id=child, services=("ppt", "health"), to="2", when="samarbeid_andre_tjenester"
        )
        rounds.append((case_id, str(uuid.uuid4())))
        _round(machinery, caller, victim, MOMENTS[moment], *rounds[-1])
        wait_until(
            lambda case_id=case_id: invited(machinery, case_id) == ["sent", "sent"],
            f"both invitations sent after {victim} died {moment}",
        )
        wait_until(machinery.whole, f"{victim} runs again")
    wait_until(lambda: not machinery.rows("SELECT 1 FROM outbox WHERE done_at IS NULL"), "an empty outbox")
    asked = machinery.rows("SELECT case_id, count(*) FROM invitations GROUP BY case_id")
    assert dict(map(tuple, asked)) == {case_id: 2 for case_id, _key in rounds}
    mails = Counter(mail.id for mail in machinery.letters())
    assert len(mails) >= 2 * len(rounds), "every service has a letter for every case"
    _each_thing_once(machinery, [case_id for case_id, _key in rounds])


def _round(machinery: Machinery, caller, victim: str, after: float | None, case_id, key: str) -> None:
    services = machinery.town.services
    if victim == "prefect":
        _lose_every_place(machinery)
    asked = [{"service_id": str(services[name]), "needed": "Råd om lesing."} for name in ("ppt", "health")]
    killer = threading.Timer(after or 0.0, machinery.kill, (victim,))
    if after is None:
        killer.run()
    else:
        killer.start()
    caller.act(f"/cases/{case_id}/invitations", {"services": asked}, key=key)
    if after is not None:
        killer.join()


def _lose_every_place(machinery: Machinery) -> None:
    """As when Prefect's server dies after it has counted who sends, and before it has written down who that was."""
    settings = machinery.settings()
    api = PrefectApi(PrefectSettings(settings.prefect_api_url, settings.prefect_auth_string))
    wait_until(lambda: _all_taken(api, settings.mail_at_once), "every place is taken")
    api.close()


def _all_taken(api: PrefectApi, places: int) -> bool:
    try:
        return bool(
            api.post("v2/concurrency_limits/increment", names=["mail"], slots=places, mode="concurrency")
        )
    except httpx.HTTPStatusError:  # the worker has not said yet how many there are
        return False


def _each_thing_once(machinery: Machinery, cases: list) -> None:
    asked = machinery.rows("SELECT case_id, service_id, count(*) FROM invitations GROUP BY 1, 2")
    assert {row[0] for row in asked} == set(cases)
    assert [row for row in asked if row[2] != 1] == []
    notices = {
        row[0]: row[1] for row in machinery.rows("SELECT id, state FROM notices WHERE kind = 'invitation'")
    }
    assert set(notices.values()) == {"sent"}
    ids = Counter(mail.id.strip("<>").partition("@")[0] for mail in machinery.letters())
    assert {str(notice) for notice in notices} <= set(ids)
    receivers = {mail.id: mail.to for mail in machinery.letters()}
    assert len(receivers) == len(ids), "one message id, one receiver"
    entries = machinery.rows(
        "SELECT case_id, count(*) FROM log_entries WHERE code = 'services_invited' GROUP BY 1"
    )
    assert {row[1] for row in entries} == {1}
    with machinery.casework.begin(Actor.system()) as tx:
        assert audit.verify(tx) == []
        tx.without_trail()
