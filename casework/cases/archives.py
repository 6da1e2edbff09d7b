"""The closed case as one document with its hash, kept as the archive law demands."""

import hashlib
import json
from dataclasses import asdict, is_dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import children, consents, coordinations, logs, measures, meetings, relations
from casework.access import Permission
from casework.refusals import NotFound
from casework.transactions import Transaction
from records.archives import ArchivePackage
from records.cases import Case, CaseMove


def archive(tx: Transaction, case: Case) -> UUID:
    """Make the archive copy of a case as it stands; the copy is never changed afterwards."""
    content = json.dumps(_content(tx, case), ensure_ascii=False, sort_keys=True, default=_plain).encode()
    row = ArchivePackage(
        municipality_id=case.municipality_id,
        case_id=case.id,
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        made_at=tx.now,
    )
    tx.add(row)
    case.archived_at = tx.now
    tx.note("case", case.id, "archive_case", municipality_id=case.municipality_id, digest=row.digest)
    return row.id


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _content(tx: Transaction, case: Case) -> dict[str, Any]:
    moved = tx.rows(select(CaseMove).where(CaseMove.case_id == case.id).order_by(col(CaseMove.moved_at)))
    return {
        "number": case.number,
        "child": children.one(tx, case.child_id),
        "guardians": children.guardians(tx, case.child_id),
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "closing": case.closing,
        "consents": consents.of_case(tx, case.id),
        "services": coordinations.of_case(tx, case.id),
        "measures": measures.of_case(tx, case.id),
        "meetings": meetings.of_case(tx, case.id),
        "child_views": logs.child_views(tx, case.id, limit=1000),
        "moves": [
            {"at": m.moved_at, "event": m.event, "before": m.before, "after": m.after, "reason": m.reason}
            for m in moved
        ],
        "log": logs.entries(tx, case.id, limit=100_000),
    }


def package(tx: Transaction, case_id: UUID) -> tuple[str, bytes]:
    """The newest archive copy and its hash; raises NotFound or NotPermitted."""
    case = tx.get(Case, case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    row = tx.session.execute(
        text(
            "SELECT digest, content FROM archive_packages WHERE case_id = :case ORDER BY made_at DESC LIMIT 1"
        ),
        {"case": case_id},
    ).first()
    if row is None:
        raise NotFound
    tx.note("case", case.id, "print_case", municipality_id=case.municipality_id, digest=row.digest)
    return row.digest, bytes(row.content)
