"""The contract with a mail server: encrypted, vouched for, and clear about what is for good and what is not."""

from email.message import EmailMessage

import pytest

from tests.workflows.servers import Post, certificate, free, mail_server, silence
from workflows.connectors import mail


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "stafetten@demo.example", "ppt@demo.example"
    message["Message-ID"], message["Subject"] = "<one@demo.example>", "Melding fra Fjordvik kommune"
    message.set_content("Du har en melding som venter på svar – æøå.")
    return message


def settings(port: int, **more: object) -> mail.MailSettings:
    return mail.MailSettings("127.0.0.1", port, "stafetten@demo.example", timeout=3.0, **more)  # type: ignore[arg-type]


@pytest.fixture
def good(tmp_path, monkeypatch):
    """A certificate this machine trusts."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_letter_is_handed_over_encrypted_and_under_its_own_id(good, way):
    post = Post()
    with mail_server(post, **{way: good.context}) as port:
        assert mail.send(settings(port, tls=way), letter()) == "<one@demo.example>"
    [(sender, receivers, content)] = post.taken
    assert (sender, receivers) == ("stafetten@demo.example", ("ppt@demo.example",))
    assert b"Message-ID: <one@demo.example>" in content


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused_and_the_letter_kept(tmp_path, way):
    post = Post()
    unknown = certificate(tmp_path).context
    with mail_server(post, **{way: unknown}) as port, pytest.raises(mail.MailRefused) as refused:
        mail.send(settings(port, tls=way), letter())
    assert (refused.value.code, refused.value.permanent) == ("SSLCertVerificationError", False)
    assert post.taken == []


def test_a_certificate_for_another_host_is_refused(tmp_path, monkeypatch):
    other = certificate(tmp_path, host="mail.elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.file))
    post = Post()
    with mail_server(post, tls=other.context) as port, pytest.raises(mail.MailRefused) as refused:
        mail.send(settings(port, tls="tls"), letter())
    assert (refused.value.code, post.taken) == ("SSLCertVerificationError", [])


def test_a_server_that_cannot_encrypt_gets_nothing():
    post = Post()
    with mail_server(post) as port, pytest.raises(mail.MailRefused) as refused:
        mail.send(settings(port, tls="starttls"), letter())
    assert (refused.value.permanent, post.taken) == (False, [])


def test_user_and_password_let_us_in(good):
    post = Post()
    with mail_server(post, starttls=good.context, auth=True) as port:
        mail.send(settings(port, username="stafetten", password="riktig"), letter())
    assert len(post.taken) == 1


def test_a_wrong_password_is_ours_to_mend_and_loses_no_letter(good):
    post = Post()
    with mail_server(post, starttls=good.context, auth=True) as port, pytest.raises(mail.MailRefused) as no:
        mail.send(settings(port, username="stafetten", password="feil"), letter())
    assert (no.value.code, no.value.permanent) == ("smtp_535", False)


@pytest.mark.parametrize(
    ("answers", "code", "permanent"),
    [
        ({"at_rcpt": "550 5.1.1 No such user"}, "smtp_550", True),
        ({"at_rcpt": "451 4.7.1 Greylisted"}, "smtp_451", False),
        ({"at_data": "554 5.7.1 Not wanted"}, "smtp_554", True),
        ({"at_data": "452 4.3.1 Full"}, "smtp_452", False),
    ],
)
def test_refused_for_good_and_refused_for_now_are_told_apart(good, answers, code, permanent):
    post = Post(**answers)
    with mail_server(post, starttls=good.context) as port, pytest.raises(mail.MailRefused) as refused:
        mail.send(settings(port), letter())
    assert (refused.value.code, refused.value.permanent, post.taken) == (code, permanent, [])


def test_a_server_that_says_nothing_does_not_hold_the_sender():
    with silence() as port, pytest.raises(mail.MailRefused) as refused:
        mail.send(mail.MailSettings("127.0.0.1", port, "a@b.example", timeout=0.3), letter())
    assert refused.value.permanent is False


def test_a_server_that_is_not_there_is_tried_again():
    with pytest.raises(mail.MailRefused) as refused:
        mail.send(settings(free()), letter())
    assert (refused.value.code, refused.value.permanent) == ("ConnectionRefusedError", False)
