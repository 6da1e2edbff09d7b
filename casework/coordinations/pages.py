"""Invitations as the case, and as the asked service, sees them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from casework import relations, sharing, ties
from casework.access import Permission, Role, Standing
from casework.colleagues import in_unit
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.charts import Offer, offers
from levels.coordinations import InvitationChart, InvitationFacts
from levels.disqualifications import TieSign
from records.cases import Case
from records.coordinations import Invitation
from records.municipalities import Practitioner


@dataclass(frozen=True, slots=True)
class InvitationSummary:
    """One service's invitation as the case shows it."""

    id: UUID
    service_id: UUID
    service_name: str
    service_kind: str
    state: str
    needed: str
    reply_by: date
    asked_at: datetime
    sent_at: datetime | None
    reminders: int
    answered_at: datetime | None
    answer: str
    contact_name: str
    letter_state: str | None
    version: int


@dataclass(frozen=True, slots=True)
class InvitationDetails:
    """An invitation as the asked service sees it: who asks, for which child, and for what.

    `signs` of a tie between the reader and the family, when the invitation is read alone and may be answered.
    """

    id: UUID
    case_id: UUID
    case_number: str
    child_name: str
    kind: str
    born_on: date | None
    unit_name: str
    municipality_name: str
    holder_name: str
    holder_phone: str
    service_id: UUID
    service_name: str
    state: str
    needed: str
    reply_by: date
    answer: str
    contact_name: str
    version: int
    may_share: bool
    asked_of_me: bool
    protected: bool = False
    may_chase: bool = False
    signs: tuple[TieSign, ...] = ()


_OF_CASE = text(
    """
    SELECT i.id, i.service_id, s.name AS service_name, s.kind AS service_kind, i.state, i.needed, i.reply_by,
      i.asked_at, i.sent_at, i.reminders, i.answered_at, i.answer, coalesce(p.name, '') AS contact_name,
      (SELECT n.state FROM notices n WHERE n.subject_id = i.id AND n.service_id = i.service_id
        ORDER BY n.written_at DESC LIMIT 1) AS letter_state,
      i.version
    FROM invitations i
    JOIN services s ON s.id = i.service_id
    LEFT JOIN practitioners p ON p.id = i.contact_id
    WHERE i.case_id = :case AND i.state <> 'withdrawn'
    ORDER BY i.asked_at, s.name
    """
)
_DETAILS = """
    SELECT i.id, c.id AS case_id, c.number AS case_number, btrim(k.first_name || ' ' || k.last_name) AS child_name,
      k.kind, k.born_on, u.name AS unit_name, m.name AS municipality_name, h.name AS holder_name,
      h.phone AS holder_phone, i.service_id, s.name AS service_name, i.state, i.needed, i.reply_by, i.answer,
      coalesce(p.name, '') AS contact_name, i.version, app.consent_reaches(c.id, i.service_id) AS may_share,
      i.service_id = ANY (app.my_services()) AS asked_of_me, app.is_protected(c.id) AS protected
    FROM invitations i
    JOIN cases c ON c.id = i.case_id
    JOIN children k ON k.id = c.child_id
    JOIN services u ON u.id = c.unit_id
    JOIN services s ON s.id = i.service_id
    JOIN municipalities m ON m.id = c.municipality_id
    JOIN practitioners h ON h.id = c.holder_id
    LEFT JOIN practitioners p ON p.id = i.contact_id
"""
_ONE = text(_DETAILS + " WHERE i.id = :invitation")
ASKED_OF_ME = text(
    _DETAILS
    + " WHERE i.service_id = ANY (app.my_services()) AND i.state <> 'withdrawn' AND c.state <> 'closed'"
    " ORDER BY (i.state IN ('accepted', 'declined')), i.reply_by"
)


def of_case(tx: Transaction, case_id: UUID) -> list[InvitationSummary]:
    """Every service asked in this case."""
    return tx.ask_for(InvitationSummary, _OF_CASE, {"case": case_id})


def _guarded(details: InvitationDetails) -> InvitationDetails:
    """When consent does not reach the service any more, the child is not named to it; nor is where a protected child
    goes before the service is inside."""
    channel, consent = sharing.Channel.INVITATION, details.may_share
    if not sharing.with_service(sharing.What.NAME, channel, consent=consent).allowed:
        details = replace(details, child_name="", born_on=None, needed="")
    hidden = details.protected and details.asked_of_me and details.state != "accepted"
    if hidden or not consent and details.protected:
        answer = sharing.with_service(sharing.What.PLACE, channel, consent=True, protected=True)
        details = details if answer.allowed else replace(details, unit_name=details.municipality_name)
    return details


def seen(tx: Transaction, invitation_id: UUID) -> InvitationDetails:
    """An invitation as the asked service or the holder sees it; raises NotFound."""
    row = tx.get(Invitation, invitation_id)
    case = tx.get(Case, row.case_id)
    standing = relations.to_case(tx, case)
    mine = any(m.service_id == row.service_id for m in tx.actor.memberships)
    if standing.barred or not (mine or standing.relations):
        raise NotFound
    tx.note("case", case.id, "read_invitation", municipality_id=case.municipality_id, invitation=row.id)
    found = tx.session.execute(_ONE, {"invitation": invitation_id}).mappings().one()
    chases = Permission.INVITE_SERVICES in relations.granted(standing)
    answers = found["asked_of_me"] and found["may_share"] and row.state not in ("accepted", "declined")
    signs = ties.signs(tx, case.child_id) if answers else ()
    return _guarded(InvitationDetails(**found, may_chase=chases, signs=signs))


def reached(tx: Transaction, case_id: UUID) -> frozenset[UUID]:
    """The services the family's consent reaches just now; every one where the case is about a group."""
    found = tx.session.execute(
        text(
            "SELECT DISTINCT service_id FROM consents WHERE case_id = :case AND service_id IS NOT NULL"
            " AND app.consent_reaches(:case, service_id)"
            " UNION SELECT s.id FROM cases c JOIN children k ON k.id = c.child_id CROSS JOIN services s"
            " WHERE c.id = :case AND k.kind = 'group'"
        ),
        {"case": case_id},
    )
    return frozenset(found.scalars())


def asked_of_me(tx: Transaction) -> list[InvitationDetails]:
    """Invitations to the actor's services, those waiting for an answer first."""
    return [_guarded(one) for one in tx.ask_for(InvitationDetails, ASKED_OF_ME)]


def colleagues(tx: Transaction, service_id: UUID) -> list[tuple[UUID, str]]:
    """Who may be named as the service's contact: everybody who works there, the actor first."""
    if not any(m.service_id == service_id for m in tx.actor.memberships):
        raise NotFound
    return [(one, name) for one, name, _title in in_unit(tx, service_id, roles=Role)]


def moves(invitation: InvitationSummary, standing: Standing) -> tuple[Offer, ...]:
    """What can be done with the invitation from here, for the buttons."""
    facts = InvitationFacts(consent_reaches=standing.consent, contact_named=True, reason_given=True)
    return offers(InvitationChart, invitation.state, facts)


def contact(tx: Transaction, invitation: Invitation) -> Practitioner | None:
    """The service's contact in the case."""
    return tx.session.get(Practitioner, invitation.contact_id) if invitation.contact_id else None
