"""From an act to the letter in the box, through real Prefect, worker, courier and mail server."""

import re
from datetime import timedelta

import psycopg
import pytest

from casework import coordinations, meetings, notices
from tests.machinery import Machinery, Mail, invited, standing, wait_until
from tests.workflows.reports import report

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("faults")]
SECRETS = ("Iben", "Solvang", "Lena Myrvold", "Sitter alene", "Råd om lesing", "Enige om søvn")


@pytest.fixture(scope="module")
def machinery():
    with standing() as made:
        yield made


@pytest.fixture(scope="module")
def case_id(machinery: Machinery):
    """A case at level 2 with PPT and health invited, and the letters sent."""
    town = machinery.town
    made = town.case(services=("ppt", "health"), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        asked = tuple(coordinations.Ask(town.services[name], "Råd om lesing.") for name in ("ppt", "health"))
        coordinations.invite(tx, made, asked)
    wait_until(lambda: invited(machinery, made) == ["sent", "sent"], "both invitations sent")
    return made


def letters_to(machinery: Machinery, address: str, *, at_least: int = 1) -> list[Mail]:
    """What has arrived in a box."""

    def there() -> list[Mail]:
        return [mail for mail in machinery.letters() if mail.to == address]

    wait_until(lambda: len(there()) >= at_least, f"{at_least} letters to {address}")
    return there()


def test_an_invitation_arrives_with_a_link_and_without_a_name(machinery: Machinery, case_id):
    rows = machinery.rows("SELECT s.mailbox, i.id FROM invitations i JOIN services s ON s.id = i.service_id")
    for mailbox, invitation_id in rows:
        [letter] = letters_to(machinery, mailbox)
        assert f"/invitations/{invitation_id}" in letter.text.replace("=\n", "")
        assert not [secret for secret in SECRETS if secret in letter.text]
        assert "Auto-Submitted: auto-generated" in letter.text


def test_a_meeting_is_the_same_calendar_entry_when_it_is_moved_and_when_it_is_called_off(machinery, case_id):
    town = machinery.town
    with town.begin("teacher") as tx:
        at = tx.now.replace(minute=0, second=0, microsecond=0) + timedelta(days=9)
        wanted = meetings.CallMeeting("joint", at, at + timedelta(hours=1), (town.people["teacher"],))
        meeting_id = meetings.call(tx, case_id, wanted)
    [address] = machinery.rows("SELECT email FROM practitioners WHERE id = :p", p=town.people["teacher"])[0]
    letters_to(machinery, address)
    with town.begin("teacher") as tx:
        later = at + timedelta(days=1)
        meetings.move_time(
            tx, meeting_id, starts_at=later, ends_at=later + timedelta(hours=1), reason="Sykdom"
        )
    letters_to(machinery, address, at_least=2)
    with town.begin("teacher") as tx:
        meetings.cancel(tx, meeting_id, reason="Ikke lenger nødvendig")
    entries = [mail.calendar for mail in letters_to(machinery, address, at_least=3)]
    assert {found(entry, "UID") for entry in entries} == {f"{meeting_id}@stafetten"}
    assert [found(entry, "METHOD") for entry in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    numbers = [int(found(entry, "SEQUENCE")) for entry in entries]
    assert numbers == sorted(set(numbers))
    assert not [secret for secret in SECRETS for entry in entries if secret in entry]


def found(entry: str, name: str) -> str:
    """A property of a calendar entry."""
    line = re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*?)\r?$", entry.replace("\r\n ", ""), re.MULTILINE)
    assert line is not None, f"no {name} in {entry}"
    return line[1].strip()


def test_a_letter_that_comes_back_is_the_holders_task_after_one_sweep(machinery: Machinery, case_id):
    [(notice_id, mailbox)] = machinery.rows(
        "SELECT n.id, s.mailbox FROM notices n JOIN services s ON s.id = n.service_id"
        " WHERE n.kind = 'invitation' AND s.id = :ppt AND n.case_id = :case",
        ppt=machinery.town.services["ppt"],
        case=case_id,
    )
    unread = machinery.settings().inbox_folder / "new"
    unread.mkdir(parents=True, exist_ok=True)
    (unread / "one").write_bytes(report(f"{notice_id}@demo.example", mailbox))

    machinery.tick("read-inbox")
    machinery.tick("reconcile-deliveries")
    machinery.tick("send-digests")

    with machinery.town.begin("teacher") as tx:
        found = next(one for one in notices.of_case(tx, case_id) if one.id == notice_id)
        told = [one.kind for one in notices.mine(tx)]
    assert (found.step, found.open_task, "letter_bounced" in told) == ("bounced", True, True)
    assert not list(unread.iterdir())
    [address] = machinery.rows(
        "SELECT email FROM practitioners WHERE id = :p", p=machinery.town.people["teacher"]
    )[0]
    wait_until(
        lambda: any(f"/cases/{case_id}/notices" in mail.text.replace("=\n", "") for mail in machinery.letters()
                    if mail.to == address),
        "the holder's letter about the letter",
    )  # fmt: skip


def test_prefect_remembers_ids_and_nothing_else(machinery: Machinery, case_id):
    names = machinery.rows("SELECT name, email FROM practitioners UNION SELECT name, mailbox FROM services")
    secrets = {*SECRETS, *(text for row in names for text in row if text)}
    held = everything_in_prefect(machinery)
    assert "coordination_id" in held, "the look would find what is there"
    assert [secret for secret in secrets if secret in held] == []


def everything_in_prefect(machinery: Machinery) -> str:
    """Every row of every table of Prefect's own database, as text."""
    with machinery.postgres.connect(database="stafetten_prefect") as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return "\n".join(_rows(connection, table) for (table,) in tables)


def _rows(connection: psycopg.Connection, table: str) -> str:
    found = connection.execute(
        f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t"
    ).fetchone()
    return str(found[0]) if found else ""


def test_without_prefect_an_act_is_done_and_its_letter_comes_later(machinery: Machinery):
    town = machinery.town
    case_id = town.case(
        services=("ppt",), to="2", when="samarbeid_andre_tjenester", child_id=town.child(first="Ada")
    )
    machinery.kill("prefect")
    asked = {"services": [{"service_id": str(town.services["ppt"]), "needed": "Råd om lesing."}]}
    machinery.caller("teacher").act(f"/cases/{case_id}/invitations", asked, key="once")
    assert invited(machinery, case_id) in (["queued"], ["sent"])
    wait_until(lambda: invited(machinery, case_id) == ["sent"], "the letter sent when Prefect is back")
