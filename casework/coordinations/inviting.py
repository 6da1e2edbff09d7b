"""Asking services, their answers, reminders and withdrawals."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from casework import consents, consequences, logs, notices, partings, relations, ties
from casework.access import Permission
from casework.consequences import Scene
from casework.refusals import Invalid, NotFound, Refused, Stale
from casework.transactions import Transaction
from levels.charts import move, start
from levels.coordinations import CoordinationChart, CoordinationFacts, InvitationChart, InvitationFacts
from records.cases import Case
from records.coordinations import Coordination, Invitation
from records.municipalities import Service

EVENTS = {"yes": "accept", "no": "decline", "more": "ask_more"}


@dataclass(frozen=True, slots=True)
class Ask:
    """One service to ask, what for, and by when."""

    service_id: UUID
    needed: str
    reply_by: date | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A service's answer. `considered` says that a sign of a tie to the family has been considered: asked of whoever
    says yes.
    """

    answer: str
    message: str = ""
    contact_id: UUID | None = None
    considered: bool = False
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def invite(tx: Transaction, case_id: UUID, asked: tuple[Ask, ...], *, key: str | None = None) -> UUID:
    """Call services in. Each gets a letter without names; none sees the case before it has said yes.

    Raises NotFound, NotPermitted, Invalid, or Refused when the family's consent does not reach a service.
    """
    tx.once(key, "invite_services", case=case_id, services=[a.service_id for a in asked])
    case = tx.lock(Case, case_id)
    tx.require(Permission.INVITE_SERVICES, relations.to_case(tx, case))
    _check_asked(tx, case, asked)
    coordination = running(tx, case.id, create_for=case)
    assert coordination is not None  # noqa: S101 - made when missing
    made = [_invitation(tx, case, coordination, one) for one in asked]
    event = "send_out" if coordination.state == "inviting" else "invite_more"
    moved = move(CoordinationChart, coordination.state, event, facts_of(somebody_invited=True))
    coordination.state = moved.after
    coordination.version += 1
    tx.session.flush()
    _letters(tx, case, made)
    consequences.carry_out(tx, _scene(case, ("coordination", coordination.id)), moved.consequences)
    consents.anew.ask_before(tx, case)
    logs.tell(tx, case, "invitation", "services_invited", services=", ".join(_named(tx, made)))
    logs.touch(tx, case)
    tx.note(
        "case",
        case.id,
        "invite_services",
        municipality_id=case.municipality_id,
        invitations=[i.id for i in made],
    )
    tx.result(coordination_id=coordination.id, case_id=case.id)
    return coordination.id


def facts_of(*, somebody_invited: bool = False, reason_given: bool = False) -> CoordinationFacts:
    """Consent has been asked for service by service before this; here it is settled."""
    return CoordinationFacts(
        somebody_invited=somebody_invited, sharing_settled=True, reason_given=reason_given
    )


def _check_asked(tx: Transaction, case: Case, asked: tuple[Ask, ...]) -> None:
    errors = {}
    if not asked:
        errors["services"] = "choose_one"
    if any(not one.needed.strip() for one in asked):
        errors["needed"] = "write_something"
    if any(one.reply_by is not None and one.reply_by <= tx.today for one in asked):
        errors["reply_by"] = "choose_a_later_day"
    if len({one.service_id for one in asked}) < len(asked):
        errors["services"] = "choose_each_once"
    if errors:
        raise Invalid(errors)
    for one in asked:
        _check_service(tx, case, one.service_id)


def _check_service(tx: Transaction, case: Case, service_id: UUID) -> None:
    service = tx.get(Service, service_id)
    open_one = tx.rows(
        select(Invitation.id).where(
            Invitation.case_id == case.id,
            Invitation.service_id == service_id,
            Invitation.state != "withdrawn",
        )
    )
    if open_one or service_id == case.unit_id:
        raise Invalid({"services": "already_asked"})
    if service.closed_on is not None and service.closed_on <= tx.today:
        raise Invalid({"services": "service_closed"})
    if not relations.consent_reaches(tx, case.id, service_id):
        raise Refused("InvitationChart", start(InvitationChart), "invite", ("consent_reaches",))


def running(tx: Transaction, case_id: UUID, *, create_for: Case | None = None) -> Coordination | None:
    """The case's running coordination, made when asked for."""
    wanted = select(Coordination).where(Coordination.case_id == case_id, Coordination.state != "ended")
    found: Coordination | None = tx.session.exec(wanted).first()
    if found is None and create_for is not None:
        found = Coordination(municipality_id=create_for.municipality_id, case_id=case_id, started_at=tx.now)
        tx.add(found)
        tx.session.flush()
    return found


