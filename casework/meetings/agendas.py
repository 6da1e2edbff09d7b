"""The agenda that writes itself: what the case itself says must be spoken of, as codes with values."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from casework import child_views, deadlines, guides
from casework.transactions import Transaction
from records.cases import Case
from records.meetings import Meeting

Point = dict[str, Any]
AHEAD = timedelta(days=14)
CONSENTS_AHEAD = timedelta(days=30)
# Deadlines that another point of the agenda already speaks of, and the one that is not for a table the family sits at.
_NOT_HERE = ("evaluation", "reply", "renewal", "meeting", "times", "hiding")

_MEASURES = text(
    "SELECT title, evaluate_on FROM measures WHERE case_id = :case AND state = 'running'"
    " AND evaluate_on <= :until ORDER BY evaluate_on, title"
)
_CONSENTS = text(
    """
    SELECT coalesce(s.name, '') AS service, min(c.expires_on) AS expires_on
    FROM consents c LEFT JOIN services s ON s.id = c.service_id
    WHERE c.case_id = :case AND c.state IN ('given', 'limited') AND c.expires_on BETWEEN :today AND :until
    GROUP BY 1 ORDER BY 2, 1
    """
)
_UNANSWERED = text(
    """
    SELECT s.name AS service, i.reply_by FROM invitations i JOIN services s ON s.id = i.service_id
    WHERE i.case_id = :case AND i.answered_at IS NULL AND i.state IN ('queued', 'sent', 'expired')
    ORDER BY i.reply_by, s.name
    """
)


def added(points: Iterable[str]) -> list[Point]:
    """What people add to the agenda, in their own words."""
    return [{"text": point.strip()} for point in points if point.strip()]


def written(tx: Transaction, case: Case, meeting: Meeting) -> list[Point]:
    """The whole agenda as it is: as it stands now until the meeting is over, as it stood then afterwards."""
    own = [point for point in meeting.agenda if "text" in point]
    if meeting.state == "held":
        return list(meeting.agenda)
    if meeting.state == "cancelled":
        return own
    return [
        _child(tx, case),
        *_measures(tx, case, deadlines.local(meeting.starts_at)),
        *_consents(tx, case),
        *_unanswered(tx, case),
        *_missed(tx, case),
        *_decision(tx, case),
        *own,
        {"code": "next_steps"},
    ]


def _child(tx: Transaction, case: Case) -> Point:
    said = next(iter(child_views.of_case(tx, case.id, limit=1)), None)
    if said is None:
        return {"code": "child_unasked"}
    if said.words or said.shown or said.mood:
        return {
            "code": "child_view",
            "words": said.words or said.shown,
            "by": said.talked_by,
            "on": said.talked_on.isoformat(),
        }
    return {"code": "child_not_asked", "words": said.why_not}


def _measures(tx: Transaction, case: Case, day: date) -> list[Point]:
    until = max(tx.today, day) + AHEAD
    found = tx.session.execute(_MEASURES, {"case": case.id, "until": until}).all()
    return [
        {
            "code": "measure_overdue" if row.evaluate_on < tx.today else "measure_due",
            "measure": row.title,
            "on": row.evaluate_on.isoformat(),
        }
        for row in found
    ]


def _consents(tx: Transaction, case: Case) -> list[Point]:
    values = {"case": case.id, "today": tx.today, "until": tx.today + CONSENTS_AHEAD}
    return [
        {
            "code": "consent_expires" if row.service else "consent_to_log_expires",
            "service": row.service,
            "on": row.expires_on.isoformat(),
        }
        for row in tx.session.execute(_CONSENTS, values)
    ]


def _unanswered(tx: Transaction, case: Case) -> list[Point]:
    return [
        {"code": "invitation_unanswered", "service": row.service, "on": row.reply_by.isoformat()}
        for row in tx.session.execute(_UNANSWERED, {"case": case.id})
    ]


def _missed(tx: Transaction, case: Case) -> list[Point]:
    return [
        {"code": "deadline_missed", "due": one.due, "on": one.target_on.isoformat()}
        for one in deadlines.of_case(tx, case.id)
        if one.target_on < tx.today and one.due not in _NOT_HERE
    ]


def _decision(tx: Transaction, case: Case) -> list[Point]:
    position = guides.decision_position(tx, case.guide_id, case.level_id)
    step = guides.step(tx, case.guide_id, case.level_id, position.step_id)
    return [{"code": "guide_decision", "step": step.name}] if step is not None and step.decision else []
