"""The baton as its receiver, its giver and whoever moves it see it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from casework import relations, ties
from casework.access import PRACTICE, Permission, Standing
from casework.relays.handing import facts_of
from casework.transactions import Transaction
from levels.charts import Offer, offers
from levels.disqualifications import TieSign
from levels.relays import RelayChart
from records.cases import Case
from records.relays import Handover

_HEAD_COLUMNS = """
    SELECT h.id AS handover_id, c.id AS case_id, c.number AS case_number,
      k.first_name || ' ' || k.last_name AS child_name, u.name AS unit_name, c.level_id, c.state,
      f.name AS from_name, f.title AS from_title, h.to_id, t.name AS to_name, h.reason, h.urgent,
      h.offered_at, h.outcome, c.version
    FROM handovers h
    JOIN cases c ON c.id = h.case_id
    JOIN children k ON k.id = c.child_id
    JOIN services u ON u.id = c.unit_id
    JOIN practitioners f ON f.id = h.from_id
    JOIN practitioners t ON t.id = h.to_id
"""
_HEAD = text(_HEAD_COLUMNS + " WHERE h.id = :handover")
OFFERED = text(_HEAD_COLUMNS + " WHERE h.to_id = :actor AND h.outcome = 'offered' ORDER BY h.offered_at")
_CANDIDATES = text(
    """
    SELECT p.id, p.name, p.title, min(s.name), app.batons_held(p.id), w.until_on,
      coalesce(cardinality(app.tie_signs(p.id, :child)) > 0, false)
    FROM practitioners p
    LEFT JOIN app.away_now() w ON w.practitioner_id = p.id
    JOIN assignments a ON a.practitioner_id = p.id AND a.role = ANY (:roles)
      AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
    JOIN services s ON s.id = a.service_id
    WHERE (a.service_id = :unit OR app.consent_reaches(:case, a.service_id))
      AND p.id <> :holder AND p.left_on IS NULL AND lower(p.name) LIKE :words
      AND NOT app.is_barred(p.id, :child)
    GROUP BY p.id, p.name, p.title, w.until_on
    ORDER BY p.name
    LIMIT :limit
    """
)


@dataclass(frozen=True, slots=True)
class BatonOffer:
    """An offer as the receiver sees it; `signs` of a tie to the family when the receiver reads it alone."""

    handover_id: UUID
    case_id: UUID
    case_number: str
    child_name: str
    unit_name: str
    level_id: str
    state: str
    from_name: str
    from_title: str
    to_id: UUID
    to_name: str
    reason: str
    urgent: str
    offered_at: datetime
    outcome: str
    version: int
    signs: tuple[TieSign, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might take the baton, with how many they hold already, and whether a tie to the family must be
    considered.
    """

    practitioner_id: UUID
    name: str
    title: str
    service_name: str
    holding: int
    away_until: date | None = None
    maybe_tied: bool = False


def seen(tx: Transaction, handover_id: UUID) -> BatonOffer:
    """The offer as its receiver, the holder or the leader sees it; raises NotFound."""
    handover = tx.get(Handover, handover_id)
    case = tx.get(Case, handover.case_id)
    tx.require(Permission.READ_CASE_HEAD, relations.to_case(tx, case))
    row = tx.session.execute(_HEAD, {"handover": handover_id}).mappings().one()
    tx.note("case", case.id, "read_offer", municipality_id=case.municipality_id, handover=handover.id)
    mine = handover.to_id == tx.actor.id and handover.outcome == "offered"
    return BatonOffer(**row, signs=ties.signs(tx, case.child_id) if mine else ())


def offered_to_me(tx: Transaction) -> list[BatonOffer]:
    """Batons waiting for the actor's answer, oldest first."""
    return tx.ask_for(BatonOffer, OFFERED, {"actor": tx.actor.id})


def open_offer(tx: Transaction, case_id: UUID) -> UUID | None:
    """The case's unanswered offer, if there is one."""
    wanted = select(Handover.id).where(Handover.case_id == case_id, Handover.outcome == "offered")
    return tx.session.exec(wanted).first()


def candidates(
    tx: Transaction, case_id: UUID, *, words: str = "", limit: int = 20, moving: bool = False
) -> list[Candidate]:
    """People who may take the baton: the child's unit and the services inside the case.

    `moving` is the leader's view, who moves it without holding it. Raises NotFound or NotPermitted.
    """
    case = tx.get(Case, case_id)
    needed = Permission.TAKE_OVER_BATON if moving else Permission.OFFER_BATON
    tx.require(needed, relations.to_case(tx, case))
    found = tx.session.execute(
        _CANDIDATES,
        {
            "case": case.id,
            "child": case.child_id,
            "unit": case.unit_id,
            "holder": case.holder_id,
            "today": tx.today,
            "roles": [role.value for role in PRACTICE],
            "words": f"%{words.strip().lower()}%",
            "limit": limit,
        },
    )
    return [Candidate(*row) for row in found]


def moves(tx: Transaction, case: Case, standing: Standing) -> tuple[Offer, ...]:
    """What can be done with the baton from here, for the buttons."""
    del standing
    return offers(RelayChart, case.relay_state, facts_of(tx, case))
