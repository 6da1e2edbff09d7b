"""Mail by SMTP: handed over, put off, or refused for good."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where the mail server is and how to speak to it; `tls` is starttls, tls or none."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = ""
    tls: str = "starttls"
    timeout: float = TIMEOUT


class MailRefused(Exception):
    """The server would not take the letter. `code` says why, `permanent` whether to try again."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code, self.permanent = code, permanent


def send(settings: MailSettings, message: EmailMessage) -> str:
    """Hand one letter over and answer its message id; raises MailRefused.

    Only what is said of this receiver or this letter is for good. A password that does not fit, a sender who may not
    send or a certificate nobody vouches for is the house's own fault, and the letter waits until it is mended.
    """
    try:
        with _connect(settings) as server:
            if settings.username:
                server.login(settings.username, settings.password)
            server.ehlo_or_helo_if_needed()
            wishes = {"rcpt_options": ("NOTIFY=SUCCESS,FAILURE",)} if server.has_extn("dsn") else {}
            server.send_message(message, **wishes)  # type: ignore[arg-type]
    except smtplib.SMTPRecipientsRefused as refused:
        worst = max(code for code, _ in refused.recipients.values())
        raise MailRefused(f"smtp_{worst}", permanent=worst >= 500) from None
    except smtplib.SMTPDataError as refused:
        raise MailRefused(f"smtp_{refused.smtp_code}", permanent=refused.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as refused:
        raise MailRefused(f"smtp_{refused.smtp_code}", permanent=False) from None
    except (smtplib.SMTPException, OSError) as broken:
        raise MailRefused(type(broken).__name__, permanent=False) from None
    return str(message["Message-ID"])


def _connect(settings: MailSettings) -> smtplib.SMTP:
    host, port, timeout = settings.host, settings.port, settings.timeout
    if settings.tls == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=timeout)
    if settings.tls == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
