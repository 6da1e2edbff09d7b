"""Taking in, checking and publishing versions of a guide."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework.access import Role
from casework.guides.asking import of
from casework.refusals import Invalid, NotFound, Refused
from casework.transactions import Transaction
from levels import guides as rules
from records.guides import GuideVersion
from records.municipalities import Municipality, Practitioner


@dataclass(frozen=True, slots=True)
class GuideSummary:
    """One version of a guide in a list."""

    id: UUID
    municipality_id: UUID
    municipality_name: str
    sector: str
    number: int
    name: str
    state: str
    uploaded_by: str
    uploaded_at: datetime
    published_at: datetime | None
    retired_at: datetime | None
    open_cases: int
    version: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A guide to take in as a draft."""

    municipality_id: UUID
    sector: str
    source: str
    key: str | None = field(default=None, compare=False)


def _require_administrator(tx: Transaction, municipality_id: UUID) -> None:
    if municipality_id not in tx.actor.municipalities_as(Role.ADMINISTRATOR):
        raise NotFound


def require_keeper(tx: Transaction) -> UUID:
    """The municipality whose guides the actor keeps; raises NotFound to everybody else."""
    chosen = tx.actor.membership
    towns = tx.actor.municipalities_as(Role.ADMINISTRATOR)
    if not towns:
        raise NotFound
    return chosen.municipality_id if chosen and chosen.municipality_id in towns else min(towns)


def upload(tx: Transaction, wanted: Upload) -> UUID:
    """Take in a guide as a draft. Raises NotFound, or Invalid when it has faults; nothing is kept then."""
    tx.once(wanted.key, "upload_guide", town=wanted.municipality_id, source=wanted.source)
    _require_administrator(tx, wanted.municipality_id)
    if rules.check_text(wanted.source):
        raise Invalid({"source": "guide_has_faults"})
    guide = rules.read(wanted.source)
    last = tx.session.exec(
        select(GuideVersion.number)
        .where(GuideVersion.municipality_id == wanted.municipality_id, GuideVersion.sector == wanted.sector)
        .order_by(col(GuideVersion.number).desc())
    ).first()
    row = GuideVersion(
        municipality_id=wanted.municipality_id,
        sector=wanted.sector,
        number=(last or 0) + 1,
        name=guide.name,
        youth_consent_age=guide.youth_consent_age,
        source=wanted.source,
        digest=hashlib.sha256(wanted.source.encode()).hexdigest(),
        uploaded_by_id=tx.actor.id,
        uploaded_at=tx.now,
    )
    tx.add(row)
    tx.note("guide", row.id, "upload_guide", municipality_id=row.municipality_id, digest=row.digest)
    tx.result(guide_id=row.id)
    return row.id


def publish(tx: Transaction, guide_id: UUID, *, version: int | None = None, key: str | None = None) -> UUID:
    """Let a draft hold for new worries from now on; open cases keep theirs. Raises NotFound, Stale, Refused."""
    tx.once(key, "publish_guide", guide=guide_id)
    row = tx.get(GuideVersion, guide_id)
    _require_administrator(tx, row.municipality_id)
    row = tx.lock(GuideVersion, guide_id, version=version)
    if row.state != "draft":
        raise Refused("Guide", row.state, "publish", ("not_from_here",))
    former = tx.session.exec(
        select(GuideVersion).where(
            GuideVersion.municipality_id == row.municipality_id,
            GuideVersion.sector == row.sector,
            GuideVersion.state == "published",
        )
    ).first()
    if former is not None:
        former.state, former.retired_at = "retired", tx.now
        former.version += 1
        tx.session.flush()
    row.state, row.published_at = "published", tx.now
    row.version += 1
    tx.note("guide", row.id, "publish_guide", municipality_id=row.municipality_id, digest=row.digest)
    tx.result(guide_id=row.id)
    return row.id


_VERSIONS = text(
    """
    SELECT g.id, g.municipality_id, m.name AS municipality_name, g.sector, g.number, g.name, g.state,
      coalesce(p.name, '') AS uploaded_by, g.uploaded_at, g.published_at, g.retired_at,
      app.open_cases_under(g.id) AS open_cases, g.version
    FROM guides g
    JOIN municipalities m ON m.id = g.municipality_id
    LEFT JOIN practitioners p ON p.id = g.uploaded_by_id
    WHERE g.municipality_id = ANY (:towns) AND (:drafts OR g.state <> 'draft')
    ORDER BY m.name, g.sector, g.number DESC
    """
)


def versions(tx: Transaction) -> list[GuideSummary]:
    """The guides of the actor's municipalities; drafts only where the actor administers."""
    towns = {m.municipality_id for m in tx.actor.memberships}
    administers = tx.actor.municipalities_as(Role.ADMINISTRATOR)
    found = tx.session.execute(_VERSIONS, {"towns": list(towns), "drafts": bool(administers)}).mappings()
    rows = [GuideSummary(**row) for row in found]
    return [row for row in rows if row.state != "draft" or row.municipality_id in administers]


def one(tx: Transaction, guide_id: UUID) -> tuple[GuideSummary, rules.Guide, str]:
    """A version with its parsed guide and its source; raises NotFound."""
    for row in versions(tx):
        if row.id == guide_id:
            return row, of(tx, guide_id), tx.get(GuideVersion, guide_id).source
    raise NotFound


def faults(source: str) -> tuple[Any, ...]:
    """Everything wrong with a guide's text, each with line and remedy."""
    return tuple(rules.check_text(source))


def author(tx: Transaction, practitioner_id: UUID) -> str:
    """The name of whoever uploaded a version."""
    return tx.get(Practitioner, practitioner_id).name


def home(tx: Transaction, municipality_id: UUID) -> Municipality:
    """The municipality a guide belongs to."""
    return tx.get(Municipality, municipality_id)
