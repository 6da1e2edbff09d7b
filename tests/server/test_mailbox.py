"""The demo's mail server keeps every mail and sends none."""

import email
import email.policy
import smtplib
from email.message import EmailMessage

import pytest

from server import mailbox
from server.demonstration import free_port


@pytest.fixture
def kept(tmp_path):
    running = mailbox.controller(tmp_path / "mail", free_port())
    running.start()
    yield running
    running.stop()


def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@demo.example", "b@demo.example", subject
    message["Message-ID"] = f"<{subject}@demo.example>"
    message.set_content("Du er invitert til et møte.")
    return message


def test_mails_are_kept_whole_in_the_order_they_came(kept, tmp_path):
    with smtplib.SMTP("127.0.0.1", kept.port) as server:
        for number in range(12):
            server.send_message(letter(f"nr-{number}"), to_addrs=["b@demo.example", "c@demo.example"])
    files = sorted((tmp_path / "mail").glob("*.eml"))
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    assert [mail["Subject"] for mail in mails] == [f"nr-{number}" for number in range(12)]
    assert mails[0]["X-Stafetten-To"] == "b@demo.example, c@demo.example"
    assert "møte" in mails[0].get_content()


def test_others_on_the_machine_cannot_read_the_mail(kept, tmp_path):
    with smtplib.SMTP("127.0.0.1", kept.port) as server:
        server.send_message(letter("private"))
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