def _invitation(tx: Transaction, case: Case, coordination: Coordination, one: Ask) -> Invitation:
    usual = tx.get(Service, one.service_id).reply_days
    row = Invitation(
        municipality_id=case.municipality_id,
        coordination_id=coordination.id,
        case_id=case.id,
        service_id=one.service_id,
        needed=one.needed.strip(),
        reply_by=one.reply_by or tx.today + timedelta(days=usual),
        asked_by_id=tx.actor.id,
        asked_at=tx.now,
    )
    tx.add(row)
    return row


def _letters(tx: Transaction, case: Case, made: list[Invitation]) -> None:
    for row in made:
        notices.write(
            tx,
            "invitation",
            municipality_id=case.municipality_id,
            subject=("invitation", row.id),
            service_id=row.service_id,
            case_id=case.id,
            flow=False,
        )
        scene = _scene(case, ("invitation", row.id), agreed_on=row.reply_by)
        consequences.carry_out(tx, scene, InvitationChart.follows["mark_sent"])


def _named(tx: Transaction, made: list[Invitation]) -> list[str]:
    return [tx.get(Service, row.service_id).name for row in made]


def _scene(
    case: Case,
    subject: tuple[str, UUID],
    *,
    service_id: UUID | None = None,
    contact_id: UUID | None = None,
    leader_id: UUID | None = None,
    agreed_on: date | None = None,
) -> Scene:
    return Scene(
        municipality_id=case.municipality_id,
        subject=subject,
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=case.holder_id,
        service_id=service_id,
        contact_id=contact_id,
        agreed_on=agreed_on,
        people={"holder": (case.holder_id,), "service_leader": (leader_id,) if leader_id else ()},
    )


def reply(tx: Transaction, invitation_id: UUID, wanted: Reply) -> UUID:
    """A service answers: yes with a contact, no or «we need more» with why. A late answer still counts.

    Raises NotFound, NotPermitted, Invalid (also when a sign of a tie has not been considered before a yes), Stale or
    Refused.
    """
    tx.once(wanted.key, "reply", invitation=invitation_id, answer=wanted.answer)
    seen = tx.get(Invitation, invitation_id)
    case = partings.locked(tx, seen.case_id)
    row = tx.lock(Invitation, invitation_id)
    _require_own(tx, case, row, wanted)
    if wanted.version is not None and wanted.version != row.version:
        raise Stale(row.version)
    contact = wanted.contact_id or tx.actor.id
    yes = wanted.answer == "yes"
    facts = InvitationFacts(
        consent_reaches=relations.consent_reaches(tx, case.id, row.service_id),
        family_asked_anew=not yes or consents.anew.may_go_on(tx, case),
        contact_named=_works_there(tx, contact, row.service_id),
        reason_given=bool(wanted.message.strip()),
    )
    moved = move(InvitationChart, row.state, EVENTS[wanted.answer], facts)
    # After the guards: where the family's consent does not reach, nothing is said of the child.
    trail = ties.consider(tx, case.child_id, considered=wanted.considered) if yes else {}
    row.state, row.version = moved.after, row.version + 1
    row.answered_at, row.answered_by_id, row.answer = tx.now, tx.actor.id, wanted.message.strip()
    row.contact_id = contact if yes else None
    service = tx.get(Service, row.service_id)
    scene = _scene(
        case,
        ("invitation", row.id),
        service_id=row.service_id,
        contact_id=row.contact_id,
        leader_id=service.leader_id,
    )
    consequences.carry_out(tx, scene, moved.consequences)
    _told(tx, case, row, service.name, f"invitation_{row.state}", **trail)
    tx.result(invitation_id=row.id, case_id=case.id)
    if yes and consents.anew.demanded(tx, case) in ("goes_on", "ends"):
        consents.anew.ask_as_joined(tx, case.id, service.id)
    return invitation_id


def _require_own(tx: Transaction, case: Case, row: Invitation, wanted: Reply) -> None:
    standing = relations.to_case(tx, case)
    mine = any(m.service_id == row.service_id for m in tx.actor.memberships)
    if not mine or standing.barred:
        raise NotFound
    if wanted.answer not in EVENTS:
        raise Invalid({"answer": "choose_one"})
    if wanted.answer != "yes" and not wanted.message.strip():
        raise Invalid({"message": "write_why"})


