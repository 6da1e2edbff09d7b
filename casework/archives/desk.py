"""On the way to the archive: packed by the follow-up, fetched to be handed on, and taken over by the archive."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from casework import relations
from casework.access import Permission, Role
from casework.archives.packing import pack
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from records.archives import ArchiveDelivery
from records.cases import Case

LONGEST_REFERENCE = 100


@dataclass(frozen=True, slots=True)
class Delivery:
    """One closed case on its way, by its number: nothing of what is in it."""

    id: UUID
    municipality_id: UUID
    case_id: UUID
    number: str
    unit_name: str
    closed_at: datetime
    packed_at: datetime | None
    taken_over_at: datetime | None
    archive_reference: str
    package_digest: str | None
    has_package: bool
    newest: bool
    version: int

    @property
    def state(self) -> str:
        """A code: being packed, waiting for the archive, taken over, or replaced by a newer one."""
        if self.taken_over_at is not None:
            return "taken_over"
        if not self.newest:
            return "replaced"
        return "waiting" if self.packed_at is not None else "packing"


@dataclass(frozen=True, slots=True)
class TakeOver:
    """What the archive calls it, once it has it."""

    reference: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Package:
    """A package as it is fetched."""

    name: str
    content: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive copy that waits to be packed."""

    content: bytes
    digest: str
    made_at: datetime
    municipality_id: UUID
    case_id: UUID
    settings: dict[str, Any]
    known: bool
    attached: Mapping[str, bytes] = field(default_factory=dict)


_LISTED = """
    SELECT d.id, d.municipality_id, d.case_id, d.number, s.name AS unit_name, d.closed_at, d.packed_at, d.taken_over_at,
      d.archive_reference, d.package_digest, d.package IS NOT NULL AS has_package,
      NOT EXISTS (SELECT 1 FROM archive_deliveries n WHERE n.case_id = d.case_id AND n.made_at > d.made_at) AS newest,
      d.version
    FROM archive_deliveries d JOIN services s ON s.id = d.unit_id
"""


def waiting(tx: Transaction, *, limit: int = 200) -> list[Delivery]:
    """What the archivist has to hand on, the longest waiting first, and then what was taken over last.

    Raises NotFound to anybody else.
    """
    towns = tx.actor.municipalities_as(Role.ARCHIVIST)
    if not towns:
        raise NotFound
    order = """ WHERE d.municipality_id = ANY (:towns)
      ORDER BY (d.taken_over_at IS NOT NULL), d.taken_over_at DESC, d.closed_at, d.id LIMIT :most"""
    return tx.ask_for(Delivery, _LISTED + order, {"towns": list(towns), "most": limit})


def of_case(tx: Transaction, case_id: UUID) -> Delivery | None:
    """The newest delivery of a case, for those who may fetch it; None before the case was ever closed."""
    found = tx.ask_for(
        Delivery, _LISTED + " WHERE d.case_id = :case ORDER BY d.made_at DESC LIMIT 1", {"case": case_id}
    )
    return found[0] if found else None


def one(tx: Transaction, delivery_id: UUID) -> Delivery:
    """One delivery the actor has to do with; raises NotFound."""
    found = tx.ask_for(Delivery, _LISTED + " WHERE d.id = :id", {"id": delivery_id})
    if not found:
        raise NotFound
    if not _as_archivist(tx, found[0]):
        case = tx.get(Case, found[0].case_id)
        tx.require(Permission.FETCH_PACKAGE, relations.to_case(tx, case))
    return found[0]


def _as_archivist(tx: Transaction, delivery: Delivery) -> bool:
    return delivery.municipality_id in tx.actor.municipalities_as(Role.ARCHIVIST)


def fetch(tx: Transaction, delivery_id: UUID) -> Package:
    """The package, to be handed on or read; every time is noted in the case's own trail, where the family sees it.

    The archivist opens it only until the archive has taken over: content is theirs to pass on, not to keep reading.
    Raises NotFound or NotPermitted.
    """
    found = one(tx, delivery_id)
    handed_on = found.state not in ("packing", "waiting")
    if not found.has_package or (_as_archivist(tx, found) and handed_on):
        raise NotFound
    content = bytes(tx.scalar("SELECT package FROM archive_deliveries WHERE id = :id", id=delivery_id))
    tx.note(
        "case",
        found.case_id,
        "fetch_package",
        municipality_id=found.municipality_id,
        delivery=delivery_id,
        digest=found.package_digest,
    )
    return Package(f"arkivpakke-{delivery_id}.zip", content, str(found.package_digest))


