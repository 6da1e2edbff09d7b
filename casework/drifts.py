"""Cases about to be left lying: one question per kind, asked anew each night; gone when the cause is gone."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from casework.access import Role
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels import workdays
from records.base import new_id
from records.cases import Case
from records.drifts import DRIFT_KINDS, Drift

KINDS = DRIFT_KINDS
LATE_WORKDAYS = 10
BATON_WORKDAYS = 5
CONSENT_DAYS = 14
LONGEST_SNOOZE = timedelta(days=92)
# What the municipality may choose, and what holds until it does: days, save for the absence, which is working days.
TERMS = {
    "drift_quiet_days": 30,
    "drift_level_1_days": 90,
    "drift_level_2_days": 120,
    "drift_level_3_days": 180,
    "absence_workdays": 10,
}


@dataclass(frozen=True, slots=True)
class Snooze:
    """Until which day something is left in peace, and why."""

    until: date
    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DriftDetails:
    """One thing that drifts, as its owner sees it."""

    id: UUID
    case_id: UUID
    case_number: str
    child_name: str
    unit_name: str
    kind: str
    found_at: datetime
    snoozed_until: date | None
    snooze_reason: str
    version: int


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One thing that drifts, as the coordinator sees it: a number and a unit, and no name."""

    id: UUID
    kind: str
    case_number: str
    unit_name: str
    found_at: datetime


def _days(name: str) -> str:
    return f"coalesce((m.settings ->> '{name}')::int, {TERMS[name]})"


_OPEN = "c.state IN ('level_1', 'level_2', 'level_3') AND (c.paused_until IS NULL OR c.paused_until < :today)"
_IN_FORCE = """
    (SELECT coalesce(max(v.moved_at), c.opened_at) FROM case_moves v
      WHERE v.case_id = c.id AND v.event NOT IN ('go_round', 'ask_forum'))
"""
_TERM = "CASE c.state {} END".format(
    " ".join(f"WHEN 'level_{n}' THEN {_days(f'drift_level_{n}_days')}" for n in (1, 2, 3))
)

