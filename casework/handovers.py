"""Many batons at once: somebody leaves or cannot go on, and every baton she holds moves in one act, none lost.

The unit's leader moves those of the own unit. The administrator moves all of them and sees only how many: whose they
are is met by the house alone, which carries the act out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import consultations, logs, meetings, notices, participations, relays
from casework.refusals import Invalid, NotFound, Refused
from casework.transactions import Transaction
from records.cases import Case
from records.coordinations import Invitation
from records.deadlines import Deadline
from records.measures import Measure
from records.meetings import Attendance, Meeting
from records.municipalities import Practitioner, Service
from records.participations import Participation
from records.relays import Handover
from records.signals import Signal

_IN_MY_UNITS = text(
    "SELECT b.practitioner_id, p.name, p.title, b.batons, b.late FROM app.batons_in_my_units(:today) b"
    " JOIN practitioners p ON p.id = b.practitioner_id ORDER BY b.batons DESC, p.name"
)


@dataclass(frozen=True, slots=True)
class MoveBatons:
    """Where one person's batons go, and why: one by one as `each` says, else to one receiver, else to the leaders.

    `instead_id` takes those the first receiver may not hold, as a leader who is barred from the child.
    """

    reason: str
    to_id: UUID | None = None
    instead_id: UUID | None = None
    each: Mapping[UUID, UUID] = field(default_factory=dict)
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody who holds batons in a unit one leads, as numbers."""

    practitioner_id: UUID
    name: str
    title: str
    batons: int
    late: int


def in_my_units(tx: Transaction) -> list[Holding]:
    """Who holds how many batons in the units the actor leads, and how many deadlines there have passed."""
    return [Holding(*row) for row in tx.session.execute(_IN_MY_UNITS, {"today": tx.today})]


def leads_a_unit(tx: Transaction) -> bool:
    """Whether the actor leads any service, and so has batons there to look after."""
    return bool(tx.rows(select(Service.id).where(Service.leader_id == tx.actor.id).limit(1)))


def to_move(tx: Transaction, from_id: UUID) -> tuple[str, int]:
    """The name of a holder and how many of the batons the actor may move; raises NotFound when it is none."""
    return tx.get(Practitioner, from_id).name, len(_movable(tx, from_id))


def _movable(tx: Transaction, from_id: UUID) -> list[UUID]:
    found = tx.session.execute(text("SELECT app.batons_to_move(:person)"), {"person": from_id})
    ids = list(found.scalars())
    if not ids:
        raise NotFound
    return ids


def hand_over_all(tx: Transaction, from_id: UUID, wanted: MoveBatons) -> int:
    """Move every baton of somebody that the actor may move, all or none; answers how many.

    Raises NotFound, Invalid, or Refused when some baton has nobody who may hold it.
    """
    tx.once(wanted.key, "hand_over_all", person=from_id, to=wanted.to_id, instead=wanted.instead_id)
    movable = _movable(tx, from_id)
    _require_reason(wanted)
    with tx.as_house():
        _move(tx, from_id, movable, wanted)
    tx.result(practitioner_id=from_id, moved=len(movable))
    return len(movable)


def _require_reason(wanted: MoveBatons) -> None:
    if not wanted.reason.strip():
        raise Invalid({"reason": "write_something"})


def _move(tx: Transaction, from_id: UUID, movable: list[UUID], wanted: MoveBatons) -> None:
    """In the order of ids, as everywhere, so that two who move at once wait and do not block each other."""
    for case_id in sorted(movable):
        case = tx.lock(Case, case_id)
        if case.holder_id != from_id or case.state == "closed":
            continue
        relays.give(tx, case, _receiver(tx, case, wanted), wanted.reason)
        tx.session.flush()
        for measure in _measures(tx, from_id, case.id):
            _answer_for(tx, measure, case)


def _receiver(tx: Transaction, case: Case, wanted: MoveBatons) -> UUID:
    first = wanted.each.get(case.id) or wanted.to_id or tx.get(Service, case.unit_id).leader_id
    for person in (first, wanted.instead_id):
        if person is None or person == case.holder_id:
            continue
        facts = relays.facts_of(tx, case, person)
        if facts.receiver_may_hold and facts.receiver_at_work:
            return person
    raise Refused("RelayChart", case.relay_state, "take_over", ("some_baton_without_receiver",))


def _measures(tx: Transaction, person: UUID, case_id: UUID | None = None) -> list[Measure]:
    wanted = select(Measure).where(Measure.responsible_id == person, Measure.state != "ended")
    if case_id is not None:
        wanted = wanted.where(Measure.case_id == case_id)
    return tx.rows(wanted.order_by(col(Measure.case_id), col(Measure.id)))


