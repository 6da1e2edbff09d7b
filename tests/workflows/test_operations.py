"""Several workers share the work, no outside system is crowded, and operators see and stop what runs at Prefect."""

import asyncio
import os
import signal
from collections import Counter
from datetime import date

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from casework import coordinations, operations
from casework.access import Actor
from tests.machinery import Machinery, invited, wait_until
from tests.machinery import standing as standing_machinery
from workflows.connectors.prefect_api import PrefectApi, PrefectSettings

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("faults")]
AT_ONCE = 2
CASES = 4


class SlowMail:
    """A mail server that takes half a second over each letter, and counts how many it is given at once."""

    def __init__(self) -> None:
        self.at_once = self.most = 0
        self.taken: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """One letter."""
        del server, session
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0.5)
        self.at_once -= 1
        content = bytes(envelope.content or b"").decode()
        self.taken += [
            line[12:].strip() for line in content.splitlines() if line.lower().startswith("message-id: ")
        ]
        return "250 OK"


class Crowded(Machinery):
    """The machinery with two workers and a slow mail server that takes two letters at once."""

    mail: SlowMail

    def settings(self):  # type: ignore[no-untyped-def]
        return super().settings().model_copy(update={"mail_at_once": AT_ONCE})

    def _mail(self, progress, settings) -> None:  # type: ignore[no-untyped-def]
        del progress
        self.mail = SlowMail()
        self.controller = Controller(self.mail, hostname="127.0.0.1", port=settings.smtp_port)
        self.controller.start()

    def _prefect_and_its_hands(self, progress, settings) -> None:  # type: ignore[no-untyped-def]
        super()._prefect_and_its_hands(progress, settings)
        self.household.start(self._program("worker2", settings, arguments=("worker",)))


@pytest.fixture(scope="module")
def machinery():  # type: ignore[no-untyped-def]
    with standing_machinery(Crowded) as made:
        yield made
        made.controller.stop()


def asked(machinery: Crowded, first: int) -> list:  # type: ignore[type-arg]
    """Some cases, each with two services invited."""
    town, made = machinery.town, []
    for number in range(first, first + CASES):
        child = town.child(first=f"Barn{number}", born=date(2016, 1, 1 + number))
        case_id = town.case(
            child_id=child, services=("ppt", "health"), to="2", when="samarbeid_andre_tjenester"
        )
        with town.begin("teacher") as tx:
            wanted = tuple(coordinations.Ask(town.services[name], "Råd.") for name in ("ppt", "health"))
            coordinations.invite(tx, case_id, wanted)
        made.append(case_id)
    return made


def all_sent(machinery: Crowded, cases: list) -> bool:  # type: ignore[type-arg]
    return all(invited(machinery, case_id) == ["sent", "sent"] for case_id in cases)


def test_two_workers_share_the_letters_and_never_send_more_at_once_than_the_mail_server_takes(
    machinery: Crowded,
):
    cases = asked(machinery, 0)
    wait_until(lambda: all_sent(machinery, cases), "every invitation sent", seconds=150)
    assert machinery.mail.most == AT_ONCE, "both places are used, and no third"
    assert set(Counter(machinery.mail.taken).values()) == {1}, "each letter once"
    workers = machinery.rows("SELECT place FROM contacts WHERE name = 'worker'")
    assert len(workers) == 2, "both have given a sign of life"


def test_a_worker_that_dies_leaves_its_work_to_the_other(machinery: Crowded):
    cases = asked(machinery, CASES)
    wait_until(lambda: machinery.mail.at_once > 0, "a letter is being sent")
    os.kill(machinery.pid("worker2"), signal.SIGKILL)
    # A place the dead worker held is given back when its lease runs out, a minute later.
    wait_until(lambda: all_sent(machinery, cases), "every invitation sent", seconds=240)


def test_the_courier_sees_prefects_flows_and_stops_the_one_it_is_asked_to(machinery: Crowded):
    def seen() -> dict[str, operations.Flow]:
        with machinery.town.begin("operator") as tx:
            return {flow.name: flow for flow in operations.desk(tx).flows}

    wait_until(lambda: "invite-services" in seen(), "the flows are reported", seconds=60)
    wait_until(
        lambda: seen()["invite-services"].succeeded_at is not None, "its success is reported", seconds=60
    )
    assert seen()["remind"].scheduled
    with machinery.town.begin("operator") as tx:
        operations.pause(tx, "remind", reason="Feil i guiden")
    wait_until(lambda: seen()["remind"].paused, "the clock stands", seconds=60)
    with machinery.casework.begin(Actor.system()) as tx:
        assert operations.stops(tx) == []
    settings = machinery.settings()
    api = PrefectApi(PrefectSettings(settings.prefect_api_url, settings.prefect_auth_string))
    try:
        [remind] = [one for one in api.deployments() if one["name"] == "remind"]
        assert remind["paused"]
        assert machinery.pid("worker") > 0
        os.kill(machinery.pid("worker"), signal.SIGKILL)
        before = machinery.rows("SELECT count(*) FROM contacts WHERE name = 'worker'")[0][0]
        wait_until(
            lambda: machinery.rows("SELECT count(*) FROM contacts WHERE name = 'worker'")[0][0] > before,
            "a new worker has registered every flow",
        )
        [remind] = [one for one in api.deployments() if one["name"] == "remind"]
        assert remind["paused"], "a new worker does not set it going"
    finally:
        api.close()
