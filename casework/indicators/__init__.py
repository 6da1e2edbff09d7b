"""Figures for management. Counted at night; the only way out suppresses."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from casework.access import Role
from casework.indicators.suppression import THRESHOLD, Cell, cells, share
from casework.ports import local_day
from casework.refusals import NotFound
from casework.transactions import Transaction
from records.base import new_id
from records.indicators import IndicatorFigure

MONTHS = 13


@dataclass(frozen=True, slots=True)
class Indicator:
    """A question, the SQL that counts it per municipality and part, and how it is shown."""

    key: str
    sql: str
    is_share: bool = False


# A group is no child: figures about children, their worries and their cases, with the terms and batons in these, leave
# every group out. What staff do (consultations, emergency reads, odd readings) is counted whatever file it was about.
_GROUPS = "ANY ((SELECT app.groups())::uuid[])"
_OF_GROUPS = f"(SELECT c.id FROM cases c WHERE c.child_id = {_GROUPS})"

# Each query answers (municipality_id, part, numerator, denominator) for [:first, :next).
INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "open_cases",
        f"""
        SELECT c.municipality_id, c.state AS part, count(*) AS numerator, CAST(NULL AS int) AS denominator
        FROM cases c
        WHERE c.opened_at < :next AND (c.closed_at IS NULL OR c.closed_at >= :next)
          AND NOT c.child_id = {_GROUPS}
        GROUP BY c.municipality_id, c.state
        """,
    ),
    Indicator(
        "new_signals",
        f"""
        SELECT s.municipality_id, '' AS part, count(*) AS numerator, CAST(NULL AS int) AS denominator
        FROM signals s WHERE s.noted_at >= :first AND s.noted_at < :next
          AND NOT s.child_id = {_GROUPS}
        GROUP BY s.municipality_id
        """,
    ),
    Indicator(
        "decided_in_time",
        f"""
        SELECT d.municipality_id, '' AS part, count(*) FILTER (WHERE d.state = 'met') AS numerator,
          count(*) AS denominator
        FROM deadlines d JOIN signals s ON s.id = d.signal_id AND NOT s.child_id = {_GROUPS}
        WHERE d.due = 'decision' AND d.target_on >= CAST(:first AS date) AND d.target_on < CAST(:next AS date)
        GROUP BY d.municipality_id
        """,
        is_share=True,
    ),
    Indicator(
        "evaluated_in_time",
        f"""
        SELECT d.municipality_id, '' AS part, count(*) FILTER (WHERE d.state = 'met') AS numerator,
          count(*) AS denominator
        FROM deadlines d
        WHERE d.due = 'evaluation' AND d.target_on >= CAST(:first AS date) AND d.target_on < CAST(:next AS date)
          AND d.case_id NOT IN {_OF_GROUPS}
        GROUP BY d.municipality_id
        """,
        is_share=True,
    ),
    Indicator(
        "child_heard_at_evaluation",
        f"""
        SELECT e.municipality_id, '' AS part, count(*) FILTER (WHERE e.child_said <> '') AS numerator,
          count(*) AS denominator
        FROM evaluations e WHERE e.evaluated_at >= :first AND e.evaluated_at < :next
          AND (e.child_said <> '' OR e.child_not_asked <> '')
          AND e.case_id NOT IN {_OF_GROUPS}
        GROUP BY e.municipality_id
        """,
        is_share=True,
    ),
    Indicator(
        "child_not_asked",
        """
        SELECT municipality_id, part, numerator, CAST(NULL AS int) AS denominator
        FROM app.children_not_asked(CAST(:first AS timestamptz), CAST(:next AS timestamptz))
        """,
    ),
    Indicator(
        "batons_accepted",
        f"""
        SELECT h.municipality_id, '' AS part, count(*) FILTER (WHERE h.outcome = 'accepted') AS numerator,
          count(*) AS denominator
        FROM handovers h WHERE h.offered_at >= :first AND h.offered_at < :next AND h.outcome <> 'offered'
          AND h.case_id NOT IN {_OF_GROUPS}
        GROUP BY h.municipality_id
        """,
        is_share=True,
    ),
    Indicator(
        "consultations_asked",
        """
        SELECT c.municipality_id, '' AS part, count(*) AS numerator, CAST(NULL AS int) AS denominator
        FROM consultations c WHERE c.asked_at >= :first AND c.asked_at < :next
        GROUP BY c.municipality_id
        """,
    ),
    Indicator(
        "consultations_answered",
        """
        SELECT d.municipality_id, '' AS part, count(*) AS numerator, CAST(NULL AS int) AS denominator
        FROM deadlines d
        WHERE d.due = 'advice' AND d.state IN ('met', 'met_late') AND d.settled_at >= :first AND d.settled_at < :next
        GROUP BY d.municipality_id
        """,
    ),
    Indicator(
        "consultations_answered_in_time",
        """
        SELECT d.municipality_id, '' AS part, count(*) FILTER (WHERE d.state = 'met') AS numerator,
          count(*) AS denominator
        FROM deadlines d
        WHERE d.due = 'advice' AND d.state IN ('met', 'missed', 'met_late') AND d.target_on >= CAST(:first AS date)
          AND d.target_on < CAST(:next AS date)
        GROUP BY d.municipality_id
        """,
        is_share=True,
    ),
    Indicator(
        "emergency_reads",
        """
        SELECT g.municipality_id, coalesce(g.verdict, 'not_reviewed') AS part, count(*) AS numerator,
          CAST(NULL AS int) AS denominator
        FROM broken_glasses g WHERE g.opened_at >= :first AND g.opened_at < :next
        GROUP BY 1, 2
        """,
    ),
    Indicator(
        "odd_readings",
        """
        SELECT o.municipality_id, CASE WHEN o.state IN ('explained', 'reported') THEN o.state ELSE 'found' END AS part,
          count(*) AS numerator, CAST(NULL AS int) AS denominator
        FROM odd_readings o WHERE o.day >= CAST(:first AS date) AND o.day < CAST(:next AS date)
        GROUP BY 1, 2
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One indicator for one month as it may be shown: a cell per part, or one percentage."""

    key: str
    month: date
    parts: tuple[tuple[str, Cell], ...]
    is_share: bool


def _month(day: date, back: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(years, month + 1, 1)


def refresh(tx: Transaction) -> int:
    """Count the present and the former month anew; the months before stand as they were. For jobs."""
    made = 0
    for back in (0, 1):
        first = _month(tx.today, back)
        following = _month(tx.today, back - 1)
        for indicator in INDICATORS:
            made += _count(tx, indicator, first, min(following, tx.today + timedelta(days=1)))
    tx.without_trail()
    return made


_OLDEST = """
    SELECT min(first) FROM (SELECT min(noted_at) FROM signals UNION ALL SELECT min(opened_at) FROM cases) f(first)
