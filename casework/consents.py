"""Consents: asked per service and person, answered on paper or by word of mouth, taken back at any time."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework import consequences, logs, notices, relations
from casework.access import Permission
from casework.consequences import Scene
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.charts import move
from levels.consents import ConsentChart, ConsentFacts
from records.base import new_id
from records.cases import Case
from records.children import Guardian
from records.consents import CHANNELS, Consent
from records.municipalities import Service

USUAL_TERM = timedelta(days=182)
WARNED_BEFORE = (timedelta(days=30), timedelta(days=7))
EVENTS = {"yes": "give", "limited": "limit", "no": "decline", "withdrawn": "withdraw"}


@dataclass(frozen=True, slots=True)
class ConsentSummary:
    """One person's answer about one service. `guardian_id` None is the child's own; `entitled`, whether it counts."""

    id: UUID
    service_id: UUID | None
    service_name: str
    guardian_id: UUID | None
    person: str
    relation: str
    purpose: str
    shared: str
    not_shared: str
    state: str
    limits: str
    channel: str | None
    answered_at: datetime | None
    expires_on: date | None
    entitled: bool
    version: int


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of everybody who must answer, about one service or about the log itself."""

    service_id: UUID | None
    purpose: str
    shared: str = ""
    not_shared: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered, how, and to whom."""

    answer: str
    channel: str
    limits: str = ""
    witness: str = ""
    answered_on: date | None = None
    version: int | None = None
    key: str | None = field(default=None, compare=False)


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
    asked = [_ask_one(tx, case, q, person) for q in questions for person in people]
    write_to(tx, case, people)
    logs.tell(tx, case, "consent", "consent_asked", services=len(questions), people=len(people))
    logs.touch(tx, case)
    tx.note("case", case.id, "ask_consent", municipality_id=case.municipality_id, consents=asked)
    tx.result(case_id=case.id)
    return asked


def write_to(tx: Transaction, case: Case, people: list[UUID | None]) -> None:
    """A letter without names to whoever can answer by the family's own door."""
    known = select(Guardian.id).where(col(Guardian.id).in_([one for one in people if one]))
    known = known.where(Guardian.email != "", col(Guardian.kept_out).is_(False))
    known = known.where(col(Guardian.member_id).is_not(None) | col(Guardian.identity_index).is_not(None))
    for guardian_id in tx.rows(known):
        notices.write(
            tx,
            "consent_asked",
            municipality_id=case.municipality_id,
            subject=("case", case.id),
            guardian_id=guardian_id,
            case_id=case.id,
        )


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


def _ask_one(tx: Transaction, case: Case, question: Question, person: UUID | None) -> UUID:
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


def record(tx: Transaction, consent_id: UUID, answer: Answer) -> UUID:
    """Write down an answer given on paper or by word of mouth, or that a consent is taken back.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused with what is missing. A withdrawal ends the
    service's sight of the case in the same transaction; what they have in their own files is theirs to keep.
    """
    tx.once(answer.key, "record_consent", consent=consent_id, answer=answer.answer)
    seen = tx.get(Consent, consent_id)
    case = tx.lock(Case, seen.case_id)
    row = tx.lock(Consent, consent_id)
    tx.require(Permission.KEEP_CONSENTS, relations.to_case(tx, case))
    _check_answer(tx, answer)
    if answer.version is not None and answer.version != row.version:
        raise Stale(row.version)
    _settle(tx, case, row, answer, received_by=tx.actor.id)
    tx.result(consent_id=row.id, case_id=case.id)
    return row.id


def answer_oneself(tx: Transaction, consent_id: UUID, answer: Answer) -> UUID:
    """Answer one's own question, or take one's own consent back, by the family's own door.

    What follows is the same as when it is recorded by staff, in the same transaction; `received_by` stays empty,
    because nobody stood between. Raises NotFound for anybody else's question, Invalid, Stale or Refused.
    """
    tx.get(Consent, consent_id)
    answer = replace(answer, channel="portal", answered_on=None)
    _check_answer(tx, answer)
    with tx.as_house():
        case = tx.lock(Case, tx.get(Consent, consent_id).case_id)
        row = tx.lock(Consent, consent_id)
        if answer.version is not None and answer.version != row.version:
            raise Stale(row.version)
        _settle(tx, case, row, answer, received_by=None)
    return consent_id


