"""Odd readings (snoking): found in the trail at night, explained by the reader, judged by the officer."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import select

from casework import audit, notices
from casework.access import Role
from casework.ports import local_midnight
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.charts import Offer, move, offers
from levels.readings import (
    BOUNDS,
    EXPLAINED_FOR,
    LASTING,
    SETTING,
    Limits,
    Look,
    Odd,
    ReadingChart,
    ReadingFacts,
    limits_of,
    odd,
)
from records.municipalities import Municipality
from records.readings import OddReading

LONGEST = 2000
# A night the job did not run is caught up with; what was found stands once.
CAUGHT_UP = 7
DECISIONS = ("ask", "pass_on", "explain", "report")
GROUPS = {
    "waiting": ("found", "answered"),
    "asked": ("asked", "passed_on"),
    "explained": ("explained",),
    "reported": ("reported",),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An odd reading as the officer, the reader who is asked and the reader's leader see it: no child's name."""

    id: UUID
    municipality_id: UUID
    reader_id: UUID
    name: str
    title: str
    sign: str
    day: date
    reads: int
    file_name: str
    case_id: UUID | None
    found_at: datetime
    state: str
    question: str
    asked_at: datetime | None
    passed_to_id: UUID | None
    passed_to: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    reason: str
    judged_at: datetime | None
    judged_by: str
    version: int


@dataclass(frozen=True, slots=True)
class OddLook:
    """One of the reads: when, in which role, what kind of page, and the file by its number."""

    at: datetime
    role: str
    act: str
    page: str
    file_name: str
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A finding with its reads. `judges` for the officer, `may_answer` for whoever is asked just now."""

    finding: Finding
    looks: tuple[OddLook, ...]
    judges: bool
    may_answer: bool
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Decide:
    """`ask` the reader, `pass_on` to the leader, `explain` or `report` as a breach; and the question or the reason."""

    decision: str
    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader, or the leader, says about it."""

    answer: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ChooseLimits:
    """From how many on something is odd here."""

    children_in_hour: int
    children_in_day: int
    misses_in_day: int
    failed_emergencies: int
    closed_days: int
    key: str | None = field(default=None, compare=False)


def officer_of(tx: Transaction) -> frozenset[UUID]:
    """Where the actor is data protection officer; raises NotFound to anybody else."""
    towns = tx.actor.municipalities_as(Role.DATA_PROTECTION_OFFICER)
    if not towns:
        raise NotFound
    return towns


def hunt(tx: Transaction) -> int:
    """Look through the last days of the trail, keep what is new and tell the officers. For jobs.

    Answers how many findings are new or grew.
    """
    limits = {town.id: limits_of(town.settings) for town in tx.rows(select(Municipality))}
    changed: dict[UUID, int] = {}
    for back in range(CAUGHT_UP, 0, -1):
        day = tx.today - timedelta(days=back)
        for town, looks in _looks(tx, day).items():
            for found in odd(looks, limits[town]):
                children = {one.child_id for one in looks if one.file_id == found.file_id}
                kept = _keep(tx, found, town, day, next(iter(children), None))
                changed[town] = changed.get(town, 0) + kept
    for town in (one for one, number in changed.items() if number):
        for person in _officers(tx, town):
            about = ("readings", town)
            notices.write(tx, "readings_found", municipality_id=town, subject=about, practitioner_id=person)
    tx.without_trail()
    return sum(changed.values())


def _looks(tx: Transaction, day: date) -> dict[UUID, list[Look]]:
    values = {
        "since": local_midnight(day),
        "before": local_midnight(day + timedelta(days=1)),
        "acts": [*audit.LOOKS, *audit.MISSES],
    }
    found: dict[UUID, list[Look]] = {}
    for row in tx.ask("SELECT * FROM app.looks(:since, :before, :acts)", values):
        look = Look(
            entry_id=row.entry_id,
            reader_id=row.reader_id,
            at=row.at,
            file_id=row.file_id,
            child_id=row.child_id,
            missed=audit.MISSES.get(row.act, ""),
            related=row.related or row.act in audit.ASKED,
            emergency=row.act == "break_glass",
            on_duty=row.on_duty,
            same_name=row.same_name,
            neighbour=row.neighbour,
            closed_at=row.closed_at,
        )
        found.setdefault(row.municipality_id, []).append(look)
    return found


