"""What mail servers write about letters of ours."""


def report(message_id: str, address: str, *, action: str = "failed", status: str = "5.1.1", returned: str = "message/rfc822",
           original: str = "") -> bytes:  # fmt: skip
    """A delivery status notification as mail servers write them (RFC 3464)."""
    first = f"Original-Recipient: rfc822;{original}\r\n" if original else ""
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: stafetten@demo.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\nArrival-Date: Tue, 24 Nov 2026 12:00:00 +0100\r\n\r\n"
        f"{first}Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n"
        f"--b\r\nContent-Type: {returned}\r\n\r\n"
        f"Message-ID: <{message_id}>\r\nFrom: stafetten@demo.example\r\nTo: {address}\r\n\r\n--b--\r\n"
    ).encode()
