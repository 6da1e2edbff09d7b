"""Asking everybody who must answer, and what follows for the case when those are others than before."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from casework import logs, notices, partings, relations, sharing
from casework.access import Permission
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.charts import move
from levels.consents import ConsentChart, ConsentFacts
from records.base import new_id
from records.cases import Case
from records.children import Guardian
from records.consents import Consent
from records.municipalities import Service

USUAL_TERM = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of everybody who must answer, about one service or about the log itself."""

    service_id: UUID | None
    purpose: str
    shared: str = ""
    not_shared: str = ""
    until: date | None = None


def ask(
    tx: Transaction, case_id: UUID, questions: tuple[Question, ...], *, key: str | None = None
) -> list[UUID]:
    """Ask everybody who must answer about each service; a question already open is left as it is.

    Raises NotFound, NotPermitted or Invalid. Consent is asked of those with parental responsibility, or of
    the youth from the municipality's age.
    """
    tx.once(key, "ask_consent", case=case_id, services=[q.service_id for q in questions])
    case = tx.lock(Case, case_id)
    tx.require(Permission.KEEP_CONSENTS, relations.to_case(tx, case))
    _check_questions(tx, questions)
    people = consenters(tx, case_id)
    if not people:
        raise Invalid({"people": "nobody_to_ask"})
    asked = [ask_one(tx, case, q, person) for q in questions for person in people]
    write_to(tx, case, people)
    logs.tell(tx, case, "consent", "consent_asked", services=len(questions), people=len(people))
    logs.touch(tx, case)
    tx.note("case", case.id, "ask_consent", municipality_id=case.municipality_id, consents=asked)
    tx.result(case_id=case.id)
    return asked


def ask_about_log(tx: Transaction, case: Case) -> None:
    """Ask everybody who must whether there is to be a shared log, as a case begins that nobody has yet said yes to."""
    people = consenters(tx, case.id)
    asked = [ask_one(tx, case, Question(None, "work_together"), person) for person in people]
    tx.session.flush()
    write_to(tx, case, people)
    logs.tell(tx, case, "consent", "consent_asked", services=1, people=len(people))
    tx.note("case", case.id, "ask_consent", municipality_id=case.municipality_id, consents=asked)


def write_to(tx: Transaction, case: Case, people: list[UUID | None]) -> None:
    """A letter without names to whoever can answer by the family's own door."""
    known = select(Guardian).where(col(Guardian.id).in_([one for one in people if one]), Guardian.email != "")
    known = known.where(col(Guardian.member_id).is_not(None) | col(Guardian.identity_index).is_not(None))
    for guardian in tx.rows(known):
        told = may_be_told(guardian.kept_out)
        if not told:
            continue
        notices.write(
            tx,
            "consent_asked",
            municipality_id=case.municipality_id,
            subject=("case", case.id),
            guardian_id=guardian.id,
            case_id=case.id,
        )


def may_be_told(kept_out: bool, age: int | None = None) -> bool:
    """Whether a letter without names may go to a guardian of a child of this age."""
    what, channel = sharing.What.NOTICE, sharing.Channel.LETTER
    return sharing.to_guardian(what, channel, kept_out=kept_out, age=age).allowed


def consenters(tx: Transaction, case_id: UUID) -> list[UUID | None]:
    """Who must answer: guardians' ids, None for the child's own answer."""
    found = tx.ask("SELECT * FROM app.consenters(:case)", {"case": case_id})
    return [row[0] for row in found]


def _check_questions(tx: Transaction, questions: tuple[Question, ...]) -> None:
    errors = {}
    if not questions:
        errors["services"] = "choose_one"
    if any(not q.purpose.strip() for q in questions):
        errors["purpose"] = "write_something"
    if any(q.until is not None and q.until <= tx.today for q in questions):
        errors["until"] = "choose_a_later_day"
    if errors:
        raise Invalid(errors)
    for question in questions:
        if question.service_id is not None:
            tx.get(Service, question.service_id)


def ask_one(tx: Transaction, case: Case, question: Question, person: UUID | None) -> UUID:
    """Ask one person about one service, or about the log; a question already open or answered is left as it is."""
    row = _existing(tx, case.id, question.service_id, person)
    facts = ConsentFacts()
    if row is None:
        row = Consent(
            municipality_id=case.municipality_id,
            case_id=case.id,
            service_id=question.service_id,
            guardian_id=person,
            purpose=question.purpose.strip(),
            plan=case.plan_state,
            asked_by_id=tx.actor.id,
            asked_at=tx.now,
        )
        tx.add(row)
    elif row.state in ("declined", "withdrawn", "expired"):
        row.state = move(ConsentChart, row.state, "ask_again", facts).after
        row.asked_by_id, row.asked_at, row.answered_at = tx.actor.id, tx.now, None
        row.version += 1
    if row.state == "asked":
        row.purpose, row.shared, row.not_shared = (
            question.purpose.strip(),
            question.shared.strip(),
            question.not_shared.strip(),
        )
        row.expires_on = question.until or tx.today + USUAL_TERM
    return row.id


def _existing(tx: Transaction, case_id: UUID, service_id: UUID | None, person: UUID | None) -> Consent | None:
    wanted = select(Consent).where(Consent.case_id == case_id)
    wanted = wanted.where(col(Consent.service_id).is_not_distinct_from(service_id))
    wanted = wanted.where(col(Consent.guardian_id).is_not_distinct_from(person))
    found: Consent | None = tx.session.exec(wanted.with_for_update()).first()
    return found


def hold(tx: Transaction, child_id: UUID) -> UUID | None:
    """The child's open case, held until the act is over, also when the actor may not know of it; None without one."""
    found: UUID | None = tx.scalar("SELECT app.hold_open_case(:child)", child=child_id)
    return found


def recheck(tx: Transaction, case_id: UUID, municipality_id: UUID) -> None:
    """Those who must answer are others than before: services that consent does not reach any more lose sight.

    The case's log says so, and meetings shared with a sibling part. Nobody gets sight back by this, whatever the
    answers: they are invited anew.
    """
    tx.session.flush()
    sql = "SELECT app.end_unreached(:case, :entry, :at)"
    ended = tx.scalar(sql, case=case_id, entry=new_id(), at=tx.now)
    if ended:
        tx.note("case", case_id, "sight_ended", municipality_id=municipality_id, services=ended)
    partings.part_unreached(tx, case_id)
