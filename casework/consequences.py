"""Carries out what a move asks for, as rows in the same transaction. Nothing is sent here."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from casework import deadlines, notices, participations, partings
from casework.transactions import Transaction
from levels.consequences import (
    Consequence,
    EndAccess,
    GrantAccess,
    Notify,
    PassBaton,
    StartClock,
    StartFlow,
    StopClock,
)
from records.cases import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a move happens: which file, about what, who owns it, and who plays which part."""

    municipality_id: UUID
    subject: tuple[str, UUID]
    guide_id: UUID
    level_id: str
    case: Case | None = None
    signal_id: UUID | None = None
    owner_id: UUID | None = None
    service_id: UUID | None = None
    contact_id: UUID | None = None
    agreed_on: date | None = None
    came_from: str | None = None
    people: dict[str, tuple[UUID, ...]] = field(default_factory=dict)


def carry_out(tx: Transaction, scene: Scene, wanted: tuple[Consequence, ...]) -> None:
    """Turn each consequence into rows, in the order the chart names them."""
    for consequence in wanted:
        match consequence:
            case StartClock(event):
                _start(tx, scene, event)
            case StopClock(due):
                _stop(tx, scene, due)
            case Notify(kind, to):
                _notify(tx, scene, kind, to)
            case StartFlow(name):
                tx.start_flow(name, ids={f"{scene.subject[0]}_id": scene.subject[1]})
            case PassBaton(to):
                _pass(tx, scene, to)
            case GrantAccess():
                _grant(tx, scene)
            case EndAccess():
                _end(tx, scene)


def _start(tx: Transaction, scene: Scene, event: str) -> None:
    deadlines.start(
        tx,
        event,
        municipality_id=scene.municipality_id,
        guide_id=scene.guide_id,
        level_id=scene.level_id,
        subject=scene.subject,
        case_id=scene.case.id if scene.case else None,
        signal_id=scene.signal_id,
        owner_id=scene.owner_id,
        agreed_on=scene.agreed_on,
        came_from=scene.came_from,
    )


def _stop(tx: Transaction, scene: Scene, due: str) -> None:
    if due == "*" and scene.case is not None:
        deadlines.drop_all(tx, scene.case.id)
    elif due == "decision" and scene.case is not None:
        deadlines.stop_level(tx, scene.case.id)
    else:
        deadlines.stop(tx, scene.subject[1], due)


def _notify(tx: Transaction, scene: Scene, kind: str, to: str) -> None:
    """Nobody is told of their own act, and nobody twice."""
    for person in dict.fromkeys(scene.people.get(to, ())):
        if person != tx.actor.id:
            notices.write(
                tx,
                kind,
                municipality_id=scene.municipality_id,
                subject=scene.subject,
                practitioner_id=person,
                case_id=scene.case.id if scene.case else None,
            )
    if to == "service" and scene.service_id is not None:
        notices.write(
            tx,
            kind,
            municipality_id=scene.municipality_id,
            subject=scene.subject,
            service_id=scene.service_id,
            case_id=scene.case.id if scene.case else None,
        )


def _pass(tx: Transaction, scene: Scene, to: str) -> None:
    if scene.case is None:
        return
    receiver = scene.people[to][0]
    former = scene.case.holder_id
    if receiver == former:
        return
    participations.join(tx, scene.case, receiver, "holder")
    # The former holder stays a member, and reads on as far as consent allows.
    participations.join(tx, scene.case, former, "member")
    scene.case.holder_id, scene.case.holder_since = receiver, tx.now
    participations.leave(tx, scene.case.id, practitioner_id=former, kind="holder")
    deadlines.hand_over(tx, scene.case.id, former, receiver)


def _grant(tx: Transaction, scene: Scene) -> None:
    if scene.case is None or scene.service_id is None:
        return
    for person in (scene.contact_id, *scene.people.get("service_leader", ())):
        if person is not None:
            participations.join(tx, scene.case, person, "service", service_id=scene.service_id)


def _end(tx: Transaction, scene: Scene) -> None:
    if scene.case is None:
        return
    if scene.service_id is not None:
        participations.leave(tx, scene.case.id, kind="service", service_id=scene.service_id)
    elif scene.subject[0] == "case":
        participations.leave(tx, scene.case.id, kind="service")
    if scene.case.state != "closed":  # whoever closes a case calls its own meetings off
        partings.part_unreached(tx, scene.case.id)
