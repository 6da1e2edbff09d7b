"""What every act on a question shares: whose move it is, what may be written, and what follows from a move."""

from datetime import datetime, time
from uuid import UUID

from sqlmodel import col, select

from casework import consequences, deadlines, notices
from casework.consequences import Scene
from casework.consultations.limits import in_town
from casework.ports import OSLO
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.charts import Move, move
from levels.consultations import (
    ADVICE,
    ASKERS,
    ConsultationChart,
    ConsultationFacts,
    Found,
    answer_by,
    fault,
    finds,
    remind_on,
)
from records.children import Child, Guardian
from records.consultations import Consultation, ConsultationMessage
from records.deadlines import Deadline

MORNING = time(7)
NO_GUIDE = UUID(int=0)  # no guide has clocks for a question without a case


def suspicious(tx: Transaction, text: str) -> tuple[Found, ...]:
    """What in a text may tell who somebody is: numbers, addresses, and names of the children the actor may look up."""
    if not text.strip():
        return ()
    children = tx.rows(select(Child.first_name, Child.last_name))
    adults = [name.rpartition(" ") for name in tx.rows(select(Guardian.name))]
    return finds(text, [*children, *((first, last) for first, _, last in adults)])


def check(tx: Transaction, town: UUID, *, read_again: bool, **texts: str) -> None:
    """Go on only with texts that are written, not too long there, and name nobody; raises Invalid at each field."""
    errors, longest = {}, in_town(tx, town).longest
    for name, text in texts.items():
        if not text.strip():
            errors[name] = "write_something"
        elif len(text) > longest:
            errors[name] = "too_long"
        elif wrong := fault(suspicious(tx, text), read_again=read_again):
            errors[name] = wrong
    if errors:
        raise Invalid(errors)


def hold(tx: Transaction, consultation_id: UUID, event: str, version: int | None) -> Consultation:
    """The question, held for a move that is the actor's to make; raises NotFound or Stale."""
    theirs(tx, tx.get(Consultation, consultation_id), asker=event in ASKERS)
    return tx.lock(Consultation, consultation_id, version=version)


def theirs(tx: Transaction, row: Consultation, *, asker: bool) -> None:
    """Go on only as the asker, or as somebody of the asked service; raises NotFound."""
    inside = any(one.service_id == row.service_id for one in tx.actor.practice())
    if not (row.asker_id == tx.actor.id if asker else inside):
        raise NotFound


def facts_of(tx: Transaction, row: Consultation, *, consent: bool = False) -> ConsultationFacts:
    """What the chart asks for; texts have been looked at before."""
    return ConsultationFacts(
        asked_by_another=row.asker_id != tx.actor.id,
        taken_by_actor=row.taken_by_id == tx.actor.id,
        taker_there=row.taken_by_id is not None,
        something_written=True,
        nobody_named=True,
        consent_reaches=consent,
    )


def carry(tx: Transaction, row: Consultation, event: str, **facts: bool) -> Move:
    """Make a move, count the version, and let follow what must; notes it without a word of what was written."""
    moved = move(ConsultationChart, row.state, event, facts_of(tx, row, **facts))
    row.state, row.moved_at, row.version = moved.after, tx.now, row.version + 1
    tx.session.flush()
    consequences.carry_out(tx, scene(row), moved.consequences)
    note(tx, row, f"{event}_consultation")
    tx.result(consultation_id=row.id)
    return moved


def scene(row: Consultation) -> Scene:
    """Where its moves happen: in no case."""
    return Scene(
        municipality_id=row.municipality_id,
        subject=("consultation", row.id),
        guide_id=NO_GUIDE,
        level_id="",
        people={"asker": (row.asker_id,), "taker": (row.taken_by_id,) if row.taken_by_id else ()},
    )


def note(tx: Transaction, row: Consultation, act: str) -> None:
    """One line in the question's own trail."""
    tx.note("consultation", row.id, act, municipality_id=row.municipality_id)


def say(tx: Transaction, consultation_id: UUID, kind: str, body: str) -> None:
    """Add to the thread."""
    tx.add(
        ConsultationMessage(
            consultation_id=consultation_id,
            author_id=tx.actor.id,
            kind=kind,
            body=body.strip(),
            written_at=tx.now,
        )
    )


def wait_for_answer(tx: Transaction, row: Consultation) -> None:
    """Start the working days within which it is answered."""
    limits = in_town(tx, row.municipality_id)
    by = answer_by(tx.today, limits)
    tx.add(
        Deadline(
            municipality_id=row.municipality_id,
            subject_kind="consultation",
            subject_id=row.id,
            clock="agreed",
            source="agreement",
            due=ADVICE,
            owner_id=row.taken_by_id,
            started_at=tx.now,
            target_on=by,
            due_at=deadlines.end_of(by),
            remind_at=datetime.combine(remind_on(tx.today, limits), MORNING, OSLO),
            suspensions=[],
        )
    )


def tell_service(tx: Transaction, row: Consultation) -> None:
    """The service's mailbox gets a letter without a word of what is asked."""
    notices.write(
        tx,
        "consultation_asked",
        municipality_id=row.municipality_id,
        subject=("consultation", row.id),
        service_id=row.service_id,
    )


def waits(tx: Transaction, consultation_id: UUID) -> list[Deadline]:
    """What still waits for an answer."""
    wanted = select(Deadline).where(Deadline.subject_id == consultation_id, Deadline.due == ADVICE)
    return tx.rows(wanted.where(col(Deadline.settled_at).is_(None)))
