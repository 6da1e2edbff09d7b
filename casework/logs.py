"""The relay log (stafettlogg): what people write, and what the house writes about its own acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, Unpack
from uuid import UUID

from sqlmodel import col, select

from casework import child_views, deadlines, relations
from casework.access import Permission, Standing
from casework.refusals import Change, Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.child_views import SayView
from levels.hidings import BEGINS, DUE, day_to_look
from records.cases import Case
from records.logs import LogEntry
from records.municipalities import Practitioner

WRITTEN_KINDS = ("conversation", "phone_call", "meeting", "observation", "decision")
LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its reader sees it. `code` and `facts` tell the house's own sentences."""

    id: UUID
    kind: str
    code: str | None
    facts: dict[str, Any]
    body: str
    happened_at: datetime
    written_at: datetime
    author_id: UUID | None
    author_name: str
    author_title: str
    for_family: bool
    hidden_reason: str | None
    hidden_until: date | None
    corrected_by: UUID | None
    corrects_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WriteEntry:
    """What a person wants to write in the log."""

    body: str
    kind: str = "conversation"
    happened_at: datetime | None = None
    for_family: bool = True
    hidden_reason: str | None = None
    hidden_until: date | None = None
    corrects_id: UUID | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def write(tx: Transaction, case_id: UUID, wanted: WriteEntry) -> UUID:
    """Write in a case's log, or correct an entry with the old text kept.

    What corrects a hidden entry is hidden as it is. Raises NotFound, NotPermitted, Invalid, or Stale when somebody
    wrote since the page was read.
    """
    tx.once(wanted.key, "write_log", case=case_id, body=wanted.body, corrects=wanted.corrects_id)
    case = tx.lock(Case, case_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.WRITE_LOG, standing)
    _check(tx, standing, wanted)
    corrected = _own_entry(tx, case, wanted.corrects_id) if wanted.corrects_id else None
    fresh(tx, case, wanted.version)
    kept = hidden_as(wanted, corrected)
    entry_id = tx.add_line(
        case,
        kind=wanted.kind,
        body=wanted.body.strip(),
        happened_at=wanted.happened_at or tx.now,
        author_id=tx.actor.id,
        corrects_id=wanted.corrects_id,
        **kept,
    )
    if corrected is not None:
        deadlines.let_go(tx, corrected.id, DUE)
    look_again(tx, case, entry_id, kept["hidden_until"])
    touch(tx, case)
    tx.note(
        "case",
        case.id,
        "write_log",
        municipality_id=case.municipality_id,
        entry=entry_id,
        for_family=kept["for_family"],
        version=case.version,
    )
    tx.result(entry_id=entry_id, case_id=case.id)
    return entry_id


def _check(tx: Transaction, standing: Standing, wanted: WriteEntry) -> None:
    errors = {}
    if not wanted.body.strip():
        errors["body"] = "write_something"
    if len(wanted.body) > LONGEST:
        errors["body"] = "too_long"
    if wanted.kind not in WRITTEN_KINDS:
        errors["kind"] = "choose_one"
    if wanted.happened_at and wanted.happened_at > tx.now:
        errors["happened_at"] = "not_in_the_future"
    if not wanted.for_family:
        errors |= hiding_faults(tx, standing, wanted.hidden_reason, wanted.hidden_until)
    if errors:
        raise Invalid(errors)


def may_hide(tx: Transaction, standing: Standing) -> bool:
    """Whether the actor may hide from the family and show again: the holder, or child welfare (decision 11)."""
    return "holder" in standing.relations or any(
        m.service_kind == "child_welfare" for m in tx.actor.memberships
    )


def hiding_faults(
    tx: Transaction, standing: Standing, reason: str | None, until: date | None
) -> dict[str, str]:
    """What stands in the way of keeping something from the family: only the holder or child welfare, with a reason."""
    errors = {}
    if not may_hide(tx, standing):
        errors["for_family"] = "only_holder_hides"
    if not (reason or "").strip():
        errors["hidden_reason"] = "write_why"
    if until is None or until <= tx.today:
        errors["hidden_until"] = "choose_a_later_day"
    return errors


class _Hidable(Protocol):
    @property
    def for_family(self) -> bool: ...
    @property
    def hidden_reason(self) -> str | None: ...
    @property
    def hidden_until(self) -> date | None: ...


def hidden_as(wanted: _Hidable, around: LogEntry | None) -> dict[str, Any]:
    """Whether something is shown to the family, as it was wanted, or as hidden as the entry that it belongs to."""
    kept = around if around is not None and not around.for_family else wanted
    if kept.for_family:
        return {"for_family": True, "hidden_reason": None, "hidden_until": None}
    reason = (kept.hidden_reason or "").strip()
    return {"for_family": False, "hidden_reason": reason, "hidden_until": kept.hidden_until}


def look_again(tx: Transaction, case: Case, thing_id: UUID, until: date | None) -> None:
    """Give what is hidden a deadline: by this day the holder looks at it again. Nothing for what is shown."""
    if until is not None:
        deadlines.start(
            tx,
            BEGINS,
            municipality_id=case.municipality_id,
            guide_id=case.guide_id,
            level_id=case.level_id,
            subject=(DUE, thing_id),
            case_id=case.id,
            owner_id=case.holder_id,
            agreed_on=day_to_look(until, tx.today),
        )


