"""The malware scan: a scanner asked over its real protocol, and what becomes of its answers and its faults."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from casework import attachments
from casework.access import Actor
from casework.attachments import PutAttachment, TakeAway
from server import doctor
from server.settings import Settings
from tests import papers
from tests.workflows.servers import Scanner, free, scanner
from workflows import wiring
from workflows.attachments import scan_attachments, sweep_attachments
from workflows.connectors.scanner import ScannerFault, ScannerSettings, scan


def asked(address, content=papers.PDF):
    return scan(ScannerSettings(address, connect=0.5, patience=0.5), content)


def test_the_scanner_is_shown_every_byte_and_says_who_it_is(tmp_path):
    told = Scanner()
    large = papers.PDF + bytes(200_000)
    with scanner(told) as by_port, scanner(told, tmp_path / "clamd.ctl") as by_socket:
        clean, found = asked(by_port, large), asked(by_socket, papers.EICAR)
    assert (clean.infected, clean.scanner.partition("/")[0]) == (False, "ClamAV 1.4.1")
    assert (found.infected, found.finding) == (True, "Eicar-Signature")
    assert told.seen == [large, papers.EICAR]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Scanner(stall=1.5), "TimeoutError"),
        (Scanner(limit=10), "scanner_limit"),
        (Scanner(answers="stream: Can't allocate memory ERROR"), "scanner_refused"),
        (Scanner(answers="OK"), "scanner_refused"),
        (Scanner(answers=""), "scanner_refused"),
        (Scanner(answers="stream: OK\0 and more"), "scanner_refused"),
        (Scanner(answers="x" * 9000), "scanner_silent"),
    ],
)
def test_whatever_is_neither_yes_nor_no_is_a_fault_and_never_clean(told, code):
    with scanner(told) as address, pytest.raises(ScannerFault) as fault:
        asked(address)
    assert fault.value.code == code


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:{port}", "unix:/nowhere/clamd.ctl", "http://x", "tcp://h:x", "x"]
)
def test_a_scanner_that_is_not_there_is_a_fault(address):
    with pytest.raises(ScannerFault):
        asked(address.format(port=free()))


@pytest.fixture
def wired(casework, monkeypatch):
    """The worker with a scanner at an address, or with none."""

    def wire(address=None):
        made = SimpleNamespace(
            begin=lambda: casework.begin(Actor.system("worker")),
            scanner=ScannerSettings(address, 0.5, 0.5) if address else None,
        )
        monkeypatch.setattr(wiring, "_wired", [made])

    return wire


def test_what_is_put_is_scanned_and_what_was_left_is_swept_up_when_a_scanner_comes_back(
    town, wired, as_owner
):
    case_id = town.case()
    put = []
    for title, content in (("Rapport", papers.PDF), ("Skadelig", papers.EICAR), ("Feil", papers.TEXT)):
        with town.begin("teacher") as tx:
            put.append(attachments.put(tx, case_id, PutAttachment(title, content)))
    with town.begin("teacher") as tx:
        attachments.take_away(tx, put[2], TakeAway("Feil barn"))

    def marks():
        with town.begin("teacher") as tx:
            found = {one.id: one.scan_state for one in attachments.shown(tx, case_id)}
        return [found[one] for one in put]

    rows = as_owner(
        "SELECT id, ids ->> 'attachment_id' AS wanted FROM outbox WHERE flow = 'scan-attachments'"
        " AND ids ->> 'attachment_id' = ANY (:put) ORDER BY created_at",
        put=[str(one) for one in put],
    )
    wired()
    scan_attachments.fn(rows[0].wanted, str(rows[0].id))
    wired(f"tcp://127.0.0.1:{free()}")
    scan_attachments.fn(rows[1].wanted, str(rows[1].id))
    sweep_attachments.fn()
    assert marks() == ["not_scanned"] * 3, "no scanner, or one that is away: never clean"
    unfinished = "SELECT count(*) FROM outbox WHERE id = ANY (:rows) AND done_at IS NULL"
    assert as_owner(unfinished, rows=[rows[0].id, rows[1].id]) == [(0,)]
    told = Scanner()
    with scanner(told) as address:
        wired(address)
        sweep_attachments.fn()
        scan_attachments.fn(str(put[2]))
        scan_attachments.fn(str(uuid4()))
    assert marks() == ["clean", "infected", "not_scanned"]
    assert papers.TEXT not in told.seen, "what has been taken away is shown to nobody"
    [(by, finding)] = as_owner("SELECT scanned_by, finding FROM attachments WHERE id = :id", id=put[1])
    assert by.startswith("ClamAV 1.4.1/27500") and finding == "Eicar-Signature"
    acts = as_owner(
        "SELECT act, body FROM audit WHERE file_id = :case AND act = 'scan_attachment'", case=case_id
    )
    assert len(acts) == 2 and not any("Skadelig" in row.body for row in acts)


def test_the_doctor_says_whether_there_is_a_scanner_and_whether_it_answers():
    def said(**given):
        return {one.code for one in doctor.scanner_problems(Settings(**given))}

    assert said(environment="production") == {"scanner_missing"}
    assert said(environment="development") == set()
    assert said(scanner=f"tcp://127.0.0.1:{free()}") == {"scanner_unreachable"}
    assert said(scanner="clamd.example") == {"scanner_unreachable"}
    with scanner(Scanner()) as address:
        assert said(scanner=address, environment="production") == set()
    far = {"scanner": "tcp://scanner.kommune.example:3310"}
    assert "scanner_plain" in said(environment="production", **far)