def _keep(tx: Transaction, found: Odd, town: UUID, day: date, child_id: UUID | None) -> int:
    """Keep a finding unless its reads are known, or were explained for good; 1 when something was written."""
    before = tx.rows(
        select(OddReading).where(
            OddReading.reader_id == found.reader_id,
            OddReading.sign == found.sign.value,
            OddReading.file_id == found.file_id,
        )
    )
    known = {entry for row in before for entry in row.entry_ids}
    fresh = [entry for entry in found.entry_ids if entry not in known]
    if not fresh or (found.sign in LASTING and any(_explained_lately(tx, row) for row in before)):
        return 0
    growing = next((row for row in before if _may_grow(row)), None)
    if growing is not None:
        growing.entry_ids = [*growing.entry_ids, *fresh]
        growing.version += 1
    else:
        growing = OddReading(
            municipality_id=town,
            reader_id=found.reader_id,
            sign=found.sign.value,
            day=day,
            file_id=found.file_id,
            child_id=child_id,
            entry_ids=fresh,
            found_at=tx.now,
        )
        tx.add(growing)
    tx.session.flush()
    tx.note("reading", growing.id, "reading_found", municipality_id=town, sign=growing.sign)
    return 1


def _explained_lately(tx: Transaction, row: OddReading) -> bool:
    return row.state == "explained" and row.judged_at is not None and tx.now - row.judged_at < EXPLAINED_FOR


def _may_grow(row: OddReading) -> bool:
    return row.state not in ("explained", "reported") and row.file_id != row.reader_id


def _officers(tx: Transaction, town: UUID) -> list[UUID]:
    sql = (
        "SELECT DISTINCT a.practitioner_id FROM assignments a JOIN services s ON s.id = a.service_id"
        " WHERE s.municipality_id = :town AND a.role = 'data_protection_officer' AND a.since <= :today"
        " AND (a.until IS NULL OR a.until >= :today)"
    )
    return [row.practitioner_id for row in tx.ask(sql, {"town": town, "today": tx.today})]


def listed(tx: Transaction, *, group: str = "", sign: str = "") -> list[Finding]:
    """The officer's findings, newest first; for others those they are asked about. No child in it."""
    found = tx.ask_for(Finding, "SELECT * FROM app.listed_readings()")
    states = GROUPS.get(group)
    return [
        one for one in found if (states is None or one.state in states) and (not sign or one.sign == sign)
    ]


def counts(found: Iterable[Finding]) -> dict[str, int]:
    """How many stand in each group."""
    states = [one.state for one in found]
    return {group: sum(state in members for state in states) for group, members in GROUPS.items()}


def waiting(tx: Transaction) -> int:
    """How many wait for the actor: for the officer to look at, for others to answer."""
    officer = tx.actor.has_role(Role.DATA_PROTECTION_OFFICER)
    return sum(_waits_for(tx, one) or (officer and one.state in GROUPS["waiting"]) for one in listed(tx))


def _waits_for(tx: Transaction, one: Finding) -> bool:
    return (one.state == "asked" and one.reader_id == tx.actor.id) or (
        one.state == "passed_on" and one.passed_to_id == tx.actor.id
    )


def _judges(tx: Transaction, one: Finding) -> bool:
    towns = tx.actor.municipalities_as(Role.DATA_PROTECTION_OFFICER)
    return one.municipality_id in towns and one.reader_id != tx.actor.id


def _one(tx: Transaction, reading_id: UUID) -> Finding:
    for found in listed(tx):
        if found.id == reading_id:
            return found
    raise NotFound


def page(tx: Transaction, reading_id: UUID) -> FindingPage:
    """One finding with its reads, for the officer and for whoever is asked; reading it is noted. Raises NotFound."""
    found = _one(tx, reading_id)
    tx.note("reading", found.id, "read_reading", municipality_id=found.municipality_id)
    judges = _judges(tx, found)
    looks = tx.ask_for(OddLook, "SELECT * FROM app.odd_looks(:id)", {"id": reading_id})
    facts = ReadingFacts(
        reason_given=True, judged_by_another=judges, leader_known=_leader(tx, found.reader_id) is not None
    )
    return FindingPage(
        finding=found,
        looks=tuple(looks),
        judges=judges,
        may_answer=_waits_for(tx, found),
        offers=tuple(one for one in offers(ReadingChart, found.state, facts) if one.event in DECISIONS)
        if judges
        else (),
    )


def _leader(tx: Transaction, reader_id: UUID) -> UUID | None:
    """The nearest leader of somebody, from the first service that has one."""
    sql = (
        "SELECT s.leader_id FROM assignments a JOIN services s ON s.id = a.service_id"
        " WHERE a.practitioner_id = :reader AND s.leader_id <> :reader AND a.since <= :today"
        " AND (a.until IS NULL OR a.until >= :today) ORDER BY a.since, a.id LIMIT 1"
    )
    found: UUID | None = tx.scalar(sql, reader=reader_id, today=tx.today)
    return found


