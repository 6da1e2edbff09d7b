"""What follows from being away: somebody stands in, unanswered batons move on, letters reach the substitute too.

Carried out as the house: a substitute gets a part where she works in the case's unit or the family's consent reaches
her, and never where she is barred. Turning again changes nothing that is as it should be.
"""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import notices, relays
from casework.access import PRACTICE
from casework.transactions import Transaction
from records.absences import Absence
from records.base import new_id
from records.participations import Participation
from records.relays import Handover

_STANDING = "a.begun_at IS NOT NULL AND a.ended_at IS NULL AND :today BETWEEN a.from_on AND a.until_on"
_MISSING = text(
    f"""
    SELECT a.id AS absence_id, c.id AS case_id, c.municipality_id, a.substitute_id,
      CASE WHEN s.own THEN NULL ELSE s.service_id END AS service_id
    FROM absences a
    JOIN cases c ON c.holder_id = a.practitioner_id AND c.state <> 'closed'
    JOIN practitioners p ON p.id = a.substitute_id AND p.left_on IS NULL
    CROSS JOIN LATERAL (
      SELECT x.service_id, x.service_id = c.unit_id AS own FROM assignments x
      WHERE x.practitioner_id = a.substitute_id AND x.role = ANY (:roles)
        AND x.since <= :today AND (x.until IS NULL OR x.until >= :today)
        AND (x.service_id = c.unit_id OR app.consent_reaches(c.id, x.service_id))
      ORDER BY own DESC LIMIT 1
    ) s
    WHERE {_STANDING}
      AND (CAST(:absence AS uuid) IS NULL OR a.id = :absence)
      AND NOT app.is_barred(a.substitute_id, c.child_id)
      AND NOT EXISTS (SELECT 1 FROM participations q WHERE q.case_id = c.id AND q.until IS NULL
        AND q.practitioner_id = a.substitute_id AND q.kind IN ('holder', 'member', 'service'))
    ORDER BY c.id LIMIT :limit
    """  # noqa: S608 - made of this file's own words
)
_OUTLIVED = text(
    f"""
    UPDATE participations q SET until = :now
    WHERE q.absence_id IS NOT NULL AND q.until IS NULL
      AND (CAST(:absence AS uuid) IS NULL OR q.absence_id = :absence)
      AND NOT EXISTS (
        SELECT 1 FROM absences a JOIN cases c ON c.id = q.case_id
        JOIN practitioners p ON p.id = q.practitioner_id AND p.left_on IS NULL
        WHERE a.id = q.absence_id AND {_STANDING} AND a.substitute_id = q.practitioner_id
          AND c.holder_id = a.practitioner_id AND c.state <> 'closed'
          AND NOT app.is_barred(q.practitioner_id, c.child_id)
          AND EXISTS (SELECT 1 FROM assignments x WHERE x.practitioner_id = q.practitioner_id
            AND x.role = ANY (:roles) AND x.since <= :today AND (x.until IS NULL OR x.until >= :today)
            AND x.service_id = coalesce(q.service_id, c.unit_id))
          AND (q.service_id IS NULL OR app.consent_reaches(c.id, q.service_id))
      )
    RETURNING q.case_id, q.municipality_id
    """  # noqa: S608 - made of this file's own words
)
_LETTERS = text(
    f"""
    SELECT n.kind, n.municipality_id, n.subject_kind, n.subject_id, n.case_id, n.edition, a.substitute_id
    FROM notices n
    JOIN absences a ON a.practitioner_id = n.practitioner_id AND n.written_at >= a.begun_at AND {_STANDING}
    JOIN cases c ON c.id = n.case_id
    WHERE NOT app.is_barred(a.substitute_id, c.child_id)
      AND EXISTS (SELECT 1 FROM participations q WHERE q.case_id = n.case_id AND q.until IS NULL
        AND q.practitioner_id = a.substitute_id)
      AND NOT EXISTS (SELECT 1 FROM notices m WHERE m.practitioner_id = a.substitute_id AND m.kind = n.kind
        AND m.subject_id = n.subject_id AND m.edition = n.edition AND m.written_at >= n.written_at)
    ORDER BY n.written_at LIMIT :limit
    """  # noqa: S608 - made of this file's own words
)