def _works_there(tx: Transaction, practitioner_id: UUID, service_id: UUID) -> bool:
    sql = (
        "SELECT EXISTS (SELECT 1 FROM assignments WHERE practitioner_id = :person AND service_id = :service"
        " AND since <= :today AND (until IS NULL OR until >= :today))"
    )
    return bool(tx.scalar(sql, person=practitioner_id, service=service_id, today=tx.today))


def _told(tx: Transaction, case: Case, row: Invitation, service_name: str, code: str, **trail: Any) -> None:
    logs.tell(tx, case, "invitation", code, service=service_name)
    logs.touch(tx, case)
    about = {"invitation": row.id, "state": row.state, **trail}
    tx.note("case", case.id, code, municipality_id=case.municipality_id, **about)


def remind(tx: Transaction, invitation_id: UUID, *, key: str | None = None) -> UUID:
    """Send the service a reminder now. Raises NotFound, NotPermitted, or Stale when it has answered."""
    tx.once(key, "remind_service", invitation=invitation_id)
    seen = tx.get(Invitation, invitation_id)
    case = tx.lock(Case, seen.case_id)
    row = tx.lock(Invitation, invitation_id)
    tx.require(Permission.INVITE_SERVICES, relations.to_case(tx, case))
    if row.state not in ("queued", "sent", "expired", "needs_more"):
        raise Stale(row.version)
    write_reminder(tx, row)
    service = tx.get(Service, row.service_id)
    _told(tx, case, row, service.name, "service_reminded")
    tx.result(invitation_id=row.id, case_id=case.id)
    return row.id


def write_reminder(tx: Transaction, row: Invitation) -> None:
    """One more letter to the service, counted."""
    row.reminders, row.reminded_at = row.reminders + 1, tx.now
    notices.write(
        tx,
        "invitation_reminder",
        municipality_id=row.municipality_id,
        subject=("invitation", row.id),
        service_id=row.service_id,
        case_id=row.case_id,
        edition=row.reminders,
    )


def withdraw(tx: Transaction, invitation_id: UUID, *, key: str | None = None) -> UUID:
    """Take a service out of the case: the question is taken back, or its part ends.

    Raises NotFound, NotPermitted or Refused.
    """
    tx.once(key, "withdraw_invitation", invitation=invitation_id)
    seen = tx.get(Invitation, invitation_id)
    case = partings.locked(tx, seen.case_id)
    tx.require(Permission.INVITE_SERVICES, relations.to_case(tx, case))
    take_back(tx, case, invitation_id)
    tx.result(invitation_id=invitation_id, case_id=case.id)
    return invitation_id


def take_back(tx: Transaction, case: Case, invitation_id: UUID) -> None:
    """Withdraw one invitation inside an act on its case."""
    row = tx.lock(Invitation, invitation_id)
    moved = move(InvitationChart, row.state, "withdraw", InvitationFacts())
    row.state, row.version = moved.after, row.version + 1
    scene = _scene(case, ("invitation", row.id), service_id=row.service_id)
    consequences.carry_out(tx, scene, moved.consequences)
    _told(tx, case, row, tx.get(Service, row.service_id).name, "invitation_withdrawn")


def expire(tx: Transaction, invitation_id: UUID) -> None:
    """The day to answer by has passed in silence: the holder is told, the question stays open. For jobs."""
    row = tx.lock(Invitation, invitation_id)
    case = tx.lock(Case, row.case_id)
    facts = InvitationFacts(time_is_up=row.reply_by < tx.today)
    moved = move(InvitationChart, row.state, "expire", facts)
    row.state, row.version = moved.after, row.version + 1
    scene = _scene(case, ("invitation", row.id), service_id=None)
    consequences.carry_out(tx, scene, moved.consequences)
    _told(tx, case, row, tx.get(Service, row.service_id).name, "invitation_expired")


def mark_sent(tx: Transaction, invitation_id: UUID) -> None:
    """The letter has left the house. For jobs."""
    row = tx.lock(Invitation, invitation_id)
    if row.state == "queued":
        row.state = move(InvitationChart, row.state, "mark_sent", InvitationFacts()).after
        row.version += 1
    row.sent_at = row.sent_at or tx.now
    tx.without_trail()


def invitations_to_send(tx: Transaction, coordination_id: UUID) -> list[UUID]:
    """The notices of this coordination's invitations that still wait to be sent. For jobs."""
    return [
        row[0]
        for row in tx.session.execute(
            text(
                "SELECT n.id FROM notices n JOIN invitations i ON i.id = n.subject_id"
                " WHERE i.coordination_id = :coordination AND n.kind = 'invitation' AND n.state = 'written'"
                " ORDER BY n.id"
            ),
            {"coordination": coordination_id},
        )
    ]
