"""Lists of cases: mine by next deadline, and the coordinator's without a name in sight."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from casework import guides
from casework.access import Role
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.cases import LEVELS

GROUPS = ("overdue", "this_week", "waiting", "on_track")


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case as a line in a list: the next thing that is due, and by when."""

    id: UUID
    number: str
    child_name: str
    kind: str
    born_on: date | None
    unit_name: str
    state: str
    level: int | None
    level_name: str
    holder_name: str
    holder_is_me: bool
    my_part: str
    due: str | None
    due_on: date | None
    waits_for: str
    group: str
    last_activity_at: datetime


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of cases, with how many there are in each group."""

    cases: tuple[CaseSummary, ...]
    counts: dict[str, int]
    total: int
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: words in a name or a case number, one group, one level, one unit, one holder."""

    words: str = ""
    group: str | None = None
    level: int | None = None
    unit_id: UUID | None = None
    mine_only: bool = False
    closed: bool = False
    after: str | None = None
    limit: int = 50


# The nearest deadline and what is waited for are found per case, for the actor's own cases only.
_MINE = text(
    """
    WITH inside AS (
      SELECT p.case_id, min(CASE p.kind WHEN 'holder' THEN 0 WHEN 'member' THEN 1 WHEN 'service' THEN 2
        ELSE 3 END) AS part
      FROM participations p
      WHERE p.practitioner_id = :actor AND p.until IS NULL
        AND (p.kind <> 'service' OR app.consent_reaches(p.case_id, p.service_id))
      GROUP BY p.case_id
    ), found AS (
      SELECT c.id, c.number, btrim(k.first_name || ' ' || k.last_name) AS child_name, k.kind, k.born_on,
        u.name AS unit_name, c.state, c.guide_id, c.level_id, h.name AS holder_name, c.holder_id, i.part, d.due,
        d.target_on,
        CASE WHEN c.relay_state = 'offered' THEN 'acceptance'
          WHEN EXISTS (SELECT 1 FROM invitations v WHERE v.case_id = c.id
            AND v.state IN ('queued', 'sent', 'expired')) THEN 'reply'
          WHEN EXISTS (SELECT 1 FROM consents s WHERE s.case_id = c.id AND s.state = 'asked') THEN 'consent'
          ELSE '' END AS waits_for,
        c.last_activity_at
      FROM inside i
      JOIN cases c ON c.id = i.case_id
      JOIN children k ON k.id = c.child_id
      JOIN services u ON u.id = c.unit_id
      JOIN practitioners h ON h.id = c.holder_id
      LEFT JOIN LATERAL (
        SELECT x.due, x.target_on FROM deadlines x
        WHERE x.case_id = c.id AND x.settled_at IS NULL
        ORDER BY x.target_on LIMIT 1
      ) d ON true
      WHERE (c.state = 'closed') = :closed
        AND (NOT :mine_only OR c.holder_id = :actor)
        AND (CAST(:state AS text) IS NULL OR c.state = :state)
        AND (CAST(:unit AS uuid) IS NULL OR c.unit_id = :unit)
        AND (:words = '' OR c.number LIKE :words || '%'
          OR app.fold(k.first_name || ' ' || k.last_name) LIKE '%' || app.fold(:words) || '%')
    )
    SELECT f.*,
      CASE WHEN f.target_on < :today THEN 'overdue'
        WHEN f.target_on <= :soon THEN 'this_week'
        WHEN f.waits_for <> '' THEN 'waiting'
        ELSE 'on_track' END AS "group"
    FROM found f
    ORDER BY f.target_on NULLS LAST, f.id
    """
)


def mine(tx: Transaction, wanted: Wanted | None = None) -> Worklist:
    """The actor's cases by next deadline, in four groups. The same scope counts and lists."""
    wanted = wanted or Wanted()
    rows = tx.ask(_MINE, _values(tx, wanted))
    counts = {group: sum(1 for row in rows if row.group == group) for group in GROUPS}
    shown = [row for row in rows if wanted.group in (None, row.group)]
    begin = _begin(shown, wanted.after)
    page = shown[begin : begin + wanted.limit]
    more = len(shown) > begin + wanted.limit
    return Worklist(
        tuple(_summary(tx, row) for row in page),
        counts,
        len(rows),
        str(page[-1].id) if more and page else None,
    )


def _values(tx: Transaction, wanted: Wanted) -> dict[str, object]:
    return {
        "actor": tx.actor.id,
        "closed": wanted.closed,
        "mine_only": wanted.mine_only,
        "state": LEVELS[wanted.level] if wanted.level in range(4) else None,  # type: ignore[index]
        "unit": wanted.unit_id,
        "words": wanted.words.strip(),
        "today": tx.today,
        "soon": tx.today + timedelta(days=7),
    }


def _begin(rows: list, after: str | None) -> int:  # type: ignore[type-arg]
    places = {str(row.id): place for place, row in enumerate(rows)}
    return places.get(after, -1) + 1 if after else 0


def _summary(tx: Transaction, row) -> CaseSummary:  # type: ignore[no-untyped-def]
    return CaseSummary(
        id=row.id,
        number=row.number,
        child_name=row.child_name,
        kind=row.kind,
        born_on=row.born_on,
        unit_name=row.unit_name,
        state=row.state,
        level=LEVELS.index(row.state) if row.state in LEVELS else None,
        level_name=guides.level_name(tx, row.guide_id, row.level_id),
        holder_name=row.holder_name,
        holder_is_me=row.holder_id == tx.actor.id,
        my_part=("holder", "member", "service", "leader")[row.part],
        due=row.due,
        due_on=row.target_on,
        waits_for=row.waits_for,
        group=row.group,
        last_activity_at=row.last_activity_at,
    )


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A case without a name: what the coordinator sees."""

    id: UUID
    number: str
    unit_name: str
    state: str
    level: int | None
    holder_id: UUID
    holder_name: str
    relay_state: str
    due: str | None
    due_on: date | None
    last_activity_at: datetime


_OVERVIEW = text(
    """
    SELECT o.case_id AS id, o.number, u.name AS unit_name, o.state, o.holder_id, h.name AS holder_name, o.relay_state,
      o.due, o.due_on, o.last_activity_at
    FROM app.case_overview(:group, :today, :limit) o
    JOIN services u ON u.id = o.unit_id
    JOIN practitioners h ON h.id = o.holder_id
    ORDER BY o.due_on NULLS LAST, o.case_id
    """
)
_OVERVIEW_COUNTS = text("SELECT * FROM app.case_overview_counts(:today)")


def overview(
    tx: Transaction, *, group: str | None = None, limit: int = 50
) -> tuple[list[OverviewRow], dict[str, int]]:
    """Open cases where the actor coordinates, nearest deadline first, with counts per group and no names.

    Raises NotFound to somebody who coordinates nowhere.
    """
    if not tx.actor.municipalities_as(Role.COORDINATOR):
        raise NotFound
    values = {"group": group or "", "today": tx.today, "limit": limit}
    rows = [
        OverviewRow(**row, level=LEVELS.index(row["state"]) if row["state"] in LEVELS else None)
        for row in tx.session.execute(_OVERVIEW, values).mappings()
    ]
    counted = tx.session.execute(_OVERVIEW_COUNTS, {"today": tx.today}).mappings().one()
    return rows, dict(counted)
