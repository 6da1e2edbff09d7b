"""Shows attachments to the malware scanner; flows are told opaque ids only, and without a scanner nothing is marked."""

import contextlib
from uuid import UUID

from prefect import flow

from casework import attachments
from casework.attachments import Verdict
from workflows.connectors import scanner
from workflows.connectors.scanner import ScannerFault
from workflows.notices import done
from workflows.wiring import wiring

MOST = 500  # in one sweep; the rest wait for the next
OF_ONE = frozenset(
    {"scanner_limit", "scanner_refused"}
)  # faults of one content, which the next need not share


@flow(name="scan-attachments", persist_result=False, log_prints=False)
def scan_attachments(attachment_id: str, outbox_id: str | None = None) -> None:
    """Scan one that has just been put. When the scanner fails it stays «not scanned», and the sweep takes it."""
    with contextlib.suppress(ScannerFault):
        scan(UUID(attachment_id))
    done(outbox_id)


@flow(name="sweep-attachments", persist_result=False, log_prints=False)
def sweep_attachments() -> None:
    """Scan what is left unscanned, and once more what was put a week ago; a scanner that fails ends the round."""
    if wiring().scanner is None:
        return
    with wiring().begin() as tx:
        found = attachments.unscanned(tx, limit=MOST)
    for attachment_id in found:
        try:
            scan(attachment_id)
        except ScannerFault as fault:
            if fault.code not in OF_ONE:
                break


def scan(attachment_id: UUID) -> None:
    """Read, scan outside any transaction, and set the mark; raises ScannerFault when nothing was answered."""
    settings = wiring().scanner
    if settings is None:
        return
    with wiring().begin() as tx:
        content = attachments.to_scan(tx, attachment_id)
    if content is None:
        return
    answer = scanner.scan(settings, content)
    with wiring().begin() as tx:
        attachments.scanned(tx, attachment_id, Verdict(answer.infected, answer.scanner, answer.finding))