# Each finds cases `c` of the municipality `m`, `w` when the holder is away. What is found is the holder's, unless
# the kind is the leader's or the holder is not there.
_CAUSES = {
    "no_activity": f"{_OPEN} AND c.last_activity_at < :now - make_interval(days => {_days('drift_quiet_days')})",
    "long_at_level": f"{_OPEN} AND {_IN_FORCE} < :now - make_interval(days => {_TERM})",
    "evaluation_overdue": f"""{_OPEN} AND EXISTS (SELECT 1 FROM deadlines d WHERE d.case_id = c.id
        AND d.due = 'evaluation' AND d.settled_at IS NULL AND d.target_on < :late)""",
    "going_round": f"""{_OPEN} AND (SELECT count(*) FROM case_moves g WHERE g.case_id = c.id
        AND g.event = 'go_round' AND g.level_after = c.level_id AND g.moved_at > {_IN_FORCE}) >= 2""",
    "closed_without_outcome": """c.state = 'closed' AND c.closed_at > :now - interval '1 year'
        AND (coalesce(c.closing ->> 'reason', '') = '' OR EXISTS (SELECT 1 FROM measures t
          WHERE t.case_id = c.id AND t.last_result IS NULL AND t.ended_at >= c.closed_at))""",
    "invitation_ignored": f"""{_OPEN} AND EXISTS (SELECT 1 FROM invitations i WHERE i.case_id = c.id
        AND i.state = 'expired' AND i.reply_by < :late)""",
    "baton_waiting": f"""{_OPEN} AND EXISTS (SELECT 1 FROM handovers h WHERE h.case_id = c.id
        AND h.outcome = 'offered' AND h.offered_at < :offered)""",
    "holder_away": f"""{_OPEN} AND c.holder_id = ANY (CAST(:unattended AS uuid[]))
        AND NOT EXISTS (SELECT 1 FROM participations p WHERE p.case_id = c.id AND p.until IS NULL
          AND p.practitioner_id = w.substitute_id)""",
    "consent_running_out": f"""{_OPEN} AND EXISTS (SELECT 1 FROM consents s
        JOIN participations p ON p.case_id = c.id AND p.service_id = s.service_id AND p.kind = 'service'
        WHERE s.case_id = c.id AND p.until IS NULL AND s.state IN ('given', 'limited')
          AND s.expires_on BETWEEN :today AND :soon)""",
}
_LEADERS = ("closed_without_outcome", "baton_waiting", "holder_away")
_FOUND = " UNION ALL ".join(
    f"SELECT c.id AS case_id, c.municipality_id, '{kind}' AS kind,"
    f" CASE WHEN {'true' if kind in _LEADERS else 'w.practitioner_id IS NOT NULL'}"
    " THEN coalesce(u.leader_id, c.holder_id) ELSE c.holder_id END AS owner_id"
    " FROM cases c JOIN municipalities m ON m.id = c.municipality_id JOIN services u ON u.id = c.unit_id"
    f" LEFT JOIN app.away_now() w ON w.practitioner_id = c.holder_id WHERE {cause}"
    for kind, cause in _CAUSES.items()
)
_CURRENT = text(f"SELECT f.case_id, f.municipality_id, f.kind, f.owner_id FROM ({_FOUND}) f ORDER BY 1, 3")
_PENDING = text(
    "SELECT id, case_id, kind, owner_id, municipality_id FROM drifts WHERE settled_at IS NULL FOR UPDATE"
)
_ADD = text(
    "INSERT INTO drifts (id, municipality_id, case_id, kind, owner_id, found_at, snooze_reason, version)"
    " VALUES (:id, :town, :case, :kind, :owner, :now, '', 1)"
    " ON CONFLICT (case_id, kind) WHERE settled_at IS NULL DO NOTHING"
)
_AWAY_LONG = text(
    f"SELECT a.practitioner_id, a.from_on, a.until_on, {_days('absence_workdays')} AS most FROM absences a"
    " JOIN municipalities m ON m.id = a.municipality_id"
    " WHERE a.ended_at IS NULL AND :today BETWEEN a.from_on AND a.until_on"
)


def _before(day: date, days: int) -> date:
    """The day from which so many working days have passed until now."""
    found = day
    while workdays.workdays_between(found, day) < days:
        found -= timedelta(days=1)
    return found


def _values(tx: Transaction) -> dict[str, Any]:
    away = tx.session.execute(_AWAY_LONG, {"today": tx.today}).all()
    one_day = timedelta(days=1)
    return {
        "today": tx.today,
        "now": tx.now,
        "late": _before(tx.today, LATE_WORKDAYS),
        "offered": workdays.end_of(_before(tx.today, BATON_WORKDAYS) - one_day),
        "soon": tx.today + timedelta(days=CONSENT_DAYS),
        "unattended": [
            row.practitioner_id
            for row in away
            if workdays.workdays_between(row.from_on - one_day, row.until_on) > row.most
        ],
    }


def hunt(tx: Transaction) -> int:
    """Ask every question; keep what is new, settle what is no longer so, and follow the baton. For jobs.

    What stands already stands once. Answers how many rows were found, moved or settled.
    """
    current = {(row.case_id, row.kind): row for row in tx.session.execute(_CURRENT, _values(tx))}
    pending = {(row.case_id, row.kind): row for row in tx.session.execute(_PENDING)}
    changed = 0
    for key, row in pending.items():
        changed += _settle(tx, row) if key not in current else _follow(tx, row, current[key].owner_id)
    for key, row in current.items():
        changed += _keep(tx, row) if key not in pending else 0
    tx.without_trail()
    return changed


def _settle(tx: Transaction, row: Any) -> int:
    tx.session.execute(
        text("UPDATE drifts SET settled_at = :now, version = version + 1 WHERE id = :id"),
        {"now": tx.now, "id": row.id},
    )
    tx.note("case", row.case_id, "drift_settled", municipality_id=row.municipality_id, kind=row.kind)
    return 1


