"""Reading in an emergency: the least one must know of a child, for a few hours, reviewed the next working day."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework import notices, sharing
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.break_glass import EMERGENCIES, LASTS, VERDICTS, review_by
from records.base import new_id

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Break:
    """Whom one must know of, named as people on the telephone name a child, and why."""

    first_name: str
    last_name: str
    born_on: date
    emergency: str
    reason: str
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Behind:
    """The least one must know: whom to call, who looks after the child, and from whom it must be kept."""

    id: UUID
    closes_at: datetime
    child_name: str
    born_on: date
    language: str
    interpreter: bool
    unit_name: str
    unit_phone: str
    protected_address: bool
    holder_name: str
    holder_title: str
    holder_phone: str
    case_state: str
    reported: bool
    guardians: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """One emergency read as its reader and the leader see it afterwards; nothing of the child."""

    id: UUID
    name: str
    emergency: str
    reason: str
    opened_at: datetime
    closes_at: datetime
    review_by: date
    reviewed_at: datetime | None
    verdict: str | None
    review: str
    mine: bool
    may_review: bool
    municipality_id: UUID
    case_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class Review:
    """What the leader finds, and why."""

    verdict: str
    review: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def may_break(tx: Transaction) -> bool:
    """Whether the actor works in child welfare, where emergencies are met."""
    return any(one.service_kind == "child_welfare" for one in tx.actor.practice())


def break_glass(tx: Transaction, wanted: Break) -> UUID:
    """See the least one must know of a child for four hours; the leader is told, and the family sees that it was done.

    Raises NotFound to anybody outside child welfare, Invalid, also when no such child is found: names are not searched
    for here, only known ones are found. That it was tried stands in the trail all the same.
    """
    tx.once(wanted.key, "break_glass", born=wanted.born_on, emergency=wanted.emergency)
    if not may_break(tx):
        raise NotFound
    _check(wanted)
    values = {
        "id": new_id(), "first": wanted.first_name, "last": wanted.last_name, "born": wanted.born_on,
        "named": wanted.emergency, "why": wanted.reason.strip(), "at": tx.now, "until": tx.now + LASTS,
        "due": review_by(tx.today),
    }  # fmt: skip
    found = tx.ask(
        "SELECT * FROM app.break_glass(:id, :first, :last, :born, :named, :why, :at, :until, :due)", values
    )
    if not found:
        tx.note_attempt("break_glass_failed", why=wanted.emergency)
        raise Invalid({"last_name": "no_such_child"})
    [row] = found
    kind, file = ("case", row.case_id) if row.case_id else ("child", row.child_id)
    tx.note(
        kind, file, "break_glass", municipality_id=row.municipality_id, glass=row.id, why=wanted.emergency
    )
    if row.leader_id and row.leader_id != tx.actor.id:
        about = ("broken_glass", row.id)
        notices.write(
            tx,
            "glass_broken",
            municipality_id=row.municipality_id,
            subject=about,
            practitioner_id=row.leader_id,
        )
    tx.result(glass_id=row.id)
    return UUID(str(row.id))


def _check(wanted: Break) -> None:
    errors = {}
    if not wanted.first_name.strip():
        errors["first_name"] = "write_something"
    if not wanted.last_name.strip():
        errors["last_name"] = "write_something"
    if wanted.emergency not in EMERGENCIES:
        errors["emergency"] = "choose_one"
    if not wanted.reason.strip():
        errors["reason"] = "write_something"
    if len(wanted.reason) > LONGEST_REASON:
        errors["reason"] = "too_long"
    if errors:
        raise Invalid(errors)


def behind(tx: Transaction, glass_id: UUID) -> Behind:
    """What is behind it, as long as it is open; reading it is noted every time. Raises NotFound."""
    found = tx.ask("SELECT * FROM app.behind_glass(:id, :at)", {"id": glass_id, "at": tx.now})
    if not found:
        raise NotFound
    values = found[0]._asdict()
    case_id, child_id, town = (values.pop(name) for name in ("case_id", "child_id", "municipality_id"))
    kind, file = ("case", case_id) if case_id else ("child", child_id)
    tx.note(kind, file, "break_glass", municipality_id=town, glass=glass_id)
    return Behind(**_shared(values))


def _shared(values: dict[str, Any]) -> dict[str, Any]:
    """What may be shown by the one rule of sharing; what may not is left empty."""
    what, page = sharing.What, sharing.Channel.PAGE
    if not sharing.in_emergency(what.PLACE, page, protected=values["protected_address"]).allowed:
        values = {**values, "unit_name": "", "unit_phone": ""}
    family = (
        one
        if sharing.in_emergency(what.CONTACT, page, protected=one["protected"]).allowed
        else {**one, "phone": ""}
        for one in values["guardians"]
    )
    return {**values, "guardians": tuple(family)}


def listed(tx: Transaction) -> list[Broken]:
    """One's own, and those of the service one leads; what waits for review comes first."""
    return tx.ask_for(Broken, "SELECT * FROM app.broken_glasses()")


def one(tx: Transaction, glass_id: UUID) -> Broken:
    """One of those; raises NotFound."""
    for found in listed(tx):
        if found.id == glass_id:
            return found
    raise NotFound


def review(tx: Transaction, glass_id: UUID, wanted: Review) -> UUID:
    """Find whether it was justified; a review may be changed, and the newest stands.

    Raises NotFound for one's own and for other services', Invalid or Stale.
    """
    tx.once(wanted.key, "review_glass", glass=glass_id, verdict=wanted.verdict)
    found = one(tx, glass_id)
    if not found.may_review:
        raise NotFound
    errors = {}
    if wanted.verdict not in VERDICTS:
        errors["verdict"] = "choose_one"
    if not wanted.review.strip():
        errors["review"] = "write_something"
    if len(wanted.review) > LONGEST_REASON:
        errors["review"] = "too_long"
    if errors:
        raise Invalid(errors)
    if wanted.version is not None and wanted.version != found.version:
        raise Stale(found.version)
    values = {"id": glass_id, "verdict": wanted.verdict, "why": wanted.review.strip(), "at": tx.now}
    if not tx.scalar("SELECT app.review_glass(:id, :verdict, :why, :at)", **values):
        raise NotFound
    kind, file = ("case", found.case_id) if found.case_id else ("break_glass", glass_id)
    tx.note(
        kind,
        file,
        "review_glass",
        municipality_id=found.municipality_id,
        glass=glass_id,
        verdict=wanted.verdict,
    )
    tx.result(glass_id=glass_id)
    return glass_id