def _own_entry(tx: Transaction, case: Case, entry_id: UUID) -> LogEntry:
    entry = tx.get(LogEntry, entry_id)
    if entry.case_id != case.id or entry.author_id != tx.actor.id:
        raise NotFound
    return entry


def fresh(tx: Transaction, case: Case, version: int | None) -> None:
    """Go on only if the case stands as it was read; raises Stale with what others wrote since."""
    if version is not None and version != case.version:
        raise Stale(case.version, since(tx, case, version))


def since(tx: Transaction, case: Case, version: int) -> tuple[Change, ...]:
    """What others wrote since a version was read: shown in the conflict box."""
    behind = max(1, min(case.version - version, 5))
    newest = [entry for entry in entries(tx, case.id, limit=behind) if entry.author_id != tx.actor.id]
    return tuple(
        Change(entry.code or entry.kind, entry.author_name, entry.written_at, entry.body) for entry in newest
    )


def tell(tx: Transaction, case: Case, kind: str, code: str, *, body: str = "", **facts: Any) -> None:
    """The house writes in the log what was done: a code and values, worded for each reader's language.

    `body` is what people wrote as part of the act, as a meeting's minutes.
    """
    tell_of(tx, case, kind, code, facts, body=body)


def tell_of(
    tx: Transaction,
    case: Case,
    kind: str,
    code: str,
    facts: Mapping[str, Any],
    *,
    author_id: UUID | None = None,
    body: str = "",
) -> None:
    """The same of an act that `author_id` did, who sees nothing here; else whoever is at work did it."""
    at_work = tx.actor.id if tx.actor.way == "staff" else None
    tx.add_line(
        case,
        kind=kind,
        code=code,
        facts={name: str(value) for name, value in facts.items()},
        body=body,
        author_id=author_id or at_work,
    )


def touch(tx: Transaction, case: Case) -> None:
    """Move the case's version and the time of its last activity."""
    case.version += 1
    case.last_activity_at = tx.now


def entries(
    tx: Transaction,
    case_id: UUID,
    *,
    limit: int = 20,
    before: UUID | None = None,
    kinds: tuple[str, ...] = (),
) -> list[Entry]:
    """The log, newest first; `before` is the last entry already shown."""
    wanted = (
        select(LogEntry, Practitioner.name, Practitioner.title)
        .outerjoin(Practitioner, col(Practitioner.id) == col(LogEntry.author_id))
        .where(LogEntry.case_id == case_id)
        .order_by(col(LogEntry.written_at).desc(), col(LogEntry.id).desc())
        .limit(limit)
    )
    if kinds:
        wanted = wanted.where(col(LogEntry.kind).in_(kinds))
    if before is not None:
        wanted = wanted.where(col(LogEntry.id) < before)
    found = tx.rows(wanted)
    fixed = _corrections(tx, [entry.id for entry, _, _ in found])
    return [_entry(entry, name, title, fixed) for entry, name, title in found]


def _entry(entry: LogEntry, name: str | None, title: str | None, fixed: dict[UUID, UUID]) -> Entry:
    return Entry(
        entry.id,
        entry.kind,
        entry.code,
        entry.facts,
        entry.body,
        entry.happened_at,
        entry.written_at,
        entry.author_id,
        name or "",
        title or "",
        entry.for_family,
        entry.hidden_reason,
        entry.hidden_until,
        fixed.get(entry.id),
        entry.corrects_id,
    )


def _corrections(tx: Transaction, shown: list[UUID]) -> dict[UUID, UUID]:
    if not shown:
        return {}
    found = tx.rows(select(LogEntry.corrects_id, LogEntry.id).where(col(LogEntry.corrects_id).in_(shown)))
    return dict(found)


def write_child_view(
    tx: Transaction, case_id: UUID, *, key: str | None = None, **said: Unpack[child_views.Said]
) -> UUID:
    """Write down what the child says or shows in a form that fits its age, or why it has not been asked.

    Raises NotFound, NotPermitted or Invalid. Barneloven § 31 and barnekonvensjonen art. 12: any child who
    can form a view is to be heard.
    """
    view = SayView(**said)
    tx.once(key, "write_child_view", case=case_id, words=view.words, shown=view.shown, why_not=view.why_not)
    case = tx.lock(Case, case_id)
    tx.require(Permission.WRITE_CHILD_VIEW, relations.to_case(tx, case))
    view_id = keep_child_view(tx, case, view)
    touch(tx, case)
    tx.result(view_id=view_id, case_id=case.id)
    return view_id


def keep_child_view(tx: Transaction, case: Case, view: SayView, *, at: str = "") -> UUID:
    """Keep a view as part of another act, and say so in the log; `at` goes before the names of its faulty fields."""
    row = child_views.keep(tx, case, view, at=at)
    heard = bool(row.words or row.mood or row.shown)
    tell(tx, case, "child_view", "child_view_written" if heard else "child_not_asked", view=row.id)
    tx.note("case", case.id, "write_child_view", municipality_id=case.municipality_id, view=row.id)
    return row.id
