"""The access log for the data protection officer: who did what and when, on files named by number alone."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from casework import audit
from casework.identities import IdentityKeys, checked
from casework.ports import local_midnight
from casework.readings import officer_of
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from records.audit import TrailCheck

PAGE = 50
MOST_EXPORTED = 5000
LONGEST_PERIOD = timedelta(days=3 * 366)
# Kinds of acts one searches by; whatever is in none of them is found by searching for all.
KINDS: dict[str, tuple[str, ...]] = {
    "reads": (*audit.LOOKS, "family_read", "family_copy", "family_read_readers", "family_read_attachment"),
    "emergencies": ("break_glass", "break_glass_failed", "review_glass"),
    "attempts": ("denied", "family_code_failed", *audit.MISSES),
    "log_reads": ("read_access_log", "export_access_log", "find_child", "read_reading", "ask_why"),
}
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: by whom, about which child, from and until which day (inclusive), and which kind of act."""

    since: date
    until: date
    person_id: UUID | None = None
    child_id: UUID | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail. `file_name` is a case's number or the last letters of an id; a family has no name here."""

    id: UUID
    at: datetime
    actor_id: UUID
    name: str
    title: str
    role: str
    act: str
    page: str
    file_kind: str
    file_name: str
    case_id: UUID | None
    child_id: UUID | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """A page of the log, and the place where the next begins; None at the end."""

    lines: tuple[Line, ...]
    following: UUID | None


@dataclass(frozen=True, slots=True)
class FindChild:
    """A child as somebody who asks for access names it: a case's number, a national number, or names and birthday."""

    case_number: str = ""
    identity_number: str = ""
    first_name: str = ""
    last_name: str = ""
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """When the trail of a municipality was verified, and what was found; nobody's name for the nightly job."""

    checked_at: datetime
    asked_by_id: UUID | None
    files: int
    entries: int
    faults: int
    anchors: int
    broken_anchors: int

    @property
    def holds(self) -> bool:
        return not (self.faults or self.broken_anchors)


@dataclass(frozen=True, slots=True)
class TrailState:
    """How the proof stands: the last verifications, newest first, and the newest anchor's day and number of files."""

    checks: tuple[Check, ...]
    anchored_on: date | None
    anchored_files: int


def _check(wanted: Wanted) -> None:
    errors = {}
    if wanted.until < wanted.since:
        errors["until"] = "before_start"
    if wanted.until - wanted.since > LONGEST_PERIOD:
        errors["since"] = "period_too_long"
    if wanted.kind and wanted.kind not in KINDS:
        errors["kind"] = "choose_one"
    if errors:
        raise Invalid(errors)


def checked_period(tx: Transaction, wanted: Wanted) -> None:
    """Whether that can be searched for; raises NotFound to anybody but the officer, or Invalid."""
    officer_of(tx)
    _check(wanted)


def _found(tx: Transaction, wanted: Wanted, after: UUID | None, most: int) -> list[Line]:
    _check(wanted)
    values = {
        "person": wanted.person_id,
        "child": wanted.child_id,
        "since": local_midnight(wanted.since),
        "before": local_midnight(wanted.until + timedelta(days=1)),
        "acts": list(KINDS[wanted.kind]) if wanted.kind else None,
        "after": after,
        "most": most,
    }
    sql = (
        "SELECT * FROM app.access_log(CAST(:person AS uuid), CAST(:child AS uuid), :since, :before,"
        " CAST(:acts AS text[]), CAST(:after AS uuid), :most)"
    )
    return tx.ask_for(Line, sql, values)


def search(tx: Transaction, wanted: Wanted, *, after: UUID | None = None, limit: int = PAGE) -> LinePage:
    """A page of the log, newest first; that it was read is itself in the log.

    Raises NotFound to anybody but the officer, or Invalid.
    """
    officer_of(tx)
    found = _found(tx, wanted, after, limit + 1)
    _note(tx, "read_access_log", wanted)
    return LinePage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def export(tx: Transaction, wanted: Wanted) -> str:
    """The log as CSV, at most 5 000 lines, children by their opaque names; noted. Raises NotFound or Invalid."""
    officer_of(tx)
    found = _found(tx, wanted, None, MOST_EXPORTED)
    _note(tx, "export_access_log", wanted)
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";")
    rows.writerow(("at", "name", "title", "role", "act", "page", "file_kind", "file"))
    for one in found:
        cells = (one.name, one.title, one.role, one.act, one.page, one.file_kind, one.file_name)
        rows.writerow((one.at.isoformat(), *(harmless(cell) for cell in cells)))
    return written.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def child_name(tx: Transaction, child_id: UUID) -> str:
    """What a child is called in the log; raises NotFound for a child that is not the officer's to search for."""
    found: str | None = tx.scalar("SELECT app.child_in_log(:child)", child=child_id)
    if found is None:
        raise NotFound
    return found


