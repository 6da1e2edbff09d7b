"""What is handed over when a family moves: nothing it does not see itself, and only the parts it said yes to."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import select

from casework import attachments, child_views, logs, measures, meetings, relations
from casework.access import Permission
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.attachments import ENDINGS, Kind
from levels.children import About
from levels.relocations import Part
from records.cases import Case
from records.children import Child
from records.relocations import Arrival, Relocation

LOG_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class PackedMeasure:
    """What was tried, and how it went."""

    title: str
    goal: str
    state: str
    last_result: str | None
    starts_on: date
    evaluate_on: date | None


@dataclass(frozen=True, slots=True)
class PackedMeeting:
    """A meeting that was held."""

    kind: str
    held_at: datetime
    minutes: str


@dataclass(frozen=True, slots=True)
class PackedView:
    """What the child said or showed."""

    talked_on: date
    words: str
    mood: int | None
    shown: str


@dataclass(frozen=True, slots=True)
class PackedEntry:
    """What somebody wrote in the log."""

    written_at: datetime
    by: str
    body: str


@dataclass(frozen=True, slots=True)
class PackedAttachment:
    """A document that goes along; `file` is its name in the pack, made by us."""

    id: UUID
    title: str
    kind: str
    size: int
    put_at: datetime
    by: str
    file: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What is handed over: the little everybody needs, and the parts the family said yes to."""

    child_name: str
    born_on: date | None
    from_municipality: str
    from_unit: str
    holder_name: str
    case_number: str
    level_rung: int | None
    moves_on: date | None
    made_at: datetime
    measures: tuple[PackedMeasure, ...] = ()
    meetings: tuple[PackedMeeting, ...] = ()
    child_views: tuple[PackedView, ...] = ()
    log: tuple[PackedEntry, ...] = ()
    kind: str = About.CHILD.value
    attachments: tuple[PackedAttachment, ...] = ()


_PACK = TypeAdapter(Pack)


def frozen(pack: Pack) -> dict[str, Any]:
    """A pack as it is kept until it is read again."""
    kept: dict[str, Any] = _PACK.dump_python(pack, mode="json")
    return kept


def pack(tx: Transaction, relocation_id: UUID) -> Pack:
    """What is handed over, to print or send; for whoever offered it. Making it is noted.

    Raises NotFound for an offer that is over, or NotPermitted.
    """
    row = tx.get(Relocation, relocation_id)
    case = tx.get(Case, row.case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    if row.state != "offered":
        raise NotFound
    tx.note("case", case.id, "make_pack", municipality_id=case.municipality_id, relocation=row.id)
    found = along(tx, row.id)
    return without_gone(thawed(row.pack), found) if row.pack else packed(tx, case, row, found)


def along(tx: Transaction, relocation_id: UUID) -> list[UUID]:
    """The documents that were chosen and may still go along; for whoever offered it, and whoever is asked here."""
    found: list[UUID] = tx.scalar("SELECT app.attachments_along(:row)", row=relocation_id)
    return found


def without_gone(pack: Pack, found: list[UUID]) -> Pack:
    """A kept pack without the documents that go along no more."""
    return replace(pack, attachments=tuple(one for one in pack.attachments if one.id in found))


def thawed(kept: dict[str, Any]) -> Pack:
    """A kept pack, as it was made."""
    return _PACK.validate_python(kept)


def arrival(tx: Transaction, case_id: UUID) -> Pack:
    """What came with a case from another municipality; reading it is noted. Raises NotFound, also when nothing did."""
    case = tx.get(Case, case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    found = tx.rows(select(Arrival).where(Arrival.case_id == case_id))
    if not found:
        raise NotFound
    tx.note("case", case.id, "read_arrival", municipality_id=case.municipality_id)
    return thawed(found[0].pack)


def packed(tx: Transaction, case: Case, row: Relocation, chosen: Collection[UUID]) -> Pack:
    """The pack as it is now with these documents, for whoever holds the case."""
    child = tx.get(Child, case.child_id)
    names = "SELECT m.name AS town, u.name AS unit, h.name AS holder FROM municipalities m, services u, practitioners h"
    [sender] = tx.ask(
        f"{names} WHERE m.id = :town AND u.id = :unit AND h.id = :holder",
        {"town": case.municipality_id, "unit": case.unit_id, "holder": case.holder_id},
    )
    parts = {part.value: _PARTS[part](tx, case.id) for part in Part if part in row.parts}
    return Pack(
        f"{child.first_name} {child.last_name}",
        child.born_on,
        sender.town,
        sender.unit,
        sender.holder,
        case.number,
        int(case.state[-1]),
        row.moves_on,
        tx.now,
        **parts,
        kind=child.kind,
        attachments=_attachments(tx, case.id, child.first_name, chosen),
    )


def _attachments(
    tx: Transaction, case_id: UUID, child: str, chosen: Collection[UUID]
) -> tuple[PackedAttachment, ...]:
    listed = [one for one in attachments.shown(tx, case_id) if one.id in chosen] if chosen else []
    return tuple(
        PackedAttachment(
            one.id,
            one.title,
            one.kind,
            one.size,
            one.put_at,
            one.who or child,
            f"vedlegg-{number:02d}.{ENDINGS[Kind(one.kind)][0]}",
        )
        for number, one in enumerate(reversed(listed), 1)
    )


def _measures(tx: Transaction, case_id: UUID) -> tuple[PackedMeasure, ...]:
    return tuple(
        PackedMeasure(one.title, one.goal, one.state, one.last_result, one.starts_on, one.evaluate_on)
        for one in measures.of_case(tx, case_id)
    )


def _meetings(tx: Transaction, case_id: UUID) -> tuple[PackedMeeting, ...]:
    minutes = dict(tx.ask("SELECT id, minutes FROM meetings WHERE case_id = :case", {"case": case_id}))
    return tuple(
        PackedMeeting(one.kind, one.starts_at, minutes.get(one.id, ""))
        for one in meetings.of_case(tx, case_id)
        if one.state == "held"
    )


def _child_views(tx: Transaction, case_id: UUID) -> tuple[PackedView, ...]:
    return tuple(
        PackedView(one.talked_on, one.words, one.mood, one.shown)
        for one in child_views.of_case(tx, case_id, limit=LOG_LENGTH)
        if not one.why_not
    )


def _log(tx: Transaction, case_id: UUID) -> tuple[PackedEntry, ...]:
    """What people wrote and the family may read; the house's own lines are about this municipality's work."""
    return tuple(
        PackedEntry(one.written_at, f"{one.author_name}, {one.author_title}", one.body)
        for one in logs.entries(tx, case_id, limit=LOG_LENGTH)
        if one.for_family and one.code is None and one.corrected_by is None
    )


_PARTS: dict[Part, Any] = {
    Part.MEASURES: _measures,
    Part.MEETINGS: _meetings,
    Part.CHILD_VIEWS: _child_views,
    Part.LOG: _log,
}
