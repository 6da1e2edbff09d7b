"""What has been done in a case or a worry, as the guide's evidence codes and the charts' facts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from casework import child_views
from casework.transactions import Transaction
from records.cases import Case
from records.signals import Signal

# One question for everything a guide may ask for. `since` is when the present round of the level began.
_CASE = text(
    """
    SELECT
      app.consent_reaches(:case, NULL) AS consent_to_log,
      EXISTS (SELECT 1 FROM consents s WHERE s.case_id = :case AND s.service_id IS NOT NULL
        AND app.consent_reaches(:case, s.service_id)) AS consent_to_share,
      EXISTS (SELECT 1 FROM consents s WHERE s.case_id = :case AND s.state IN ('declined', 'withdrawn'))
        AS sharing_refused,
      EXISTS (SELECT 1 FROM consents s WHERE s.case_id = :case) AS family_asked,
      EXISTS (SELECT 1 FROM measures m WHERE m.case_id = :case AND m.state <> 'ended' AND m.goal <> '')
        AS goals_set,
      EXISTS (SELECT 1 FROM measures m WHERE m.case_id = :case AND m.state <> 'ended') AS has_measures,
      NOT EXISTS (SELECT 1 FROM measures m WHERE m.case_id = :case AND m.state <> 'ended'
        AND m.responsible_id IS NULL AND m.responsible_service_id IS NULL) AS all_responsible,
      NOT EXISTS (SELECT 1 FROM measures m WHERE m.case_id = :case AND m.state = 'running'
        AND NOT EXISTS (SELECT 1 FROM evaluations e WHERE e.measure_id = m.id AND e.evaluated_at >= :since))
        AS all_evaluated,
      EXISTS (SELECT 1 FROM evaluations e WHERE e.case_id = :case AND e.evaluated_at >= :since)
        AS some_evaluated,
      EXISTS (SELECT 1 FROM measures m WHERE m.case_id = :case AND m.state = 'running') AS some_running,
      EXISTS (SELECT 1 FROM meetings g WHERE g.case_id = :case AND g.state IN ('planned', 'summoned')
        AND g.kind = 'evaluation') AS evaluation_called,
      EXISTS (SELECT 1 FROM meetings g WHERE g.case_id = :case AND g.state = 'held' AND g.held_at >= :since)
        AS meeting_held,
      EXISTS (SELECT 1 FROM child_views v WHERE v.case_id = :case AND v.why_not = ''
        AND v.written_at >= :since)
        OR EXISTS (SELECT 1 FROM family_words w WHERE w.case_id = :case AND w.kind = 'view' AND w.guardian_id IS NULL
        AND w.written_at >= :since) AS child_heard,
      EXISTS (SELECT 1 FROM child_views v WHERE v.case_id = :case) AS child_voice_owner,
      EXISTS (SELECT 1 FROM invitations i WHERE i.case_id = :case AND i.state <> 'withdrawn') AS invited,
      EXISTS (SELECT 1 FROM invitations i WHERE i.case_id = :case AND i.answered_at IS NOT NULL) AS answered,
      EXISTS (SELECT 1 FROM log_entries l JOIN participations p ON p.case_id = l.case_id
        AND p.practitioner_id = l.author_id AND p.kind = 'leader' AND p.until IS NULL
        WHERE l.case_id = :case AND l.code IS NULL AND l.written_at >= :since) AS leader_wrote,
      (SELECT count(*) FROM invitations i WHERE i.case_id = :case AND i.state = 'accepted') AS services,
      (SELECT CASE WHEN k.kind = 'child' AND k.born_on <= app.today() - interval '18 years' THEN 'adult'
        ELSE k.kind END FROM children k WHERE k.id = :child) AS about
    """
)
_SIGNAL = text(
    """
    SELECT
      EXISTS (SELECT 1 FROM signal_notes n WHERE n.signal_id = :signal AND n.kind = 'talk_child') AS child,
      EXISTS (SELECT 1 FROM signal_notes n WHERE n.signal_id = :signal AND n.kind = 'talk_guardians')
        AS guardians,
      EXISTS (SELECT 1 FROM signal_notes n WHERE n.signal_id = :signal
        AND n.kind IN ('talk_colleague', 'leader_note')) AS colleague,
      EXISTS (SELECT 1 FROM signal_notes n WHERE n.signal_id = :signal AND n.kind = 'leader_note')
        AS leader_wrote,
      EXISTS (SELECT 1 FROM concern_reports r WHERE r.child_id = :child AND r.reporter_id = :actor)
        AS reported,
      (SELECT CASE WHEN k.kind = 'child' AND k.born_on <= app.today() - interval '18 years' THEN 'adult'
        ELSE k.kind END FROM children k WHERE k.id = :child) AS about
    """
)


# What is settled from the start by whom the file is about: before birth nobody can be asked; in a group nobody is
# named, so that there is no parent to tell and nothing to consent to; whoever is of age has no parents to be told.
_UNBORN = frozenset({"child_heard", "child_voice_owner", "shared_with_child"})
_NO_PARENTS = frozenset({"guardians_informed", "shared_with_guardians"})
_GROUP = _NO_PARENTS | {"consent_to_log", "consent_to_share"}
SETTLED = {"unborn": _UNBORN, "ended": _UNBORN, "group": _GROUP, "adult": _NO_PARENTS}


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """Evidence codes for the guide, and the facts only the chart asks for."""

    codes: frozenset[str]
    sharing_settled: bool
    child_view_known: bool
    measures_settled: bool
    services: int


def of_case(tx: Transaction, case: Case) -> CaseEvidence:
    """What stands in the case now, counted from when the level was entered."""
    [row] = tx.ask(_CASE, {"case": case.id, "child": case.child_id, "since": case.level_since})
    settled = SETTLED.get(row.about, frozenset())
    codes = {
        "consent_to_log": row.consent_to_log,
        "consent_to_share": row.consent_to_share,
        "goals_set": row.goals_set,
        "responsible_per_measure": row.has_measures and row.all_responsible,
        "evaluation_date_set": row.some_running or row.evaluation_called,
        "holder_decided": True,
        "child_heard": row.child_heard,
        "child_voice_owner": row.child_voice_owner,
        "guardians_informed": row.family_asked,
        "shared_with_guardians": row.family_asked,
        "shared_with_child": row.child_heard,
        "shared_with_leader": True,
        "observations_written": True,
        "meeting_held": row.meeting_held,
        "measures_evaluated": row.all_evaluated and row.some_evaluated,
        "services_invited": row.invited,
        "service_answered": row.answered,
        "sharing_declined": row.sharing_refused,
        "measures_started": row.some_running,
        "leader_agrees": row.leader_wrote,
        "concern_report_sent": case.concern_reported_at is not None,
    }
    return CaseEvidence(
        frozenset(code for code, there in codes.items() if there) | settled,
        sharing_settled=row.consent_to_share or row.sharing_refused or "consent_to_share" in settled,
        child_view_known=child_views.known(tx, case),
        measures_settled=row.all_evaluated,
        services=row.services,
    )


def of_signal(tx: Transaction, signal: Signal) -> frozenset[str]:
    """What stands in the worry now."""
    values: dict[str, UUID] = {"signal": signal.id, "child": signal.child_id, "actor": tx.actor.id}
    [row] = tx.ask(_SIGNAL, values)
    codes = {
        "observations_written": bool(signal.observation.strip()),
        "shared_with_leader": signal.shared_at is not None
        or "colleague" in signal.talked_with
        or row.colleague,
        "shared_with_child": "child" in signal.talked_with or row.child,
        "child_heard": "child" in signal.talked_with or row.child,
        "shared_with_guardians": "guardians" in signal.talked_with or row.guardians,
        "guardians_informed": "guardians" in signal.talked_with or row.guardians,
        "concern_report_sent": row.reported,
        "leader_agrees": row.leader_wrote,
        "holder_decided": True,
    }
    return frozenset(code for code, there in codes.items() if there) | SETTLED.get(row.about, frozenset())


def since(case: Case) -> datetime:
    """When the present round at the level began."""
    return case.level_since