def _note(tx: Transaction, act: str, wanted: Wanted) -> None:
    """In the child's own trail when it is about a child, else in the officer's."""
    town = min(officer_of(tx))
    about = {"person": wanted.person_id, "since": wanted.since, "until": wanted.until, "kind": wanted.kind}
    if wanted.child_id is None:
        tx.note("access_log", tx.actor.id, act, municipality_id=town, **about)
    else:
        child_name(tx, wanted.child_id)
        tx.note("child", wanted.child_id, act, municipality_id=town, **about)


def find_child(tx: Transaction, wanted: FindChild, *, keys: IdentityKeys) -> UUID:
    """The opaque id of the child somebody asks about; the look-up is in the child's trail, and a miss in one's own.

    Raises NotFound to anybody but the officer, Invalid, also when there is no such child or there are several.
    """
    officer_of(tx)
    said = "last_name"
    if wanted.case_number.strip():
        said, number = "case_number", wanted.case_number.strip()
        found = tx.ask("SELECT * FROM app.child_by_case(:number)", {"number": number})
    elif wanted.identity_number.strip():
        said, hashed = "identity_number", keys.index(checked(wanted.identity_number))
        found = tx.ask("SELECT * FROM app.child_by_number(:number)", {"number": hashed})
    else:
        _check_names(wanted)
        values = {"first": wanted.first_name, "last": wanted.last_name, "born": wanted.born_on}
        found = tx.ask("SELECT * FROM app.child_by_name(:first, :last, :born)", values)
    if not found:
        tx.note_attempt("find_child_failed")
        raise Invalid({said: "child_not_found"})
    if len(found) > 1:
        raise Invalid({"identity_number": "several_children"})
    [row] = found
    tx.note("child", row.child_id, "find_child", municipality_id=row.municipality_id)
    return UUID(str(row.child_id))


def _check_names(wanted: FindChild) -> None:
    named = {"first_name": wanted.first_name.strip(), "last_name": wanted.last_name.strip()}
    errors = {name: "write_something" for name, said in named.items() if not said}
    if wanted.born_on is None:
        errors["born_on"] = "write_something"
    if errors:
        raise Invalid(errors)


def people(tx: Transaction) -> list[tuple[UUID, str]]:
    """Everybody who works or has worked in the officer's municipality, by name; raises NotFound to anybody else."""
    sql = (
        "SELECT DISTINCT p.id, p.name, p.title FROM practitioners p JOIN assignments a ON a.practitioner_id = p.id"
        " JOIN services s ON s.id = a.service_id"
        " LEFT JOIN service_reaches r ON r.service_id = s.id AND r.municipality_id = ANY (:towns)"
        " WHERE s.municipality_id = ANY (:towns) OR r.id IS NOT NULL ORDER BY p.name, p.id"
    )
    found = tx.ask(sql, {"towns": list(officer_of(tx))})
    return [(row.id, f"{row.name}, {row.title}" if row.title else row.name) for row in found]


def trail_state(tx: Transaction, *, limit: int = 5) -> TrailState:
    """When the trail was verified last, by whom, and whether it holds; raises NotFound to anybody but the officer."""
    towns = list(officer_of(tx))
    rows = tx.rows(
        select(TrailCheck)
        .where(col(TrailCheck.municipality_id).in_(towns))
        .order_by(col(TrailCheck.checked_at).desc())
        .limit(limit)
    )
    anchors = tx.ask(
        "SELECT day, files FROM audit_anchors WHERE municipality_id = ANY (:towns) ORDER BY day DESC LIMIT 1",
        {"towns": towns},
    )
    checks = tuple(
        Check(c.checked_at, c.asked_by_id, c.files, c.entries, c.faults, c.anchors, c.broken_anchors)
        for c in rows
    )
    day, files = anchors[0] if anchors else (None, 0)
    return TrailState(checks, day, files)


def ask_for_check(tx: Transaction, *, key: str | None = None) -> None:
    """Have the whole trail verified now, besides every night; raises NotFound to anybody but the officer."""
    tx.once(key, "ask_for_check")
    town = min(officer_of(tx))
    tx.start_flow("anchor-audit", ids={"asked_by_id": tx.actor.id})
    tx.note("access_log", tx.actor.id, "ask_for_check", municipality_id=town)
