"""Asking the family anew when the baton goes to another service or one more service joins, as the guide says."""

from uuid import UUID

from sqlmodel import col, select

from casework import guides, logs, notices
from casework.consents.asking import Question, ask_one, consenters, may_be_told, recheck
from casework.transactions import Transaction
from levels.charts import move
from levels.consents import ConsentChart, ConsentFacts
from records.cases import Case
from records.children import Guardian
from records.consents import Consent
from records.municipalities import Service

_STANDING = ("given", "limited")
_INSIDE = """
    SELECT DISTINCT service_id FROM participations
    WHERE case_id = :case AND kind = 'service' AND until IS NULL AND service_id IS NOT NULL
"""
_OF_HOLDER = "SELECT service_id FROM assignments WHERE practitioner_id = :holder AND (until IS NULL OR until >= :today)"
_COLLEAGUES = """
    SELECT EXISTS (
      SELECT 1 FROM assignments a JOIN assignments b ON b.service_id = a.service_id
      WHERE a.practitioner_id = :holder AND b.practitioner_id = :receiver
        AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
        AND b.since <= :today AND (b.until IS NULL OR b.until >= :today))
"""


def demanded(tx: Transaction, case: Case, *, receiver: UUID | None = None) -> str:
    """What the guide says of the old yes when the family must be asked anew; empty when it need not be.

    With a receiver it is about handing the baton to that person, else about one more service that joins.
    """
    rule = guides.of(tx, case.guide_id).consent_anew
    if receiver is None:
        return rule.until_answered if rule.joining else ""
    if rule.handover == "never" or (rule.handover == "other_service" and _same_service(tx, case, receiver)):
        return ""
    return rule.until_answered


def _same_service(tx: Transaction, case: Case, receiver: UUID) -> bool:
    values = {"holder": case.holder_id, "receiver": receiver, "today": tx.today}
    return bool(tx.scalar(_COLLEAGUES, **values))


def about(tx: Transaction, case_id: UUID) -> list[UUID | None]:
    """What the family is asked about anew: the log, and every service that sees the case now."""
    return [None, *(row[0] for row in tx.ask(_INSIDE, {"case": case_id}))]


def named(tx: Transaction, case_id: UUID, *, joining: bool) -> list[str]:
    """The same by name for whoever is about to act, an empty name for the log; nothing where the guide asks nothing."""
    rule = guides.of(tx, tx.get(Case, case_id).guide_id).consent_anew
    if not (rule.joining if joining else rule.handover != "never"):
        return []
    known = dict(tx.rows(select(Service.id, Service.name)))
    return [known.get(one, "") if one else "" for one in about(tx, case_id)]


def may_go_on(tx: Transaction, case: Case) -> bool:
    """Whether nothing that was asked anew still waits for somebody whose answer counts."""
    rule = guides.of(tx, case.guide_id).consent_anew
    if rule.until_answered != "waits" or not rule.asked:
        return True
    tx.session.flush()
    return not tx.scalar("SELECT app.asked_anew(:case)", case=case.id)


def ask_before(tx: Transaction, case: Case, *, receiver: UUID | None = None) -> None:
    """Ask anew before the act, where the guide lets it wait for the answer."""
    if demanded(tx, case, receiver=receiver) == "waits":
        _ask_anew(tx, case, ends=False)


def ask_after(tx: Transaction, case: Case, rule: str, *, joined: UUID | None = None) -> None:
    """Ask anew as the act is done: the old yes goes on meanwhile, or ends with the services' sight.

    The service that has just joined, and the one whose baton it now is, keep the yes that has just let them in.
    """
    if rule in ("goes_on", "ends"):
        held = {row[0] for row in tx.ask(_OF_HOLDER, {"holder": case.holder_id, "today": tx.today})}
        _ask_anew(tx, case, ends=rule == "ends", but=frozenset({joined, *held}) - {None})


def ask_as_joined(tx: Transaction, case_id: UUID, service_id: UUID) -> None:
    """The same when a service has joined: carried out by the house, whoever of the service it was that answered."""
    with tx.as_house():
        case = tx.lock(Case, case_id)
        ask_after(tx, case, demanded(tx, case), joined=service_id)


def _ask_anew(tx: Transaction, case: Case, *, ends: bool, but: frozenset[UUID | None] = frozenset()) -> None:
    people = consenters(tx, case.id)
    asked = [
        ask_one(tx, case, Question(service, "work_together"), person)
        for service in about(tx, case.id)
        if service not in but
        for person in people
    ]
    tx.session.flush()
    rows = [tx.get(Consent, one) for one in asked]
    standing = [row for row in rows if row.state in _STANDING]
    for row in standing:
        row.version += 1
        if ends:
            row.state = move(ConsentChart, row.state, "ask_anew", ConsentFacts()).after
            row.asked_at = tx.now
        else:
            row.asked_anew_at = tx.now
    tx.session.flush()
    if ends:
        recheck(tx, case.id, case.municipality_id)
    if rows:
        _tell(tx, case, people, rows)


def _tell(tx: Transaction, case: Case, people: list[UUID | None], rows: list[Consent]) -> None:
    known = select(Guardian.id, Guardian.kept_out).where(col(Guardian.id).in_([one for one in people if one]))
    for guardian_id, out in tx.rows(known.where(Guardian.email != "", col(Guardian.member_id).is_not(None))):
        if not may_be_told(out):
            continue
        notices.write(
            tx,
            "consent_asked",
            municipality_id=case.municipality_id,
            subject=("case", case.id),
            guardian_id=guardian_id,
            case_id=case.id,
        )
    services = len({row.service_id for row in rows})
    logs.tell(tx, case, "consent", "consent_asked", services=services, people=len(people))
    logs.touch(tx, case)
    ids = [row.id for row in rows]
    tx.note("case", case.id, "ask_consent_anew", municipality_id=case.municipality_id, consents=ids)
