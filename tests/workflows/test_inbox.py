"""Letters that come back, from the server that took them to the task on the holder's page."""

from datetime import timedelta
from email import message_from_bytes, policy
from types import SimpleNamespace
from uuid import uuid4

import pytest

from casework import coordinations, meetings, notices
from tests.workflows.reports import report
from tests.workflows.servers import (
    Gateway,
    Mailbox,
    Post,
    certificate,
    free,
    gateway,
    imap_server,
    mail_server,
)
from workflows import inbox as flow
from workflows import wiring
from workflows.connectors import inbox
from workflows.notices import send_one

DOMAIN = "demo.example"


def answer(uid: str, attendee: str, *, sender: str | None = None, partstat: str = "ACCEPTED") -> bytes:
    """What a calendar sends when somebody answers an invitation."""
    return (
        f"From: {sender or attendee}\r\nTo: stafetten@demo.example\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nJa\r\n'
        "--b\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
        "BEGIN:VCALENDAR\r\nPRODID:-//X//X//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nSEQUENCE:0\r\nDTSTAMP:20261124T110000Z\r\nATTENDEE;PARTSTAT={partstat}:mailto:{attendee}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_names_our_letter_the_address_and_the_code(returned):
    notice_id = uuid4()
    content = report(f"{notice_id}@{DOMAIN}", "ppt@example.no", returned=returned, original="PPT@kommune.no")
    [found] = inbox.understood(content, domain=DOMAIN)
    assert found == inbox.Delivery(notice_id, ("ppt@kommune.no", "ppt@example.no"), "failed", "5.1.1")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00 not a mail",
        report(f"{uuid4()}@elsewhere.example", "a@example.no"),
        report(f"not-an-id@{DOMAIN}", "a@example.no"),
        answer("x@stafetten", "a@example.no", sender="b@example.no"),
        b"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nBROKEN",
        b"From: a@example.no\r\nSubject: Ferie\r\n\r\nJeg er borte.",
    ],
    ids=[
        "nothing",
        "noise",
        "another house's",
        "no id",
        "another's calendar",
        "a broken calendar",
        "a holiday",
    ],
)
def test_whatever_else_comes_means_nothing_and_stops_nothing(content):
    assert inbox.understood(content, domain=DOMAIN) == []


def test_a_calendar_answer_is_read_from_whoever_it_names():
    [found] = inbox.understood(answer("m@stafetten", "Lena@example.no"), domain=DOMAIN)
    assert found == inbox.CalendarReply("m@stafetten", "lena@example.no", "ACCEPTED", 0)


def test_a_mailbox_is_read_once_and_a_dead_reader_reads_the_last_again(tmp_path, monkeypatch):
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    box = Mailbox([b"Subject: one\r\n\r\n1", b"Subject: two\r\n\r\n2"])
    with imap_server(box, made.context) as port:
        there = inbox.InboxSettings("127.0.0.1", port, "tls", "u", "riktig", timeout=3.0)
        reader = inbox.letters(there)
        assert next(reader) == b"Subject: one\r\n\r\n1"
        reader.close()
        assert box.seen == set()
        assert [one[9:12] for one in inbox.letters(there)] == [b"one", b"two"]
        assert list(inbox.letters(there)) == []


@pytest.mark.parametrize("wrong", ["certificate", "password", "port"])
def test_a_mailbox_that_cannot_be_trusted_or_reached_is_not_read(tmp_path, monkeypatch, wrong):
    made = certificate(tmp_path)
    if wrong != "certificate":
        monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    with imap_server(Mailbox([b"x"]), made.context) as port:
        there = inbox.InboxSettings(
            "127.0.0.1",
            free() if wrong == "port" else port,
            "tls",
            "u",
            "feil" if wrong == "password" else "riktig",
            timeout=2.0,
        )
        with pytest.raises(inbox.InboxUnreachable):
            list(inbox.letters(there))


@pytest.fixture
def wired(town, tmp_path):
    """This process wired to a mail server that runs, an inbox folder and, when asked, a gateway."""

    def wire(port: int, *, sms_url: str = ""):
        settings = SimpleNamespace(
            smtp_host="127.0.0.1", smtp_port=port, smtp_sender=f"stafetten@{DOMAIN}", smtp_username="",
            smtp_password="", smtp_tls="none", public_url="https://stafetten.example", anchor_key="k",
            inbox_host="", inbox_port=993, inbox_tls="tls", inbox_username="", inbox_password="",
            inbox_folder=tmp_path / "inbox", sms_url=sms_url, sms_token="", sms_sender="Fjordvik", scanner="",
        )  # fmt: skip
        return wiring.wire(settings, town.casework)

    yield wire
    wiring._wired.clear()