def _answer_for(tx: Transaction, measure: Measure, case: Case) -> None:
    """The case's holder answers for it from now on, and is told."""
    measure.responsible_id = case.holder_id
    measure.version += 1
    tx.note("case", case.id, "measure_given", municipality_id=case.municipality_id, measure=measure.id)
    if case.holder_id != tx.actor.id:
        notices.write(
            tx,
            "measure_given",
            municipality_id=case.municipality_id,
            subject=("measure", measure.id),
            practitioner_id=case.holder_id,
            case_id=case.id,
        )


def let_go(tx: Transaction, person: UUID, wanted: MoveBatons | None) -> None:
    """Everything somebody who leaves still has a hand on finds another: batons, offers, measures, terms, questions.

    The caller has asked whether the actor may show the person out. Raises Invalid or Refused.
    """
    held = list(tx.session.execute(text("SELECT app.batons_to_move(:person)"), {"person": person}).scalars())
    if held and wanted is not None:
        _require_reason(wanted)
    with tx.as_house():
        if wanted is not None:
            _move(tx, person, held, wanted)
        offered = select(Handover.id).where(Handover.to_id == person, Handover.outcome == "offered")
        for handover_id in tx.rows(offered.order_by(col(Handover.case_id))):
            relays.come_back(tx, handover_id, to_leader=False)
        for measure in _measures(tx, person):
            case = tx.lock(Case, measure.case_id)
            if case.holder_id != person:
                _answer_for(tx, measure, case)
        _give_meetings(tx, person)
        _give_terms(tx, person)
        consultations.let_go(tx, person)
        _give_contacts(tx, person)
        _end_parts(tx, person)


def _give_meetings(tx: Transaction, person: UUID) -> None:
    """The case's holder goes to the meetings ahead instead, and is summoned when not summoned already."""
    wanted = (
        select(Attendance, Meeting)
        .join(Meeting, col(Meeting.id) == col(Attendance.meeting_id))
        .where(Attendance.practitioner_id == person, col(Meeting.state).in_(("planned", "summoned")))
    )
    given: list[tuple[Attendance, Meeting]] = []
    for seat, meeting in tx.rows(wanted):
        holder = tx.get(Case, meeting.case_id).holder_id
        if holder == person:
            continue
        there = select(Attendance.id).where(
            Attendance.meeting_id == meeting.id, Attendance.practitioner_id == holder
        )
        if tx.rows(there):
            tx.session.delete(seat)
        else:
            seat.practitioner_id, seat.answer = holder, "none"
            given.append((seat, meeting))
        tx.note("case", meeting.case_id, "seat_given", municipality_id=meeting.municipality_id)
    tx.session.flush()
    for seat, meeting in given:
        if seat.id in meetings.lettered(tx, meeting.id):
            continue
        notices.write(
            tx,
            "meeting_summons",
            municipality_id=meeting.municipality_id,
            subject=("meeting", meeting.id),
            practitioner_id=seat.practitioner_id,
            case_id=meeting.case_id,
            edition=meeting.sequence,
        )


def _give_terms(tx: Transaction, person: UUID) -> None:
    """Reminders of what is not done go to the holder of the case, or to the leader who has the worry."""
    waiting = select(Deadline).where(Deadline.owner_id == person, col(Deadline.settled_at).is_(None))
    for row in tx.rows(waiting):
        if row.case_id is not None:
            row.owner_id = tx.get(Case, row.case_id).holder_id
        elif row.signal_id is not None:
            row.owner_id = tx.get(Signal, row.signal_id).leader_id or person


def _give_contacts(tx: Transaction, person: UUID) -> None:
    """A service that takes part is reached by its leader until it names somebody else."""
    wanted = select(Invitation).where(Invitation.contact_id == person, Invitation.state == "accepted")
    for row in tx.rows(wanted):
        case = tx.lock(Case, row.case_id)
        leader = tx.get(Service, row.service_id).leader_id
        row.contact_id = leader if leader != person else None
        row.version += 1
        if case.state == "closed" or row.contact_id is None:
            continue
        participations.join(tx, case, row.contact_id, "service", service_id=row.service_id)
        logs.touch(tx, case)
        notices.write(
            tx,
            "contact_given",
            municipality_id=row.municipality_id,
            subject=("invitation", row.id),
            practitioner_id=row.contact_id,
            case_id=row.case_id,
        )


def _end_parts(tx: Transaction, person: UUID) -> None:
    """Whoever has left takes part in nothing; a closed case keeps the name of its last holder."""
    wanted = select(Participation).where(
        Participation.practitioner_id == person,
        col(Participation.until).is_(None),
        Participation.kind != "holder",
    )
    for part in tx.rows(wanted):
        part.until = tx.now
        tx.note("case", part.case_id, "part_ended", municipality_id=part.municipality_id)
