"""The end of a case: what is open ends, and the whole is kept as one document with its hash."""

import hashlib
import json
from dataclasses import asdict, is_dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, text
from sqlalchemy.orm import defer
from sqlmodel import col, select

from casework import audit, children, coordinations, guides, meetings, relations, sharing
from casework.access import Permission
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.charts import move
from levels.relocations import RelocationChart, RelocationFacts
from records.archives import ArchiveDelivery, ArchivePackage
from records.attachments import Attachment
from records.cases import Case, CaseMove, CasePause, CaseStep
from records.consent_texts import ConsentReading
from records.consents import Consent
from records.coordinations import Coordination, Invitation
from records.families import FamilyWord
from records.hidings import HidingReview
from records.logs import ChildView, LogEntry
from records.measures import Evaluation, Measure
from records.meetings import Attendance, Meeting, MeetingProposal
from records.municipalities import Municipality, Practitioner, Service
from records.participations import Participation
from records.relays import Handover
from records.relocations import Arrival, Relocation


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
    tx.session.flush()
    _send_off(tx, case, row)
    case.archived_at = tx.now
    tx.note("case", case.id, "archive_case", municipality_id=case.municipality_id, digest=row.digest)
    return row.id


def _send_off(tx: Transaction, case: Case, row: ArchivePackage) -> None:
    """The follow-up packs the copy for the municipality's archive, and the archivist hands it on."""
    closed_at = case.closed_at or tx.now
    waiting = ArchiveDelivery(
        municipality_id=case.municipality_id,
        case_id=case.id,
        archive_id=row.id,
        number=case.number,
        unit_id=case.unit_id,
        closed_at=closed_at,
        made_at=tx.now,
    )
    tx.add(waiting)
    tx.start_flow("pack-archive", ids={"delivery_id": waiting.id})


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


# Everything a case is made of, in the order it happened; what a table is called in the copy, and its time.
_PARTS: tuple[tuple[str, Any, str], ...] = (
    ("participations", Participation, "since"),
    ("handovers", Handover, "offered_at"),
    ("moves", CaseMove, "moved_at"),
    ("steps", CaseStep, "done_at"),
    ("consents", Consent, "asked_at"),
    ("consent_readings", ConsentReading, "answered_at"),
    ("invitations", Invitation, "asked_at"),
    ("measures", Measure, "starts_on"),
    ("evaluations", Evaluation, "evaluated_at"),
    ("meetings", Meeting, "starts_at"),
    ("relocations", Relocation, "offered_at"),
    ("arrivals", Arrival, "taken_in_at"),
    ("child_views", ChildView, "written_at"),
    ("log", LogEntry, "written_at"),
    ("words", FamilyWord, "written_at"),
    ("attachments", Attachment, "put_at"),
    ("hidings", HidingReview, "reviewed_at"),
    ("pauses", CasePause, "from_on"),
)


def _content(tx: Transaction, case: Case) -> dict[str, Any]:
    """The whole file: every row of the case, and names for the ids of people and services in it."""
    parts = {name: _rows(tx, table, case.id, order) for name, table, order in _PARTS}
    met = [UUID(meeting["id"]) for meeting in parts["meetings"]]
    called = tx.rows(select(Attendance).where(col(Attendance.meeting_id).in_(met)))
    asked = tx.rows(select(Service).where(_asked(case)))
    guide, town = guides.of(tx, case.guide_id), tx.get(Municipality, case.municipality_id)
    return {
        "case": case.model_dump(mode="json"),
        "child": children.one(tx, case.child_id),
        "guide": guide.name,
        "levels": {plan.id: plan.name for plan in guide.levels},
        "language": guide.language if guide.language in ("nb", "nn") else town.language,
        "municipality": {"name": town.name, "number": town.number},
        "guardians": children.guardians(tx, case.child_id, sharing.Channel.EXPORT),
        **parts,
        "readers": _readers(tx, case),
        "attendances": [row.model_dump(mode="json") for row in called],
        "people": {
            str(p.id): f"{p.name}, {p.title}" for p in tx.rows(select(Practitioner).where(_named(case)))
        },
        "services": {str(s.id): s.name for s in asked},
        "service_kinds": sorted({s.kind for s in asked}),
    }