def _follow(tx: Transaction, row: Any, owner_id: UUID) -> int:
    if owner_id == row.owner_id:
        return 0
    tx.session.execute(
        text("UPDATE drifts SET owner_id = :owner WHERE id = :id"), {"owner": owner_id, "id": row.id}
    )
    return 1


def _keep(tx: Transaction, row: Any) -> int:
    values = {"id": new_id(), "town": row.municipality_id, "case": row.case_id, "kind": row.kind}
    tx.session.execute(_ADD, {**values, "owner": row.owner_id, "now": tx.now})
    tx.note("case", row.case_id, "drift_found", municipality_id=row.municipality_id, kind=row.kind)
    return 1


_MINE = """
    SELECT d.id, d.case_id, c.number AS case_number, k.first_name || ' ' || k.last_name AS child_name,
      u.name AS unit_name, d.kind, d.found_at, d.snoozed_until, d.snooze_reason, d.version
    FROM drifts d JOIN cases c ON c.id = d.case_id JOIN children k ON k.id = c.child_id
    JOIN services u ON u.id = c.unit_id
    WHERE d.owner_id = :actor AND d.settled_at IS NULL
"""
_LISTED: TextClause = text(_MINE + " ORDER BY d.found_at, d.id")
_ONE = text(_MINE + " AND d.id = :drift")
_OVERVIEW = text(
    "SELECT o.drift_id AS id, o.kind, o.number AS case_number, u.name AS unit_name, o.found_at"
    " FROM app.drift_overview(:today, :limit) o JOIN services u ON u.id = o.unit_id ORDER BY o.found_at, o.drift_id"
)


def mine(tx: Transaction, *, snoozed: bool = False) -> list[DriftDetails]:
    """What drifts and is the actor's to do something about, oldest first; or what has been put off."""
    rows = [DriftDetails(**row) for row in tx.session.execute(_LISTED, {"actor": tx.actor.id}).mappings()]
    return [row for row in rows if _silent(row, tx.today) == snoozed]


def _silent(row: DriftDetails, today: date) -> bool:
    return row.snoozed_until is not None and row.snoozed_until > today


WAITING = (
    "SELECT count(*) FROM drifts WHERE owner_id = :actor AND settled_at IS NULL"
    " AND (snoozed_until IS NULL OR snoozed_until <= :today)"
)


def one(tx: Transaction, drift_id: UUID) -> DriftDetails:
    """One of them; raises NotFound when it is not the actor's, or settled."""
    row = tx.session.execute(_ONE, {"actor": tx.actor.id, "drift": drift_id}).mappings().first()
    if row is None:
        raise NotFound
    return DriftDetails(**row)


def overview(tx: Transaction, *, limit: int = 200) -> list[DriftRow]:
    """What drifts where the actor coordinates, without a name; nothing to anybody else."""
    if not tx.actor.municipalities_as(Role.COORDINATOR):
        return []
    found = tx.session.execute(_OVERVIEW, {"today": tx.today, "limit": limit}).mappings()
    return [DriftRow(**row) for row in found]


def snooze(tx: Transaction, drift_id: UUID, wanted: Snooze) -> UUID:
    """Leave it in peace until a day, with a reason. Raises NotFound, Invalid or Stale."""
    tx.once(wanted.key, "snooze_drift", drift=drift_id, until=wanted.until)
    found = one(tx, drift_id)
    errors = {}
    if not tx.today < wanted.until <= tx.today + LONGEST_SNOOZE:
        errors["until"] = "snooze_within_three_months"
    if not wanted.reason.strip():
        errors["reason"] = "write_something"
    if errors:
        raise Invalid(errors)
    row = tx.lock(Drift, drift_id, version=wanted.version)
    row.snoozed_until, row.snooze_reason, row.snoozed_by_id = wanted.until, wanted.reason.strip(), tx.actor.id
    row.version += 1
    case = tx.get(Case, found.case_id)
    tx.note(
        "case",
        case.id,
        "snooze_drift",
        municipality_id=case.municipality_id,
        kind=row.kind,
        until=wanted.until,
    )
    tx.result(drift_id=row.id)
    return row.id