"""


def keep_figures(tx: Transaction) -> int:
    """Count every month that was never counted, before anything it was made of is deleted. For jobs."""
    oldest = tx.scalar(_OLDEST)
    known = {
        (row.indicator, row.month)
        for row in tx.ask("SELECT DISTINCT indicator, month FROM indicator_figures")
    }
    made, back = 0, 0
    while oldest is not None and (first := _month(tx.today, back)) >= _month(local_day(oldest), 0):
        following = min(_month(tx.today, back - 1), tx.today + timedelta(days=1))
        made += sum(_count(tx, one, first, following) for one in INDICATORS if (one.key, first) not in known)
        back += 1
    return made


def _count(tx: Transaction, indicator: Indicator, first: date, following: date) -> int:
    tx.session.execute(
        text("DELETE FROM indicator_figures WHERE indicator = :key AND month = :month"),
        {"key": indicator.key, "month": first},
    )
    found = tx.session.execute(text(indicator.sql), {"first": first, "next": following}).all()
    tx.add(
        *(
            IndicatorFigure(
                id=new_id(),
                municipality_id=row.municipality_id,
                indicator=indicator.key,
                month=first,
                part=row.part,
                numerator=row.numerator,
                denominator=row.denominator,
                made_at=tx.now,
            )
            for row in found
        )
    )
    tx.session.flush()
    return len(found)


def of_municipality(tx: Transaction, municipality_id: UUID) -> list[Shown]:
    """What management may see of a municipality, newest month first, small numbers hidden.

    Raises NotFound to somebody who neither leads nor coordinates there.
    """
    mine = tx.actor.municipalities_as(Role.MANAGER) | tx.actor.municipalities_as(Role.COORDINATOR)
    if municipality_id not in mine:
        raise NotFound
    rows = tx.session.execute(
        text(
            "SELECT indicator, month, part, numerator, denominator FROM indicator_figures"
            " WHERE municipality_id = :town AND month >= :since ORDER BY month DESC, indicator, part"
        ),
        {"town": municipality_id, "since": _month(tx.today, MONTHS - 1)},
    ).all()
    grouped: dict[tuple[str, date], list] = {}  # type: ignore[type-arg]
    for row in rows:
        grouped.setdefault((row.indicator, row.month), []).append(row)
    shares = {one.key for one in INDICATORS if one.is_share}
    tx.note("indicators", municipality_id, "read_indicators", municipality_id=municipality_id)
    return [_shown(key, month, found, key in shares) for (key, month), found in grouped.items()]


def _shown(key: str, month: date, rows: list, is_share: bool) -> Shown:  # type: ignore[type-arg]
    if is_share:
        found = tuple((row.part, share(row.numerator, row.denominator, THRESHOLD)) for row in rows)
    else:
        counts = cells([row.numerator for row in rows], THRESHOLD)
        found = tuple((row.part, cell) for row, cell in zip(rows, counts, strict=True))
    return Shown(key, month, found, is_share)