def renew_oneself(tx: Transaction, consent_id: UUID, *, version: int | None = None) -> UUID:
    """Let one's own consent, and its limits, last a usual term more, in its last month; answers the case.

    Raises NotFound for anybody else's, Stale, or Refused when it does not count, or is not about to run out.
    """
    tx.get(Consent, consent_id)
    with tx.as_house():
        case = tx.lock(Case, tx.get(Consent, consent_id).case_id)
        row = tx.lock(Consent, consent_id)
        if version is not None and version != row.version:
            raise Stale(row.version)
        facts = replace(_facts(tx, case, row, Answer("yes", "portal")), last_month=ends_soon(row, tx.today))
        row.state = move(ConsentChart, row.state, "renew", facts).after
        row.expires_on, row.answered_at, row.channel = tx.today + USUAL_TERM, tx.now, "portal"
        row.version += 1
        logs.tell(tx, case, "consent", "consent_renewed", consent=row.id)
        logs.touch(tx, case)
        tx.note("case", case.id, "renew_consent", municipality_id=case.municipality_id, consent=row.id)
        return case.id


def ends_soon(row: Consent, today: date) -> bool:
    """Whether a consent is in its last month."""
    return row.expires_on is not None and row.expires_on - today <= WARNED_BEFORE[0]


def _settle(tx: Transaction, case: Case, row: Consent, answer: Answer, *, received_by: UUID | None) -> None:
    moved = move(ConsentChart, row.state, EVENTS[answer.answer], _facts(tx, case, row, answer))
    row.state, row.version, row.answered_at = moved.after, row.version + 1, tx.now
    row.channel, row.witness, row.limits = answer.channel, answer.witness.strip(), answer.limits.strip()
    row.received_by_id = received_by
    _carry_on(tx, case, row, moved.consequences, answer)


def take_down(
    tx: Transaction,
    case: Case,
    *,
    service_id: UUID | None,
    guardian_id: UUID | None,
    purpose: str,
    answer: Answer,
) -> None:
    """Ask and answer in one, while a case is being opened; raises Invalid or Refused."""
    _check_answer(tx, answer)
    if answer.answer not in ("yes", "no"):
        raise Invalid({"agreed": "choose_one"})
    question = Question(service_id, purpose)
    row_id = _ask_one(tx, case, question, guardian_id)
    tx.session.flush()
    row = tx.get(Consent, row_id)
    _settle(tx, case, row, answer, received_by=tx.actor.id)


def _check_answer(tx: Transaction, answer: Answer) -> None:
    errors = {}
    if answer.answer not in EVENTS:
        errors["answer"] = "choose_one"
    if answer.channel not in CHANNELS:
        errors["channel"] = "choose_one"
    if answer.answer == "limited" and not answer.limits.strip():
        errors["limits"] = "write_something"
    if answer.answered_on and answer.answered_on > tx.today:
        errors["answered_on"] = "not_in_the_future"
    if errors:
        raise Invalid(errors)


def _facts(tx: Transaction, case: Case, row: Consent, answer: Answer) -> ConsentFacts:
    return ConsentFacts(
        purpose_told=bool(row.purpose),
        consenter_entitled=row.guardian_id in consenters(tx, case.id),
        answer_received_by=True,
        limits_written=bool(answer.limits.strip()),
    )