def _readers(tx: Transaction, case: Case) -> dict[str, int]:
    """How often the file was read at work, and by how many: a count, never who."""
    sql = "SELECT count(*) AS reads, count(DISTINCT actor_id) AS people FROM audit WHERE file_id = :case"
    [found] = tx.ask(f"{sql} AND act = ANY (:acts)", {"case": case.id, "acts": list(audit.READS)})
    return {"reads": found.reads, "people": found.people}


def _rows(tx: Transaction, table: Any, case_id: UUID, order: str) -> list[dict[str, Any]]:
    wanted = select(table).where(table.case_id == case_id).order_by(getattr(table, order), table.id)
    if table is Attachment:  # what they hold goes as files of their own
        wanted = wanted.options(defer(Attachment.content))  # type: ignore[arg-type]
    return [row.model_dump(mode="json", exclude={"content"}) for row in tx.rows(wanted)]


def _named(case: Case) -> Any:
    """Whoever took part in the case, wrote in it, or was offered the baton."""
    told = (
        select(Participation.practitioner_id).where(Participation.case_id == case.id),
        select(LogEntry.author_id).where(LogEntry.case_id == case.id),
        select(Handover.to_id).where(Handover.case_id == case.id),
        select(Handover.from_id).where(Handover.case_id == case.id),
        select(Invitation.answered_by_id).where(Invitation.case_id == case.id),
        select(FamilyWord.answered_by_id).where(FamilyWord.case_id == case.id),
        select(CaseMove.moved_by_id).where(CaseMove.case_id == case.id),
        select(Evaluation.evaluated_by_id).where(Evaluation.case_id == case.id),
        select(HidingReview.reviewed_by_id).where(HidingReview.case_id == case.id),
    )
    return or_(*(col(Practitioner.id).in_(one) for one in told))


def _asked(case: Case) -> Any:
    invited = select(Invitation.service_id).where(Invitation.case_id == case.id)
    consented = select(Consent.service_id).where(Consent.case_id == case.id)
    return or_(col(Service.id) == case.unit_id, col(Service.id).in_(invited), col(Service.id).in_(consented))


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


def end_what_is_open(tx: Transaction, case: Case, reason: str) -> None:
    """Measures end with the case, meetings are off, unanswered questions are taken back, coordination is over."""
    running = select(Measure).where(Measure.case_id == case.id, Measure.state != "ended")
    for measure in tx.rows(running):
        measure.state, measure.ended_at, measure.end_reason = "ended", tx.now, reason
        measure.version += 1
    ahead = select(Meeting).where(Meeting.case_id == case.id, Meeting.state == "summoned")
    for meeting in tx.rows(ahead):
        meetings.part_here(tx, meeting)
        meetings.call_off(tx, case, meeting, reason or "–")
    proposed = select(MeetingProposal).where(
        MeetingProposal.case_id == case.id, MeetingProposal.state == "proposed"
    )
    for proposal in tx.rows(proposed):
        meetings.take_back(tx, case, proposal, reason)
    for offer in tx.rows(
        select(Relocation).where(Relocation.case_id == case.id, Relocation.state == "offered")
    ):
        offer.state = move(RelocationChart, offer.state, "withdraw", RelocationFacts()).after
        offer.settled_at, offer.pack = tx.now, None
    unanswered = select(Invitation.id).where(
        Invitation.case_id == case.id, col(Invitation.state).in_(("queued", "sent", "needs_more", "expired"))
    )
    for invitation_id in tx.rows(unanswered):
        coordinations.take_back(tx, case, invitation_id)
    ended = select(Coordination).where(Coordination.case_id == case.id, Coordination.state != "ended")
    for coordination in tx.rows(ended):
        coordination.state, coordination.ended_at = "ended", tx.now
        coordination.version += 1
