"""The documents that go along when a family moves: which may, what leaves the house, and the copies made in it."""

import io
import json
import zipfile
from dataclasses import dataclass, replace
from uuid import UUID

from casework import attachments, printing, relations
from casework.access import Permission
from casework.ports import OSLO
from casework.refusals import Invalid
from casework.relocations import packing
from casework.relocations.packing import Pack
from casework.transactions import Transaction
from records.base import new_id
from records.cases import Case
from records.relocations import Relocation

_CONTENTS = """
    SELECT id, content FROM attachments
    WHERE id = ANY (:along) AND taken_away_at IS NULL AND scan_state <> 'infected'
"""


@dataclass(frozen=True, slots=True)
class Copied:
    """A document that came along: the copy, what it was copied from, and for whom alone of the family it is."""

    id: UUID
    source_id: UUID
    title: str
    scan_state: str
    only_for_id: UUID | None


def movable(tx: Transaction, case_id: UUID) -> tuple[attachments.Listed, ...]:
    """The documents that may go along, for whoever offers the case; reading the list is noted.

    Never what is hidden from the family, infected or taken away; what one of it has sent for itself alone only where
    that one is asked. Raises NotFound or NotPermitted.
    """
    case = tx.get(Case, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id, page="relocations")
    may = _may_go_along(tx, case_id)
    return tuple(one for one in attachments.shown(tx, case_id) if one.id in may)


def _may_go_along(tx: Transaction, case_id: UUID) -> frozenset[UUID]:
    return frozenset(tx.scalar("SELECT app.may_go_along(:case)", case=case_id))


def choose(tx: Transaction, case: Case, row: Relocation, chosen: tuple[UUID, ...]) -> None:
    """Let these go along with an offer; raises Invalid when one of them may not."""
    if not chosen:
        return
    if not set(chosen) <= _may_go_along(tx, case.id):
        raise Invalid({"attachments": "may_not_go_along"})
    row.attachments = [str(one) for one in dict.fromkeys(chosen)]
    _note(tx, case, row, "offer_attachments", row.attachments)


def _note(tx: Transaction, case: Case, row: Relocation, act: str, gone: list[str]) -> None:
    tx.note("case", case.id, act, municipality_id=case.municipality_id, relocation=row.id, attachments=gone)


def with_contents(tx: Transaction, relocation_id: UUID) -> tuple[Pack, dict[str, bytes]]:
    """The pack and what its documents hold, by the names they have in it, for whoever offered it. Noted.

    Raises NotFound for an offer that is over, or NotPermitted.
    """
    found = packing.pack(tx, relocation_id)
    row = tx.get(Relocation, relocation_id)
    held = dict(tx.ask(_CONTENTS, {"along": [one.id for one in found.attachments]}))
    if held:
        handed_over(tx, tx.get(Case, row.case_id), row, list(held))
    return found, {one.file: bytes(held[one.id]) for one in found.attachments if one.id in held}


def handed_over(tx: Transaction, case: Case, row: Relocation, gone: list[UUID]) -> None:
    """Note that documents have left the case, which the family can read."""
    if gone:
        _note(tx, case, row, "hand_over_attachments", [str(one) for one in gone])


def zipped(pack: Pack, contents: dict[str, bytes], language: str) -> bytes:
    """The pack as one file: to read, for a machine, and with every document, under names of our own making.

    Takes a second, so no transaction waits for it.
    """
    key, made_at = f"{pack.case_number}/{pack.made_at}", pack.made_at.isoformat()
    printed = printing.pdf("relocations/pack.html", language, key=key, made_at=made_at, pack=pack)
    machine = json.dumps(packing.frozen(pack), ensure_ascii=False, indent=1).encode()
    made, stamp = io.BytesIO(), pack.made_at.astimezone(OSLO).timetuple()[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in {"overforing.pdf": printed, "overforing.json": machine, **contents}.items():
            into.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def take_in(tx: Transaction, row: Relocation, case: Case, pack: Pack) -> tuple[list[Copied], Pack]:
    """Copy what goes along into the case that was opened here; answers the copies, and the pack that names them."""
    if not pack.attachments:
        return [], pack
    tx.session.flush()
    fresh = [new_id() for _ in pack.attachments]
    copies = tx.ask_for(
        Copied,
        "SELECT * FROM app.take_in_attachments(:row, :case, :fresh, :now)",
        {"row": row.id, "case": case.id, "fresh": fresh, "now": tx.now},
    )
    case.attachments = len(copies)
    for one in copies:
        if one.scan_state == "not_scanned":
            attachments.ask_for_scan(tx, one.id)
    now = {one.source_id: one.id for one in copies}
    listed = tuple(replace(one, id=now[one.id]) for one in pack.attachments if one.id in now)
    return copies, replace(pack, attachments=listed)


def tell(tx: Transaction, case: Case, copies: list[Copied], town: str) -> None:
    """The new case's log says what came along, as far as each of the family may know of it; so does its trail."""
    for one in copies:
        attachments.tell(
            tx, case, "attachment_came_along", only_for=one.only_for_id, title=one.title, town=town
        )
    if copies:
        kept = [str(one.id) for one in copies]
        tx.note(
            "case", case.id, "take_in_attachments", municipality_id=case.municipality_id, attachments=kept
        )