def _carry_on(tx: Transaction, case: Case, row: Consent, wanted: tuple, answer: Answer) -> None:  # type: ignore[type-arg]
    if row.state in ("given", "limited") and (row.expires_on is None or row.expires_on < tx.today):
        row.expires_on = tx.today + USUAL_TERM
    tx.session.flush()
    scene = Scene(
        municipality_id=case.municipality_id,
        subject=("case", case.id) if row.service_id is None else ("consent", row.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=case.holder_id,
        service_id=row.service_id,
        people={"holder": (case.holder_id,)},
    )
    still = row.state in ("given", "limited") and relations.consent_reaches(tx, case.id, row.service_id)
    consequences.carry_out(tx, scene, () if still else wanted)
    _open_log(tx, case)
    logs.tell(tx, case, "consent", f"consent_{row.state}", consent=row.id)
    logs.touch(tx, case)
    tx.note(
        "case",
        case.id,
        "record_consent",
        municipality_id=case.municipality_id,
        consent=row.id,
        state=row.state,
        channel=answer.channel,
    )


def _open_log(tx: Transaction, case: Case) -> None:
    """The shared log begins the moment everybody has said yes to it, and stands still when somebody has not."""
    agreed = relations.consent_reaches(tx, case.id, None)
    if agreed and case.log_opened_at is None:
        case.log_opened_at, case.shared_log = tx.now, True
    refused = tx.rows(
        select(Consent.id).where(
            Consent.case_id == case.id,
            col(Consent.service_id).is_(None),
            col(Consent.state).in_(("declined", "withdrawn")),
        )
    )
    case.shared_log = not refused


def hold(tx: Transaction, child_id: UUID) -> UUID | None:
    """The child's open case, held until the act is over, also when the actor may not know of it; None without one."""
    found: UUID | None = tx.scalar("SELECT app.hold_open_case(:child)", child=child_id)
    return found


def recheck(tx: Transaction, case_id: UUID, municipality_id: UUID) -> None:
    """Those who must answer are others than before: services that consent does not reach any more lose sight.

    The case's log says so. Nobody gets sight back by this, whatever the answers: they are invited anew.
    """
    tx.session.flush()
    sql = "SELECT app.end_unreached(:case, :entry, :at)"
    ended = tx.scalar(sql, case=case_id, entry=new_id(), at=tx.now)
    if ended:
        tx.note("case", case_id, "sight_ended", municipality_id=municipality_id, services=ended)


def settled(tx: Transaction, case_id: UUID) -> frozenset[UUID | None]:
    """The services that everybody who must has said yes to, and None for the log."""
    sql = "SELECT DISTINCT service_id FROM consents WHERE case_id = :case AND app.consent_reaches(:case, service_id)"
    return frozenset(tx.session.execute(text(sql), {"case": case_id}).scalars())


def of_case(tx: Transaction, case_id: UUID) -> list[ConsentSummary]:
    """Every answer in the case, person by person."""
    entitled = set(consenters(tx, case_id))
    found = tx.rows(
        select(Consent, Guardian, Service.name)
        .outerjoin(Guardian, col(Guardian.id) == col(Consent.guardian_id))
        .outerjoin(Service, col(Service.id) == col(Consent.service_id))
        .where(Consent.case_id == case_id)
        .order_by(col(Guardian.name), col(Service.name))
    )
    return [_summary(c, g, service or "", c.guardian_id in entitled) for c, g, service in found]


def _summary(c: Consent, g: Guardian | None, service_name: str, entitled: bool) -> ConsentSummary:
    return ConsentSummary(
        c.id,
        c.service_id,
        service_name,
        c.guardian_id,
        g.name if g else "",
        g.relation if g else "child",
        c.purpose,
        c.shared,
        c.not_shared,
        c.state,
        c.limits,
        c.channel,
        c.answered_at,
        c.expires_on,
        entitled,
        c.version,
    )


def one(tx: Transaction, consent_id: UUID) -> tuple[UUID, ConsentSummary]:
    """The case and the answer, for the page where it is recorded; raises NotFound or NotPermitted."""
    row = tx.get(Consent, consent_id)
    case = tx.get(Case, row.case_id)
    tx.require(Permission.KEEP_CONSENTS, relations.to_case(tx, case))
    for summary in of_case(tx, case.id):
        if summary.id == consent_id:
            return case.id, summary
    raise NotFound