def take_over(tx: Transaction, delivery_id: UUID, wanted: TakeOver) -> UUID:
    """The archive has it, and calls it this: from now on the case may be deleted when its term is over.

    Raises NotFound to anybody but the archivist, and for what is not packed or taken over already; Invalid or Stale.
    """
    tx.once(wanted.key, "take_over", delivery=delivery_id, reference=wanted.reference)
    found = one(tx, delivery_id)
    if not _as_archivist(tx, found) or found.state != "waiting":
        raise NotFound
    if wanted.version is not None and wanted.version != found.version:
        raise Stale(found.version)
    reference = wanted.reference.strip()
    if not reference:
        raise Invalid({"reference": "write_something"})
    if len(reference) > LONGEST_REFERENCE:
        raise Invalid({"reference": "too_long"})
    row = tx.lock(ArchiveDelivery, delivery_id, version=found.version)
    row.taken_over_at, row.taken_over_by_id, row.archive_reference = tx.now, tx.actor.id, reference
    row.version += 1
    tx.note(
        "case",
        found.case_id,
        "take_over_archive",
        municipality_id=found.municipality_id,
        delivery=delivery_id,
        digest=found.package_digest,
    )
    tx.result(delivery_id=delivery_id)
    return delivery_id


def unpacked(tx: Transaction, delivery_id: UUID) -> Unpacked | None:
    """A copy to pack, for jobs; None when it has been packed already."""
    found = tx.ask_for(Unpacked, "SELECT * FROM app.archive_copy(:id)", {"id": delivery_id})
    if not found:
        return None
    attached = tx.ask("SELECT id, content FROM app.archive_attachments(:id)", {"id": delivery_id})
    return replace(found[0], attached={str(row.id): bytes(row.content) for row in attached})


def packed(copy: Unpacked) -> bytes:
    """The package of a copy whose hash still holds; takes some seconds, so no transaction waits for it.

    Raises ValueError when the copy is no longer what was archived.
    """
    content = bytes(copy.content)
    if hashlib.sha256(content).hexdigest() != copy.digest:
        raise ValueError("the archive copy is not what was archived")
    return pack(content, copy.settings, made_at=copy.made_at, known=copy.known, attached=copy.attached)


def keep_package(tx: Transaction, delivery_id: UUID, copy: Unpacked, package: bytes) -> None:
    """Keep a package beside its copy, once. For jobs."""
    digest = hashlib.sha256(package).hexdigest()
    done = tx.ask(
        "UPDATE archive_deliveries SET package = :package, package_digest = :digest, packed_at = :now"
        " WHERE id = :id AND packed_at IS NULL RETURNING id",
        {"package": package, "digest": digest, "now": tx.now, "id": delivery_id},
    )
    if done:
        tx.note(
            "case",
            copy.case_id,
            "pack_archive",
            municipality_id=copy.municipality_id,
            delivery=delivery_id,
            digest=digest,
        )


_NEVER_SENT = """
    INSERT INTO archive_deliveries (id, municipality_id, case_id, archive_id, number, unit_id, closed_at, made_at,
      archive_reference, version)
    SELECT gen_random_uuid(), a.municipality_id, a.case_id, a.id, c.number, c.unit_id, c.closed_at, a.made_at, '', 1
    FROM archive_packages a JOIN cases c ON c.id = a.case_id
    WHERE c.state = 'closed'
      AND NOT EXISTS (SELECT 1 FROM archive_deliveries d WHERE d.archive_id = a.id)
      AND NOT EXISTS (SELECT 1 FROM archive_packages n WHERE n.case_id = a.case_id AND n.made_at > a.made_at)
    RETURNING id
"""


def catch_up(tx: Transaction, *, limit: int = 50) -> int:
    """Send off what was archived before there were packages, and ask again for what was never packed. For jobs."""
    tx.ask(_NEVER_SENT)
    found = tx.ask(
        "SELECT id FROM archive_deliveries WHERE packed_at IS NULL ORDER BY made_at LIMIT :most",
        {"most": limit},
    )
    for row in found:
        tx.start_flow("pack-archive", ids={"delivery_id": row.id})
    tx.without_trail()
    return len(found)