def _comes_in(tmp_path, content: bytes) -> None:
    new = tmp_path / "inbox" / "new"
    new.mkdir(parents=True, exist_ok=True)
    (new / uuid4().hex).write_bytes(content)


def _invited(town):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("teacher") as tx:
        return case_id, next(one.id for one in notices.of_case(tx, case_id) if one.kind == "invitation")


def test_a_server_that_takes_a_letter_and_then_bounces_it_gives_the_holder_a_task_in_one_sweep(
    town, wired, tmp_path
):
    case_id, notice_id = _invited(town)
    post = Post()
    with mail_server(post) as port:
        wired(port)
        assert send_one(notice_id)
    [(_sender, (address,), content)] = post.taken
    message_id = message_from_bytes(content, policy=policy.default)["Message-ID"].strip("<>")
    _comes_in(tmp_path, report(message_id, "another@example.test"))
    _comes_in(tmp_path, report(f"{uuid4()}@{DOMAIN}", address))
    assert flow.read() == {"bounce_ignored": 2}
    _comes_in(tmp_path, report(message_id, address, action="delayed", status="4.4.1"))
    assert flow.read() == {"delayed": 1}
    _comes_in(tmp_path, report(message_id, address))

    assert flow.read() == {"bounced": 1}

    with town.begin("teacher") as tx:
        found = next(one for one in notices.of_case(tx, case_id) if one.id == notice_id)
        told = [one.kind for one in notices.mine(tx)]
    assert (found.step, found.bounce_code, found.open_task) == ("bounced", "5.1.1", True)
    assert "letter_bounced" in told
    assert flow.read() == {}, "what has been read is not read again"


def test_a_receipt_says_delivered_and_never_opened(town, wired, tmp_path):
    case_id, notice_id = _invited(town)
    post = Post()
    with mail_server(post) as port:
        wired(port)
        send_one(notice_id)
    [(_sender, (address,), _content)] = post.taken
    _comes_in(tmp_path, report(f"{notice_id}@{DOMAIN}", address, action="delivered", status="2.0.0"))
    assert flow.read() == {"delivered": 1}
    with town.begin("teacher") as tx:
        found = next(one for one in notices.of_case(tx, case_id) if one.id == notice_id)
    assert (found.step, found.opened_at) == ("delivered", None)


def test_an_answer_from_a_calendar_reaches_its_meeting(town, wired, tmp_path):
    case_id = town.case()
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=3)
        called = (town.people["teacher"], town.people["principal"])
        meeting_id = meetings.call(
            tx, case_id, meetings.CallMeeting("joint", at, at + timedelta(hours=1), called)
        )
    address = _address(town, "principal")
    wired(free())
    _comes_in(tmp_path, answer(f"{meeting_id}@stafetten", address, sender="forger@example.test"))
    assert flow.read() == {"not_understood": 1}
    _comes_in(tmp_path, answer(f"{meeting_id}@stafetten", address, partstat="DECLINED"))
    assert flow.read() == {"meeting_answered": 1}


def _address(town, who):
    from casework import staff

    with town.begin("administrator") as tx:
        return staff.person(tx, town.people[who]).email


def test_a_text_message_says_nothing_but_that_something_waits(town, wired, as_owner):
    as_owner("UPDATE practitioners SET phone = '+4790000009' WHERE id = :p", p=town.people["colleague"])
    with town.begin("colleague") as tx:
        notices.choose(tx, notices.Choose((notices.Chosen("cases", "sms"),)))
    case_id = town.case()
    with town.begin("teacher") as tx:
        notice_id = notices.write(
            tx, "level_changed", municipality_id=town.id, subject=("case", case_id),
            practitioner_id=town.people["colleague"], case_id=case_id,
        )  # fmt: skip
        tx.without_trail()
    told = Gateway(answer={"id": "gw-1"})
    with gateway(told) as url:
        wired(free(), sms_url=url)
        assert send_one(notice_id)
    [(_headers, body)] = told.asked
    assert body["to"] == "+4790000009"
    assert body["text"] == (
        f"Du har en melding fra Fjordvik kommune. Logg inn på https://stafetten.example/cases/{case_id}"
    )
