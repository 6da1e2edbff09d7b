"""The individual plan beside the relay log: one case, one timeline, two kinds of plan, and consent asked for each."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import select

from casework import consents, logs, participations, partings, relations
from casework.access import Permission
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.charts import Offer, move, offers
from levels.consents import ConsentChart, ConsentFacts
from levels.plans import Coordinator, PlanChart, PlanFacts
from records.cases import Case
from records.consents import Consent


@dataclass(frozen=True, slots=True)
class Plan:
    """Which plan a case has, since when, and who coordinates an individual one."""

    state: str
    since: datetime | None
    coordinator_name: str
    coordinator_as: str | None


@dataclass(frozen=True, slots=True)
class BeginPlan:
    """Why the need is a lasting one, since when the family wants the plan, and who coordinates it, as what."""

    reason: str
    coordinator_id: UUID | None = None
    coordinator_as: str = Coordinator.COORDINATOR.value
    family_wants_on: date | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EndPlan:
    """Why the case goes on with its log alone."""

    reason: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


_OF_CASE = """
    SELECT c.plan_state AS state, c.plan_since AS since, coalesce(p.name, '') AS coordinator_name,
      c.plan_coordinator_as AS coordinator_as
    FROM cases c LEFT JOIN practitioners p ON p.id = c.plan_coordinator_id
    WHERE c.id = :case
"""


def of_case(tx: Transaction, case_id: UUID) -> Plan:
    """The plan of a case, for staff and family who may see the case; what lies in it is read as the case is."""
    return tx.ask_for(Plan, _OF_CASE, {"case": case_id})[0]


def moves(plan: Plan) -> tuple[Offer, ...]:
    """What can be done with the plan from here, for the buttons."""
    facts = PlanFacts(family_wants_it=True, coordinator_named=True, reason_given=True, case_open=True)
    return offers(PlanChart, plan.state, facts)


def begin(tx: Transaction, case_id: UUID, wanted: BeginPlan) -> UUID:
    """Let an individual plan gather the help: nothing is closed or lost, and nobody sees more than before.

    Every consent is asked anew for the plan; until it is answered, services outside the unit have no sight.
    Raises NotFound, NotPermitted, Invalid, Stale, or Refused with what is missing.
    """
    tx.once(wanted.key, "begin_plan", case=case_id, reason=wanted.reason)
    case = _opened(tx, case_id, wanted.version)
    if wanted.coordinator_as not in tuple(Coordinator):
        raise Invalid({"coordinator_as": "choose_one"})
    if wanted.family_wants_on is not None and wanted.family_wants_on > tx.today:
        raise Invalid({"family_wants_on": "not_in_the_future"})
    inside = {one.practitioner_id for one in participations.of_case(tx, case_id)}
    if wanted.coordinator_id is not None and wanted.coordinator_id not in inside:
        raise Invalid({"coordinator_id": "not_in_the_case"})
    # A plan is one person's own, by that person's wish.
    group = relations.is_about_group(tx, case)
    _change(tx, case, "begin_plan", wanted.reason, PlanFacts(
        family_wants_it=wanted.family_wants_on is not None and not group,
        coordinator_named=wanted.coordinator_id is not None,
        reason_given=bool(wanted.reason.strip()),
        case_open=case.state != "closed",
    ))  # fmt: skip
    case.plan_coordinator_id, case.plan_coordinator_as = wanted.coordinator_id, wanted.coordinator_as
    tx.result(case_id=case.id)
    return case.id


def end(tx: Transaction, case_id: UUID, wanted: EndPlan) -> UUID:
    """Go back to the log alone, without closing anything; consent is asked anew for the log.

    Raises NotFound, NotPermitted, Stale, or Refused with what is missing.
    """
    tx.once(wanted.key, "end_plan", case=case_id, reason=wanted.reason)
    case = _opened(tx, case_id, wanted.version)
    facts = PlanFacts(reason_given=bool(wanted.reason.strip()), case_open=case.state != "closed")
    _change(tx, case, "back_to_log", wanted.reason, facts)
    case.plan_coordinator_id = case.plan_coordinator_as = None
    tx.result(case_id=case.id)
    return case.id


def _opened(tx: Transaction, case_id: UUID, version: int | None) -> Case:
    case = partings.locked(tx, case_id)
    tx.require(Permission.MOVE_CASE, relations.to_case(tx, case))
    logs.fresh(tx, case, version)
    return case


def _change(tx: Transaction, case: Case, event: str, reason: str, facts: PlanFacts) -> None:
    moved = move(PlanChart, case.plan_state, event, facts)
    case.plan_state, case.plan_since = moved.after, tx.now
    tx.session.flush()
    asked = _ask_anew(tx, case)
    consents.recheck(tx, case.id, case.municipality_id)
    logs.tell(tx, case, "decision", event, reason=reason.strip())
    logs.touch(tx, case)
    tx.note("case", case.id, event, municipality_id=case.municipality_id, plan=moved.after, asked=asked)


def _ask_anew(tx: Transaction, case: Case) -> int:
    """Another kind of plan gathers the help: every answer was for the former, and is asked for again. Says how many.

    What was answered before stays in the log and the trail.
    """
    rows = tx.rows(select(Consent).where(Consent.case_id == case.id).with_for_update())
    for row in rows:
        row.state = move(ConsentChart, row.state, "plan_changed", ConsentFacts()).after
        row.plan, row.asked_by_id, row.asked_at, row.answered_at = case.plan_state, tx.actor.id, tx.now, None
        row.expires_on = tx.today + consents.USUAL_TERM
        row.version += 1
    people = consents.consenters(tx, case.id)
    if rows:
        consents.write_to(tx, case, people)
        logs.tell(
            tx,
            case,
            "consent",
            "consent_asked",
            services=len({one.service_id for one in rows}),
            people=len(people),
        )
    return len(rows)