def decide(tx: Transaction, reading_id: UUID, wanted: Decide) -> UUID:
    """The officer does something about it. Whoever is asked is told without a word of what it is about.

    Raises NotFound to anybody else, and for one's own reads, Invalid, Stale or Refused.
    """
    tx.once(wanted.key, "decide_reading", reading=reading_id, decision=wanted.decision)
    found = _one(tx, reading_id)
    if not _judges(tx, found):
        raise NotFound
    if wanted.decision not in DECISIONS:
        raise Invalid({"decision": "choose_one"})
    _check("reason", wanted.reason)
    row = tx.lock(OddReading, reading_id, version=wanted.version)
    leader = _leader(tx, row.reader_id)
    facts = ReadingFacts(reason_given=True, judged_by_another=True, leader_known=leader is not None)
    row.state = move(ReadingChart, row.state, wanted.decision, facts).after
    row.version += 1
    said = wanted.reason.strip()
    if wanted.decision in ("ask", "pass_on"):
        asked = leader if wanted.decision == "pass_on" else row.reader_id
        _ask(tx, row, said, asked, passed=wanted.decision == "pass_on")
    else:
        row.reason, row.judged_at, row.judged_by_id = said, tx.now, tx.actor.id
    tx.note("reading", row.id, f"reading_{row.state}", municipality_id=row.municipality_id)
    tx.result(reading_id=row.id)
    return row.id


def _ask(tx: Transaction, row: OddReading, question: str, person: UUID | None, *, passed: bool) -> None:
    row.question, row.answer, row.answered_at, row.answered_by_id = question, "", None, None
    if passed:
        row.passed_to_id = person
        kind = "reading_passed_on"
    else:
        row.asked_at = tx.now
        kind = "reading_asked"
    about = ("reading", row.id)
    notices.write(tx, kind, municipality_id=row.municipality_id, subject=about, practitioner_id=person)


def _check(name: str, said: str) -> None:
    if not said.strip():
        raise Invalid({name: "write_something"})
    if len(said) > LONGEST:
        raise Invalid({name: "too_long"})


def answer(tx: Transaction, reading_id: UUID, wanted: Answer) -> UUID:
    """Whoever is asked answers, and the officer is told. Raises NotFound, Invalid, Stale or Refused."""
    tx.once(wanted.key, "answer_reading", reading=reading_id, said=wanted.answer)
    found = _one(tx, reading_id)
    if tx.actor.id not in (found.reader_id, found.passed_to_id):
        raise NotFound
    _check("answer", wanted.answer)
    if wanted.version is not None and wanted.version != found.version:
        raise Stale(found.version)
    moved = move(ReadingChart, found.state, "answer", ReadingFacts(reason_given=True))
    values = {"id": reading_id, "to": moved.after, "said": wanted.answer.strip(), "at": tx.now}
    if not tx.scalar("SELECT app.answer_reading(:id, :to, :said, :at)", **values):
        raise NotFound
    tx.note("reading", reading_id, "answer_reading", municipality_id=found.municipality_id)
    for person in _officers(tx, found.municipality_id):
        if person != tx.actor.id:
            about = ("reading", reading_id)
            town = found.municipality_id
            notices.write(tx, "reading_answered", municipality_id=town, subject=about, practitioner_id=person)
    tx.result(reading_id=reading_id)
    return reading_id


def limits(tx: Transaction) -> Limits:
    """The limits where the actor is officer; raises NotFound to anybody else."""
    return limits_of(tx.get(Municipality, _home(tx)).settings)


def _home(tx: Transaction) -> UUID:
    towns, home = officer_of(tx), tx.actor.membership
    return home.municipality_id if home and home.municipality_id in towns else min(towns)


def choose_limits(tx: Transaction, wanted: ChooseLimits) -> None:
    """Choose them, within the bounds: no sign can be switched off. Raises NotFound or Invalid."""
    chosen = {name: getattr(wanted, name) for name in BOUNDS}
    tx.once(wanted.key, "choose_reading_limits", **chosen)
    town = _home(tx)
    outside = [name for name, (least, most) in BOUNDS.items() if not least <= chosen[name] <= most]
    if outside:
        raise Invalid(dict.fromkeys(outside, "out_of_bounds"))
    named: dict[str, object] = {SETTING.format(name): value for name, value in chosen.items()}
    tx.scalar(
        "SELECT app.choose_reading_limits(:town, CAST(:chosen AS jsonb))", town=town, chosen=json.dumps(named)
    )
    tx.note(
        "access_log", tx.actor.id, "choose_reading_limits", municipality_id=town, **asdict(limits_of(named))
    )
