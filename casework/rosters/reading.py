"""A file read: kept encrypted for its uploader alone until it is confirmed, cancelled or forgotten."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import delete, text
from sqlmodel import col, select

from casework.identities import IdentityKeys
from casework.refusals import Invalid, NotFound
from casework.rosters.checking import check
from casework.rosters.comparing import Comparison, Sides, compare
from casework.staff import home
from casework.transactions import Transaction
from levels.rosters import Roster, same
from records.municipalities import Service
from records.rosters import RosterDraft

KEPT = timedelta(hours=2)
WITHOUT_ROSTER = ("administration",)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and how it is to be taken: `unit_id` for every row, or by the units the file names.

    `whole` says that those who are not in it have left. `synthetic_only` refuses numbers that somebody real may hold.
    """

    roster: Roster
    unit_id: UUID | None = None
    whole: bool = False
    synthetic_only: bool = False
    key: str | None = field(default=None, compare=False)


_SHAPE = TypeAdapter(Reading)


def upload(tx: Transaction, wanted: Reading, *, keys: IdentityKeys) -> UUID:
    """Keep what was read until it is confirmed; what the actor kept before is gone. Raises NotFound or Invalid."""
    tx.once(wanted.key, "upload_roster", unit=wanted.unit_id, rows=len(wanted.roster.pupils))
    town = home(tx)
    if wanted.unit_id is not None and wanted.unit_id not in units(tx, town):
        raise Invalid({"unit_id": "choose_one"})
    tx.session.execute(delete(RosterDraft).where(col(RosterDraft.made_by_id) == tx.actor.id))
    row = RosterDraft(
        municipality_id=town,
        made_by_id=tx.actor.id,
        made_at=tx.now,
        expires_at=tx.now + KEPT,
        cipher=keys.encrypt(_SHAPE.dump_json(wanted, exclude={"key"}).decode()),
    )
    tx.add(row)
    counts = {"pupils": len(wanted.roster.pupils), "colleagues": len(wanted.roster.colleagues)}
    tx.note("staff", row.id, "upload_roster", municipality_id=town, **counts)
    tx.result(draft_id=row.id)
    return row.id


def units(tx: Transaction, town: UUID) -> dict[UUID, str]:
    """The municipality's open units and services, by id."""
    found = tx.rows(
        select(Service.id, Service.name).where(
            Service.municipality_id == town,
            col(Service.closed_on).is_(None),
            col(Service.kind).not_in(WITHOUT_ROSTER),
        )
    )
    return dict(found)


def preview(tx: Transaction, draft_id: UUID, *, keys: IdentityKeys) -> tuple[RosterDraft, Comparison]:
    """What taking the file in would change as the register stands now. Raises NotFound, also when it has run out."""
    row = tx.get(RosterDraft, draft_id)
    if row.expires_at <= tx.now:
        raise NotFound
    wanted = _SHAPE.validate_json(keys.decrypt(row.cipher))
    known = units(tx, row.municipality_id)
    by_name = {same(name): unit_id for unit_id, name in known.items()}
    checked = check(
        wanted.roster, by_name, unit_id=wanted.unit_id, synthetic_only=wanted.synthetic_only, today=tx.today
    )
    whole = wanted.whole and wanted.roster.whole is not False
    sides = Sides(row.municipality_id, known, checked, whole, keys)
    tx.session.expunge(row)
    return row, compare(tx, sides)


def cancel(tx: Transaction, draft_id: UUID) -> None:
    """Throw away what was read. Raises NotFound."""
    row = tx.get(RosterDraft, draft_id)
    tx.session.delete(row)
    tx.note("staff", row.id, "cancel_roster", municipality_id=row.municipality_id)


def forget(tx: Transaction) -> int:
    """Delete what nobody confirmed in time. For jobs; answers how many."""
    gone = tx.session.execute(text("DELETE FROM roster_drafts WHERE expires_at <= :now"), {"now": tx.now})
    tx.without_trail()
    return int(gone.rowcount)  # type: ignore[attr-defined]