def tell(tx: Transaction, absence_id: UUID) -> None:
    """The one who stands in is told, and the person too when somebody else has said it."""
    row = tx.get(Absence, absence_id)
    if row.ended_at is not None:
        return
    told = {"substitute_id": "substitute_named", "practitioner_id": "absence_registered"}
    for who, kind in told.items():
        person = getattr(row, who)
        if person is not None and person != tx.actor.id:
            notices.write(
                tx,
                kind,
                municipality_id=row.municipality_id,
                subject=("absence", row.id),
                practitioner_id=person,
                edition=row.version - 1,
            )


def turn(tx: Transaction, *, absence_id: UUID | None = None, limit: int = 200) -> int:
    """Begin what begins, end what is over, and keep the parts of substitutes as they should be.

    For jobs, and at once for one absence. Answers how much was changed.
    """
    values: dict[str, object] = {
        "today": tx.today,
        "now": tx.now,
        "absence": absence_id,
        "limit": limit,
        "roles": [role.value for role in PRACTICE],
    }
    done = _begin(tx, absence_id, limit) + _end(tx, limit)
    tx.session.flush()
    done += _let_out(tx, values) + _let_in(tx, values)
    tx.session.flush()
    if absence_id is None:
        done += _pass_on(tx, values)
        tx.without_trail()
    return done


def _begin(tx: Transaction, absence_id: UUID | None, limit: int) -> int:
    """An offer to somebody who goes away is answered by nobody: the unit's leader has the baton at once."""
    wanted = (
        select(Absence)
        .where(col(Absence.begun_at).is_(None), col(Absence.ended_at).is_(None))
        .where(col(Absence.from_on) <= tx.today, col(Absence.until_on) >= tx.today)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if absence_id is not None:
        wanted = wanted.where(Absence.id == absence_id)
    rows: list[Absence] = tx.rows(wanted)
    for row in rows:
        row.begun_at = tx.now
        tx.session.flush()
        offered = select(Handover.id).where(
            Handover.to_id == row.practitioner_id, Handover.outcome == "offered"
        )
        for handover_id in tx.rows(offered.order_by(col(Handover.case_id))):
            relays.come_back(tx, handover_id, to_leader=True)
        _noted(tx, row, "absence_began")
    return len(rows)


def _end(tx: Transaction, limit: int) -> int:
    wanted = (
        select(Absence)
        .where(col(Absence.ended_at).is_(None), col(Absence.until_on) < tx.today)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows: list[Absence] = tx.rows(wanted)
    for row in rows:
        row.ended_at = tx.now
        _noted(tx, row, "absence_over")
    return len(rows)


def _noted(tx: Transaction, row: Absence, act: str) -> None:
    tx.note("staff", row.practitioner_id, act, municipality_id=row.municipality_id, absence=row.id)


def _let_out(tx: Transaction, values: dict[str, object]) -> int:
    rows = tx.session.execute(_OUTLIVED, {k: v for k, v in values.items() if k != "limit"}).all()
    for row in rows:
        tx.note("case", row.case_id, "substitute_out", municipality_id=row.municipality_id)
    return len(rows)


def _let_in(tx: Transaction, values: dict[str, object]) -> int:
    """In the own unit as a member; from another service as its guest, so that consent taken back ends it at once."""
    rows = tx.session.execute(_MISSING, {k: v for k, v in values.items() if k != "now"}).all()
    for row in rows:
        tx.add(
            Participation(
                id=new_id(),
                municipality_id=row.municipality_id,
                case_id=row.case_id,
                practitioner_id=row.substitute_id,
                service_id=row.service_id,
                kind="service" if row.service_id else "member",
                may_write=row.service_id is None,
                since=tx.now,
                absence_id=row.absence_id,
            )
        )
        tx.note(
            "case",
            row.case_id,
            "substitute_in",
            municipality_id=row.municipality_id,
            substitute=row.substitute_id,
        )
    return len(rows)


def _pass_on(tx: Transaction, values: dict[str, object]) -> int:
    """Whatever has been written to somebody away about a case is written to the substitute who may see it."""
    rows = tx.session.execute(_LETTERS, {"today": values["today"], "limit": values["limit"]}).all()
    for row in rows:
        notices.write(
            tx,
            row.kind,
            municipality_id=row.municipality_id,
            subject=(row.subject_kind, row.subject_id),
            practitioner_id=row.substitute_id,
            case_id=row.case_id,
            edition=row.edition,
        )
    return len(rows)
